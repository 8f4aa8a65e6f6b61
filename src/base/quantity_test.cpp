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
  EXPECT_EQ(format_quantity(39.2, "MiBy"), "39.2 MiB");
  EXPECT_EQ(format_quantity(2048, "By/s"), "2 KiB/s");
  EXPECT_EQ(format_quantity(1500, "us"), "1.5 ms");
  EXPECT_EQ(format_quantity(3, "{count}"), "3 count");
  EXPECT_EQ(format_quantity(3, "requests"), "3 requests");
}

TEST(Quantity, ThousandsAreSetApartFromFiveDigitsOn) {
  EXPECT_EQ(group_digits("30000 ms"), "30,000 ms");
  EXPECT_EQ(group_digits("-1234567"), "-1,234,567");
  EXPECT_EQ(group_digits("10000.5"), "10,000.5");
  EXPECT_EQ(group_digits("9999"), "9999");
  EXPECT_EQ(group_digits("10000abc"), "10000abc");
  EXPECT_EQ(group_digits("infinity"), "infinity");
}

}  // namespace
}  // namespace midwatch::base
