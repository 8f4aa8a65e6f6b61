#include "src/app/topology_discovery.h"

#include <fmt/format.h>

#include "src/app/knowledge_loading.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/aws/aws_connector.h"
#include "src/connectors/bundle/bundle_connector.h"
#include "src/connectors/notice_gap.h"
#include "src/investigation/gatherer.h"

namespace midwatch::app {
namespace {

constexpr std::size_t kNameBytes = 200;

base::Result<report::TopologyView> narrowed(report::TopologyView view, const TopologyWanted& wanted,
                                            const std::string& entity) {
  if (entity.empty()) return view;
  const auto at = view.topology.find(entity);
  if (!at) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("nothing is known of '{}'; without --entity everything is listed",
                                        base::printable(wanted.entity, kNameBytes)));
  }
  view.focus = view.topology.id(*at);
  view.topology = report::around(view.topology, *at, wanted.steps);
  return view;
}

}  // namespace

base::Result<report::TopologyView> discover_account(const TopologyWanted& wanted,
                                                    connectors::aws::SurveyOptions options,
                                                    clients::aws::api::Api& api, const base::Clock& clock) {
  options.entity = wanted.entity;
  MIDWATCH_TRY(const auto survey,
               connectors::aws::survey(runtime::RequestContext::unlimited(clock), api, options));
  topology::TopologyBuilder builder;
  for (const auto& entity : survey.batch.entities) builder.add(entity);
  for (const auto& relation : survey.batch.relations) builder.relate(relation);
  report::TopologyView view;
  view.topology = std::move(builder).build();
  for (const auto& notice : survey.batch.notices) {
    const auto& answer = survey.answers.at(notice.ref.source);
    view.gaps.push_back(
        connectors::gap_of_notice(connectors::aws::document_name(notice.ref.source, answer), notice));
  }
  if (survey.outside > 0) {
    model::Gap gap;
    gap.what = {
        fmt::format("{} resources lie outside the agent space and are not shown", survey.outside),
        fmt::format("エージェントスペースの範囲外のリソース {} 件は表示していません", survey.outside)};
    view.gaps.push_back(std::move(gap));
  }
  return narrowed(std::move(view), wanted, survey.entity);
}

base::Result<report::TopologyView> topology_of_bundle(const TopologyWanted& wanted, const std::string& bundle,
                                                      const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(const auto knowledge, load_knowledge(""));
  MIDWATCH_TRY(const auto connector, connectors::bundle::BundleConnector::open(bundle, context));
  MIDWATCH_TRY(auto gathered, investigation::gather(context, *connector, connector->scope(), knowledge, {}));
  report::TopologyView view;
  view.topology = std::move(gathered.file.topology);
  view.gaps = std::move(gathered.gaps);
  return narrowed(std::move(view), wanted, wanted.entity);
}

}  // namespace midwatch::app
