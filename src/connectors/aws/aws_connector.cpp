#include "src/connectors/aws/aws_connector.h"

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"
#include "src/connectors/notice_gap.h"

namespace midwatch::connectors::aws {
namespace {

/// All there is came with the inventory; nobody looked elsewhere.
base::Result<ReadSummary> nothing_more(const runtime::RequestContext& context) {
  MIDWATCH_TRY_VOID(context.check());
  return ReadSummary{};
}

}  // namespace

std::string document_name(std::size_t number, const Answer& answer) {
  return fmt::format("raw/aws/{:04}-{}-{}.json", number + 1, answer.question.request.service,
                     cli_word(answer.question.request.operation));
}

std::string AwsConnector::source_name(std::uint32_t source) const {
  const auto& answers = collected_.answers;
  return source < answers.size() ? document_name(source, answers[source]) : std::string("bundle.json");
}

base::Result<ReadSummary> AwsConnector::read_metrics(const runtime::RequestContext& context,
                                                     Episode /*episode*/,
                                                     std::vector<telemetry::MetricSeries>& /*out*/) {
  return nothing_more(context);
}

base::Result<ReadSummary> AwsConnector::read_logs(const runtime::RequestContext& context, Episode /*episode*/,
                                                  const LogVisitor& /*visit*/) {
  return nothing_more(context);
}

base::Result<ReadSummary> AwsConnector::read_spans(const runtime::RequestContext& context,
                                                   Episode /*episode*/, const SpanVisitor& /*visit*/) {
  return nothing_more(context);
}

base::Result<ReadSummary> AwsConnector::read_inventory(const runtime::RequestContext& context,
                                                       telemetry::TelemetryBatch& out) {
  const base::Timestamp reference = scope().alarm.time.value_or(scope().window.end);
  ReadSummary summary;
  const auto& answers = collected_.answers;
  summary.queries = answers.size();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    MIDWATCH_TRY_VOID(context.check());
    summary.looked = true;
    summary.bytes += answers[i].text.size();
    ++summary.records;
    clients::aws::decode_cli_output({answers[i].text, {static_cast<std::uint32_t>(i), 0}, reference}, out);
  }
  clients::aws::link_resources(out);
  for (const auto& notice : out.notices)
    summary.gaps.push_back(gap_of_notice(source_name(notice.ref.source), notice));
  out.notices.clear();
  return summary;
}

}  // namespace midwatch::connectors::aws
