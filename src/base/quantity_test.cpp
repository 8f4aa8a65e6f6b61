#include "src/base/quantity.h"

#include <limits>

#include <gtest/gtest.h>

namespace midwatch::base {
namespace {

TEST(Quantity, KeepsThreeSignificantDigits) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(1.9), "1.9");
  EXPECT_EQ(format_number(0.02130001), "0.0213");
  EXPECT_EQ(format_number(1234567), "1234567");
  EXPECT_EQ(format_number(-12.345), "-12.3");
  EXPECT_EQ(format_number(99.97), "100");
  EXPECT_EQ(format_number(0.0000123), "1.23e-05");
  EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN()), "n/a");
}

TEST(Quantity, ScalesUnitsThatPeopleScale) {
  EXPECT_EQ(format_quantity(0.21, "s"), "210 ms");
  EXPECT_EQ(format_quantity(1900, "ms"), "1.9 s");
  EXPECT_EQ(format_quantity(214748364800.0, "By"), "200 GiB");
  EXPECT_EQ(format_quantity(97.2, "%"), "97.2%");
  EXPECT_EQ(format_quantity(3, "requests"), "3 requests");
}

}  // namespace
}  // namespace midwatch::base
