#include "src/clients/postgresql/values.h"

#include <gtest/gtest.h>

namespace midwatch::clients::postgresql {
namespace {

struct Case {
  ValueKind kind;
  const char* text;
  const char* value;  ///< empty: none
};

TEST(Values, HaveOneForm) {
  using enum ValueKind;
  for (const Case& c : {Case{kSeconds, "00:12:30.5", "750.5"},
                        Case{kSeconds, "1 day 02:00:00", "93600"},
                        Case{kSeconds, "-00:00:01.5", "-1.5"},
                        Case{kSeconds, "2 mons 3 days", "5443200"},
                        Case{kSeconds, "125:00:00", "450000"},
                        Case{kSeconds, "17.25", "17.25"},
                        Case{kSeconds, "3 hours", "10800"},
                        Case{kSeconds, "soon", ""},
                        Case{kSeconds, "5 apples", ""},
                        Case{kSeconds, "1:2:3:4", ""},
                        Case{kBytes, "16 MB", "16777216"},
                        Case{kBytes, "8192 bytes", "8192"},
                        Case{kBytes, "13 kB", "13312"},
                        Case{kBytes, "1024", "1024"},
                        Case{kBytes, "-5 GB", "-5368709120"},
                        Case{kBytes, "5 apples", ""},
                        Case{kMegabytes, "3", "3145728"},
                        Case{kMegabytes, "unknown", ""},
                        Case{kTime, "2026-01-05 02:00:00.5+00", "2026-01-05T02:00:00.500Z"},
                        Case{kTime, "2026-01-05 11:00:00+09", "2026-01-05T02:00:00Z"},
                        Case{kTime, "2026-01-05 02:00:00", "2026-01-05T02:00:00Z"},
                        Case{kTime, "infinity", ""},
                        Case{kBoolean, "t", "true"},
                        Case{kBoolean, "off", "false"},
                        Case{kBoolean, "maybe", ""},
                        Case{kPids, "{71,72}", "71,72"},
                        Case{kPids, "71", "71"},
                        Case{kPids, "{}", ""},
                        Case{kPids, "71; drop", ""},
                        Case{kLsn, "0/3000060", "50331744"},
                        Case{kLsn, "16/B374D848", "97500059720"},
                        Case{kLsn, "1/2/3", ""},
                        Case{kNumber, "NaN", ""},
                        Case{kText, " a ", "a"},
                        Case{kText, "NULL", ""}})
    EXPECT_EQ(normalized(c.kind, c.text).value_or(""), c.value) << c.text;
}

}  // namespace
}  // namespace midwatch::clients::postgresql
