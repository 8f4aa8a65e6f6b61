#include "src/base/digest.h"

#include <gtest/gtest.h>

#include "src/base/clock.h"
#include "src/base/ids.h"

namespace midwatch::base {
namespace {

TEST(Digest, MatchesTheStandardsVector) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.update("a");
  pieces.update("bc");
  EXPECT_EQ(pieces.finish_hex(), sha256_hex("abc"));
}

TEST(Ids, Uuid7CarriesItsTimeAndVersion) {
  const ManualClock clock(*parse_rfc3339("2022-02-22T19:22:22Z"));
  Uuid7Generator generator(clock);
  const std::string id = generator.next_uuid();
  EXPECT_EQ(id.substr(0, 15), "017f22e2-79b0-7");  // the time of RFC 9562's example
  EXPECT_EQ(id.size(), 36U);
  EXPECT_NE(id, generator.next_uuid());
}

}  // namespace
}  // namespace midwatch::base
