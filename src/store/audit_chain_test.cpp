#include "src/store/audit_chain.h"

#include <functional>

#include <gmock/gmock.h>

namespace midwatch::store {
namespace {

using ::testing::HasSubstr;

std::vector<AuditEntry> chain() {
  std::vector<AuditEntry> entries;
  std::string previous = audit_origin();
  for (std::uint64_t i = 1; i <= 4; ++i) {
    AuditEntry entry{i, base::Timestamp(base::Duration(i)), "who", "action", "object", "{}", ""};
    entry.hash = audit_hash(previous, entry);
    previous = entry.hash;
    entries.push_back(entry);
  }
  return entries;
}

TEST(AuditChainTest, FindsEveryChange) {
  using Entries = std::vector<AuditEntry>;
  struct Row {
    std::string name;
    std::function<void(Entries&)> change;
    std::string says;
  };
  const std::vector<Row> rows{
      {"time", [](Entries& e) { e[1].time += base::Duration(1); }, "entry 2"},
      {"who", [](Entries& e) { e[1].who = "other"; }, "entry 2"},
      {"action", [](Entries& e) { e[0].action = "other"; }, "entry 1"},
      {"object", [](Entries& e) { e[3].object = "other"; }, "entry 4"},
      {"details", [](Entries& e) { e[1].details = "{\"a\":1}"; }, "entry 2"},
      {"hash", [](Entries& e) { e[2].hash[0] = e[2].hash[0] == 'a' ? 'b' : 'a'; }, "entry 3"},
      {"a text that moved to the next field",
       [](Entries& e) {
         e[1].who = "whoa";
         e[1].action = "ction";
       },
       "entry 2"},
      {"one removed", [](Entries& e) { e.erase(e.begin() + 1); }, "lacks entry 2"},
      {"the first removed", [](Entries& e) { e.erase(e.begin()); }, "lacks entry 1"},
      {"two exchanged", [](Entries& e) { std::swap(e[1], e[2]); }, "lacks entry 2"},
      {"one removed and the rest numbered anew",
       [](Entries& e) {
         e.erase(e.begin() + 1);
         e[1].sequence = 2;
       },
       "entry 2"},
      {"one changed with a hash that fits",
       [](Entries& e) {
         e[1].who = "other";
         e[1].hash = audit_hash(e[0].hash, e[1]);
       },
       "entry 3"},
  };
  for (const auto& row : rows) {
    auto entries = chain();
    row.change(entries);
    const auto checked = check_audit(audit_origin(), 0, entries);
    ASSERT_FALSE(checked) << row.name;
    EXPECT_THAT(checked.error().message, HasSubstr(row.says)) << row.name;
  }
}

TEST(AuditChainTest, GoesOnWhereItEnded) {
  const auto entries = chain();
  const std::vector<AuditEntry> first(entries.begin(), entries.begin() + 2);
  const std::vector<AuditEntry> rest(entries.begin() + 2, entries.end());
  const auto middle = check_audit(audit_origin(), 0, first);
  ASSERT_TRUE(middle);
  EXPECT_EQ(check_audit(*middle, 2, rest), entries.back().hash);
  EXPECT_EQ(check_audit("start", 7, {}), std::string("start"));
}

}  // namespace
}  // namespace midwatch::store
