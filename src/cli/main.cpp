#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/connectors/bundle/bundle_connector.h"
#include "src/investigation/investigator.h"
#include "src/knowledge/embedded_knowledge.h"
#include "src/knowledge/knowledge_base.h"

int main(int argc, char** argv) {
  using namespace midwatch;
  if (argc < 3) return 2;
  const base::SystemClock clock;
  const auto knowledge = knowledge::embedded_knowledge();
  auto bundle = connectors::bundle::BundleConnector::open(argv[2]);
  if (!bundle) {
    fmt::print(stderr, "{}\n", bundle.error().describe());
    return 1;
  }
  const auto start = clock.steady_now();
  const auto record = investigation::investigate(runtime::RequestContext::unlimited(clock), **bundle,
                                                 (*bundle)->scope(), *knowledge, {});
  base::Json out = {{"format", "midwatch.report/v1"}, {"outcome", to_string(record->outcome)}};
  out["duration_ms"] = std::chrono::duration<double, std::milli>(clock.steady_now() - start).count();
  for (const auto& h : record->hypotheses) {
    base::Json j = {{"rank", h.rank},
                    {"entity", h.entity},
                    {"mode", h.mode},
                    {"kind", h.kind},
                    {"probability", h.probability}};
    for (const auto& e : h.supporting)
      j["for"].push_back({{"observation", e.observation}, {"weight", e.weight}});
    for (const auto& e : h.opposing)
      j["against"].push_back({{"observation", e.observation}, {"weight", e.weight}});
    for (const auto& e : h.missing) j["missing"].push_back({{"sign", e.sign}, {"weight", e.weight}});
    out["hypotheses"].push_back(j);
  }
  for (const auto& o : record->observations)
    out["observations"].push_back({{"id", o.observation.id},
                                   {"entity", o.observation.entity},
                                   {"type", o.observation.type},
                                   {"subject", o.observation.subject},
                                   {"strength", o.observation.strength}});
  fmt::print("{}\n", base::dump_json(out));
}
