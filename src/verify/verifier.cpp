#include "src/verify/verifier.h"

#include "src/base/try.h"
#include "src/verify/claims.h"
#include "src/verify/conclusion_check.h"
#include "src/verify/evidence_check.h"
#include "src/verify/observation_check.h"
#include "src/verify/reread.h"

namespace midwatch::verify {

base::Result<Verdict> verify_report(const runtime::RequestContext& context, std::string_view report,
                                    connectors::Connector& source, const telemetry::IncidentScope& scope,
                                    const knowledge::KnowledgeBase& knowledge) {
  MIDWATCH_TRY(const Claims claims, read_claims(report));
  MIDWATCH_TRY(const Reread records, reread(context, source, scope, claims));
  Verdict verdict;
  verdict.records = records.records_read;
  for (const auto& [id, evidence] : claims.evidence) {
    ++verdict.claims;
    if (auto wrong = wrong_with(evidence, records)) {
      verdict.failure = Failure{"evidence " + id, *std::move(wrong)};
      return verdict;
    }
  }
  for (const auto& observation : claims.observations) {
    ++verdict.claims;
    if (auto wrong = wrong_with(observation, claims, records, knowledge)) {
      verdict.failure = Failure{"observation " + observation.observation.id, *std::move(wrong)};
      return verdict;
    }
  }
  verdict.failure = check_conclusions(claims, records, knowledge, verdict.claims);
  return verdict;
}

}  // namespace midwatch::verify
