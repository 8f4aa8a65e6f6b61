#include "src/verify/grounds.h"

#include <gtest/gtest.h>

namespace midwatch::verify {
namespace {

/// Whether a value stands in a record with this text.
bool holds(const std::string& text, const char* value) {
  Claims claims;
  model::Evidence evidence;
  evidence.id = "ev-1";
  evidence.excerpt = text;
  claims.evidence.emplace(evidence.id, evidence);
  ClaimedObservation observation;
  observation.observation.id = "o1";
  observation.evidence = {evidence.id};
  const Reread reread;
  Grounds grounds(claims, reread);
  grounds.add(observation);
  return grounds.hold(value);
}

TEST(Grounds, HoldWhatStandsInTheRecordPartByPart) {
  EXPECT_TRUE(holds("GET /orders 500 after 30s", "GET /orders<*>after 30s"));
  EXPECT_FALSE(holds("GET /orders 500 after 30s", "GET /orders<*>after 60s"));
}

TEST(Grounds, APlaceInADiffNeedsAHunkThatCoversItsLine) {
  const std::string diff =
      "+++ b/infra/claims.tf\\n@@ -121,5 +121,7 @@ module\\n-  sse = 1\\n+  sse = 2\\n@@ -300 +302 @@\\n";
  EXPECT_TRUE(holds(diff, "infra/claims.tf:123"));
  EXPECT_TRUE(holds(diff, "infra/claims.tf:127"));
  EXPECT_TRUE(holds(diff, "infra/claims.tf:302"));
  for (const char* beyond :
       {"infra/claims.tf:128", "infra/claims.tf:303", "infra/claims.tf:99999999999", "infra/other.tf:123"})
    EXPECT_FALSE(holds(diff, beyond)) << beyond;
}

}  // namespace
}  // namespace midwatch::verify
