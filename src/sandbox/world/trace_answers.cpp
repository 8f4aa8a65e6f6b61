#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"

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
  Json list = Json::array();
  for (const TraceRecord* trace : traces_of(view, input))
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
  const auto count = list.size();
  return Json{{"TraceSummaries", std::move(list)},
              {"ApproximateTime", time_text(view.now)},
              {"TracesProcessedCount", count}};
}

Json segment_of(const TraceRecord& trace) {
  const double start = base::to_seconds(trace.start);
  Json segment{{"id", trace.segment},  {"name", trace.entry}, {"origin", "AWS::Lambda::Function"},
               {"trace_id", trace.id}, {"start_time", start}, {"end_time", start + trace.seconds},
               {"fault", trace.fault}};
  if (!trace.error_type.empty())
    segment["cause"] = {{"exceptions", Json::array({{{"id", trace.segment},
                                                     {"type", trace.error_type},
                                                     {"message", trace.error_message}}})}};
  Json inner = Json::array();
  for (const TraceCall& call : trace.calls) {
    Json subsegment{{"id", base::sha256_hex(trace.id + call.name).substr(0, 16)},
                    {"name", call.name},
                    {"start_time", start + call.start},
                    {"end_time", start + std::min(trace.seconds, call.start + call.seconds)},
                    {"fault", call.fault}};
    if (call.name != "wait") subsegment["namespace"] = "remote";
    inner.push_back(std::move(subsegment));
  }
  if (!inner.empty()) segment["subsegments"] = std::move(inner);
  return segment;
}

Answer batch_get_traces(const View& view, const Json& input) {
  Json traces = Json::array();
  Json unknown = Json::array();
  for (const std::string& id : wanted(input, "TraceIds")) {
    const auto found =
        std::find_if(view.history.traces.begin(), view.history.traces.end(),
                     [&](const TraceRecord& trace) { return trace.id == id && ended(view, trace); });
    if (found == view.history.traces.end()) {
      unknown.push_back(id);
      continue;
    }
    traces.push_back({{"Id", id},
                      {"Duration", found->seconds},
                      {"Segments", Json::array({{{"Id", found->segment},
                                                 {"Document", base::dump_json(segment_of(*found))}}})}});
  }
  return Json{{"Traces", std::move(traces)}, {"UnprocessedTraceIds", std::move(unknown)}};
}

Answer get_service_graph(const View& view, const Json& input) {
  struct Node {
    int id = 0, total = 0, faults = 0;
    double seconds = 0;
    std::map<std::string, int> calls;
  };
  std::map<std::string, Node> nodes;
  for (const TraceRecord* trace : traces_of(view, input)) {
    Node& node = nodes[trace->entry];
    ++node.total;
    node.faults += trace->fault ? 1 : 0;
    node.seconds += trace->seconds;
    for (const TraceCall& call : trace->calls) {
      if (call.name != "wait") ++node.calls[call.name];
    }
  }
  std::map<std::string, int> ids;
  for (auto& [name, node] : nodes) {
    node.id = static_cast<int>(ids.size());
    ids[name] = node.id;
  }
  Json services = Json::array();
  std::map<std::string, int> remotes;
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
  for (const auto& [name, id] : remotes)
    services.push_back({{"ReferenceId", id},
                        {"Name", name},
                        {"Names", Json::array({name})},
                        {"Type", "remote"},
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
