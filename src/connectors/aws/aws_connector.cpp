#include "src/connectors/aws/aws_connector.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"
#include "src/connectors/notice_gap.h"

namespace midwatch::connectors::aws {

std::string document_name(std::size_t number, const Answer& answer) {
  return fmt::format("raw/aws/{:04}-{}-{}.json", number + 1, answer.question.request.service,
                     cli_word(answer.question.request.operation));
}

std::string AwsConnector::source_name(std::uint32_t source) const {
  const auto& answers = collected_.answers;
  return source < answers.size() ? document_name(source, answers[source]) : std::string("bundle.json");
}

base::Result<ReadSummary> AwsConnector::read_inventory(const runtime::RequestContext& context,
                                                       telemetry::TelemetryBatch& out) {
  const base::Timestamp reference = scope().alarm.time.value_or(scope().window.end);
  ReadSummary summary;
  const auto& answers = collected_.answers;
  summary.queries = answers.size();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (auto wanted = context.check(); !wanted) {
      clients::aws::link_resources(out);  // what was read until now is one picture, too
      return std::move(wanted).error();
    }
    summary.looked = true;
    summary.bytes += answers[i].text.size();
    const std::size_t before = records_in(out);
    clients::aws::decode_cli_output({answers[i].text, {static_cast<std::uint32_t>(i), 0}, reference}, out);
    if (records_in(out) > before) ++summary.records;
  }
  clients::aws::link_resources(out);
  for (const auto& notice : out.notices)
    summary.gaps.push_back(gap_of_notice(source_name(notice.ref.source), notice));
  out.notices.clear();
  return summary;
}

CodeSource* AwsConnector::code() {
  const auto& answers = collected_.answers;
  const bool any =
      std::any_of(answers.begin(), answers.end(), [](const Answer& a) { return !a.code.empty(); });
  return any ? this : nullptr;
}

base::Result<ReadSummary> AwsConnector::read_code(const runtime::RequestContext& context,
                                                  std::vector<CodeFile>& out) {
  ReadSummary summary;
  std::set<std::pair<std::string_view, std::string_view>> given;
  for (const Answer& answer : collected_.answers) {
    for (const CodeFile& file : answer.code) {
      MIDWATCH_TRY_VOID(context.check());
      summary.looked = true;
      if (!given.emplace(file.entity, file.path).second) continue;  // a package that was asked for twice
      ++summary.records;
      summary.bytes += file.content.size();
      out.push_back(file);
    }
  }
  return summary;
}

}  // namespace midwatch::connectors::aws
