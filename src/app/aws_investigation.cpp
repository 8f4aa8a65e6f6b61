#include "src/app/aws_investigation.h"

#include <algorithm>
#include <thread>

#include "src/base/ids.h"
#include "src/base/try.h"
#include "src/connectors/aws/aws_connector.h"
#include "src/connectors/aws/recording.h"

namespace midwatch::app {

base::Result<model::InvestigationRecord> investigate_aws(const AwsInvestigation& what,
                                                         clients::aws::api::Api& api,
                                                         const knowledge::KnowledgeBase& knowledge,
                                                         const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(auto collected, connectors::aws::collect(context, api, what.wanted, what.options));
  connectors::aws::AwsConnector connector(std::move(collected));
  if (!what.record_folder.empty())
    MIDWATCH_TRY_VOID(connectors::aws::write_recording(connector, what.record_folder));
  investigation::InvestigationOptions options;
  options.threads = what.threads > 0 ? what.threads : std::max(1U, std::thread::hardware_concurrency());
  options.on_progress = what.on_progress;
  MIDWATCH_TRY(auto record,
               investigation::investigate(context, connector, connector.scope(), knowledge, options));
  base::Uuid7Generator ids(clock);
  record.id = ids.next_uuid();
  return record;
}

}  // namespace midwatch::app
