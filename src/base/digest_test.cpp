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

TEST(Digest, HmacMatchesTheStandardsVectors) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),  // RFC 4231, test case 2
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
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
