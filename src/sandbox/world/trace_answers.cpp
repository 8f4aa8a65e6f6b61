#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/trace_documents.h"
#include "src/sandbox/world/trace_filter.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

bool ended(const View& view, const TraceRecord& trace) {
  return trace.start + base::duration_from_seconds(trace.seconds) <= view.now;
}

std::vector<const TraceRecord*> traces_of(const View& view, const Json& input) {
  const auto from = time_or(input, "StartTime", view.now - std::chrono::hours(1));
  const auto until = time_or(input, "EndTime", view.now);
  std::vector<const TraceRecord*> traces;
  for (const TraceRecord& trace : view.history.traces) {
    if (from <= trace.start && trace.start < until && ended(view, trace)) traces.push_back(&trace);
  }
  return traces;
}

Answer get_trace_summaries(const View& view, const Json& input) {
  const auto filter = TraceFilter::read(text_at(input, "FilterExpression"));
  if (!filter) return refuse("InvalidRequestException", "Invalid filter expression");
  Json list = Json::array();
  const auto traces = traces_of(view, input);
  for (const TraceRecord* trace : traces) {
    if (!filter->matches(*trace)) continue;
    list.push_back({{"Id", trace->id},
                    {"StartTime", time_text(trace->start)},
                    {"Duration", trace->seconds},
                    {"ResponseTime", trace->seconds},
                    {"HasFault", trace->fault},
                    {"HasError", false},
                    {"HasThrottle", false},
                    {"Http", {{"HttpStatus", trace->fault ? 502 : 200}, {"HttpMethod", "POST"}}},
                    {"Annotations", Json::object()},
                    {"ServiceIds", Json::array({{{"Name", trace->entry},
                                                 {"Names", Json::array({trace->entry})},
                                                 {"AccountId", view.world.account},
                                                 {"Type", "AWS::Lambda::Function"}}})}});
  }
  return Json{{"TraceSummaries", std::move(list)},
              {"ApproximateTime", time_text(view.now)},
              {"TracesProcessedCount", traces.size()}};
}

Answer batch_get_traces(const View& view, const Json& input) {
  Json traces = Json::array();
  Json unknown = Json::array();
  for (const std::string& id : wanted(input, "TraceIds")) {
    const auto found =
        std::find_if(view.history.traces.begin(), view.history.traces.end(),
                     [&](const TraceRecord& trace) { return trace.id == id && ended(view, trace); });
    // With Transaction Search, segments are lines of a log group.
    if (found == view.history.traces.end() || view.world.transaction_search) {
      unknown.push_back(id);
      continue;
    }
    traces.push_back(
        {{"Id", id},
         {"Duration", found->seconds},
         {"Segments", Json::array({{{"Id", found->segment},
                                    {"Document", base::dump_json(segment_document(view.world, *found))}}})}});
  }
  return Json{{"Traces", std::move(traces)}, {"UnprocessedTraceIds", std::move(unknown)}};
}

Answer get_service_graph(const View& view, const Json& input) {
  struct Node {
    int id = 0, total = 0, faults = 0;
    double seconds = 0;
    std::map<std::pair<std::string, std::string>, int> calls;  ///< by type and name
  };
  std::map<std::string, Node> nodes;
  for (const TraceRecord* trace : traces_of(view, input)) {
    Node& node = nodes[trace->entry];
    ++node.total;
    node.faults += trace->fault ? 1 : 0;
    node.seconds += trace->seconds;
    for (const TraceCall& call : trace->calls) {
      if (call.kind == CallKind::kWait) continue;
      const CalledNode called = node_called(view.world, call);
      ++node.calls[{called.type, called.name}];
    }
  }
  std::map<std::string, int> ids;
  for (auto& [name, node] : nodes) {
    node.id = static_cast<int>(ids.size());
    ids[name] = node.id;
  }
  Json services = Json::array();
  std::map<std::pair<std::string, std::string>, int> remotes;
  for (const auto& [name, node] : nodes) {
    Json edges = Json::array();
    for (const auto& [called, count] : node.calls) {
      const auto id = static_cast<int>(ids.size() + remotes.size());
      const auto [remote, first] = remotes.try_emplace(called, id);
      edges.push_back({{"ReferenceId", remote->second}, {"SummaryStatistics", {{"TotalCount", count}}}});
    }
    services.push_back({{"ReferenceId", node.id},
                        {"Name", name},
                        {"Names", Json::array({name})},
                        {"Root", true},
                        {"Type", "AWS::Lambda::Function"},
                        {"State", "active"},
                        {"Edges", std::move(edges)},
                        {"SummaryStatistics",
                         {{"OkCount", node.total - node.faults},
                          {"ErrorStatistics", {{"ThrottleCount", 0}, {"OtherCount", 0}, {"TotalCount", 0}}},
                          {"FaultStatistics", {{"OtherCount", node.faults}, {"TotalCount", node.faults}}},
                          {"TotalCount", node.total},
                          {"TotalResponseTime", node.seconds}}}});
  }
  for (const auto& [called, id] : remotes)
    services.push_back({{"ReferenceId", id},
                        {"Name", called.second},
                        {"Names", Json::array({called.second})},
                        {"Type", called.first},
                        {"Edges", Json::array()}});
  return Json{{"StartTime", text_at(input, "StartTime")},
              {"EndTime", text_at(input, "EndTime")},
              {"ContainsOldGroupVersions", false},
              {"Services", std::move(services)}};
}

}  // namespace

std::vector<Operation> trace_operations() {
  return {{"xray", "GetTraceSummaries", get_trace_summaries},
          {"xray", "BatchGetTraces", batch_get_traces},
          {"xray", "GetServiceGraph", get_service_graph}};
}

}  // namespace midwatch::sandbox::world
