#include "src/app/aws_investigation.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/connectors/aws/aws_connector.h"
#include "src/connectors/aws/recording.h"

namespace midwatch::app {
namespace {

/// More than any other question tells: what a person points at is asked first, also where little is expected
/// of it.
constexpr double kPointedAtBits = 8;

/// What people want to be looked at.
void point_at(const std::vector<model::Directive>& directives, std::vector<connectors::aws::Leaning>& out) {
  using model::SteeringAction;
  for (const model::Directive& directive : directives) {
    const bool code = directive.action == SteeringAction::kReadCode;
    if (!code && directive.action != SteeringAction::kOtherCauses) continue;
    for (const model::Target& target : directive.targets) {
      if (code) {
        out.push_back({target.entity, "code", kPointedAtBits});
        continue;
      }
      for (const char* signal : {"logs", "changes", "events", "configuration"})
        out.push_back({target.entity, signal, kPointedAtBits});
    }
  }
}

/// The questions that would tell the hypotheses apart that lead by what is known so far.
std::vector<connectors::aws::Leaning> leanings(const AwsInvestigation& what,
                                               connectors::aws::Collected so_far,
                                               const knowledge::KnowledgeBase& knowledge,
                                               const runtime::RequestContext& context) {
  std::vector<connectors::aws::Leaning> out;
  point_at(what.directives, out);
  connectors::aws::AwsConnector connector(std::move(so_far));
  investigation::InvestigationOptions options;
  options.directives = what.directives;
  const auto record = investigation::investigate(context, connector, connector.scope(), knowledge, options);
  if (!record) return out;
  if (what.on_weighed) what.on_weighed(*record);
  for (const auto& question : record->next_questions)
    out.push_back({question.entity, question.signal, question.bits});
  return out;
}

}  // namespace

base::Result<model::InvestigationRecord> investigate_aws(const AwsInvestigation& what,
                                                         clients::aws::api::Api& api,
                                                         const knowledge::KnowledgeBase& knowledge,
                                                         const base::Clock& clock) {
  const runtime::RequestContext context(clock, std::nullopt, what.stop);
  connectors::aws::CollectorOptions asking = what.options;
  asking.weigh = [&](connectors::aws::Collected so_far) {
    return leanings(what, std::move(so_far), knowledge, context);
  };
  MIDWATCH_TRY(auto collected, connectors::aws::collect(context, api, what.wanted, asking));
  connectors::aws::AwsConnector connector(std::move(collected));
  if (!what.record_folder.empty())
    MIDWATCH_TRY_VOID(connectors::aws::write_recording(connector, what.record_folder));
  investigation::InvestigationOptions options;
  options.threads = what.threads > 0 ? what.threads : std::max(1U, std::thread::hardware_concurrency());
  options.on_progress = what.on_progress;
  options.directives = what.directives;
  MIDWATCH_TRY(auto record,
               investigation::investigate(context, connector, connector.scope(), knowledge, options));
  base::Uuid7Generator ids(clock);
  record.id = ids.next_uuid();
  return record;
}

}  // namespace midwatch::app
