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

TEST(Grounds, ALineDoesNotHoldBecauseItsDigitsStandSomewhere) {
  EXPECT_FALSE(holds("+++ b/a.tf\\n@@ -121,5 +121,7 @@ took 42 ms", "a.tf:42"));
  EXPECT_FALSE(holds("+++ b/a.tf\\n@@ -10 +10 @@\\n+++ b/b.tf\\n@@ -40,9 +40,9 @@", "a.tf:42"));
  for (const char* traced :
       {"File \"db.py\", line 42, in run", "at Run() in db.py:line 42", "db.py(42): refused", "db.py:42:7"})
    EXPECT_TRUE(holds(traced, "db.py:42")) << traced;
  EXPECT_FALSE(holds("File \"db.py\", line 420", "db.py:42"));
}

}  // namespace
}  // namespace midwatch::verify
