#include "src/evaluate/world_score.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/evaluate/text_table.h"

namespace midwatch::evaluate {
namespace {

using base::Json;

constexpr std::size_t kNameBytes = 60;
constexpr std::size_t kTextBytes = 160;
constexpr int kDigits = 4;

/// "…:function:orders" and "ecs/cluster/orders" both end in "orders".
std::string_view last_part(std::string_view id) {
  const auto at = id.find_last_of(":/");
  return at == std::string_view::npos ? id : id.substr(at + 1);
}

bool is_one_of(std::string_view id, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return id == name || last_part(id) == name; });
}

/// The value below which the share `q` of the values lies. Shape: `values` is not empty.
template <class Value>
Value quantile(std::vector<Value> values, double q) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::min(values.size() - 1, at == 0 ? 0 : at - 1)];
}

WorldRow row_of(const std::string& name, const std::vector<const WorldRun*>& runs) {
  WorldRow row;
  row.world = name;
  row.control = runs.front()->control;
  row.runs = runs.size();
  row.least_probability = 1;
  std::vector<std::size_t> calls;
  std::vector<double> seconds;
  for (const WorldRun* run : runs) {
    row.failed += run->error.empty() ? 0U : 1U;
    row.entities_asked += run->control ? 0U : 1U;
    row.right_entity += run->right_entity ? 1U : 0U;
    row.right += run->right ? 1U : 0U;
    row.asserted_wrong += run->asserted_wrong ? 1U : 0U;
    row.decoys_blamed += run->decoy_blamed ? 1U : 0U;
    row.locations_asked += run->location_asked ? 1U : 0U;
    row.locations_named += run->location_named ? 1U : 0U;
    if (run->right && !run->control)
      row.least_probability = std::min(row.least_probability, run->probability);
    calls.push_back(run->calls);
    seconds.push_back(run->seconds);
    row.dollars_mean += run->dollars / static_cast<double>(runs.size());
  }
  row.calls_median = quantile(calls, 0.5);
  row.calls_most = quantile(calls, 1);
  row.seconds_median = quantile(seconds, 0.5);
  row.seconds_p95 = quantile(seconds, 0.95);
  return row;
}

/// True where a place is the expected one, in whatever folder it was installed, at least as exactly.
bool names_location(const std::string& named, const std::string& expected) {
  if (expected.empty()) return false;
  const std::size_t at = named.rfind(expected);
  if (at == std::string::npos || (at > 0 && named[at - 1] != '/')) return false;
  const std::size_t end = at + expected.size();
  return end == named.size() || named[end] == ':';
}

/// True where the first cause is one that is expected; where two are, both are named and in any order.
bool names_all(const std::vector<model::RootCause>& causes, const WorldExpectation& expected) {
  const auto named = [&](const std::vector<std::string>& modes) {
    return std::any_of(causes.begin(), causes.end(),
                       [&](const model::RootCause& cause) { return is_one_of(cause.mode, modes); });
  };
  const std::string& first = causes.front().mode;
  if (expected.also.empty()) return is_one_of(first, expected.modes);
  return (is_one_of(first, expected.modes) || is_one_of(first, expected.also)) && named(expected.modes) &&
         named(expected.also);
}

std::string counted(std::size_t part, std::size_t whole) {
  return whole == 0 ? "-" : fmt::format("{} of {}", part, whole);
}

Table row_table(const std::vector<WorldRow>& rows) {
  Table table{{"world", "right entity", "entity and mode", "least probability", "wrongly asserted",
               "decoys blamed", "file:line", "calls (median / most)", "seconds (median / p95)",
               "US$ an incident"}};
  for (const WorldRow& row : rows) {
    table.push_back({base::printable(row.world, kNameBytes), counted(row.right_entity, row.entities_asked),
                     counted(row.right, row.runs),
                     row.control || row.right == 0 ? "-" : fmt::format("{:.2f}", row.least_probability),
                     fmt::format("{}", row.asserted_wrong), fmt::format("{}", row.decoys_blamed),
                     counted(row.locations_named, row.locations_asked),
                     fmt::format("{} / {}", row.calls_median, row.calls_most),
                     fmt::format("{:.2f} / {:.2f}", row.seconds_median, row.seconds_p95),
                     fmt::format("{:.4f}", row.dollars_mean)});
  }
  return table;
}

Table miss_table(const std::vector<WorldRun>& runs) {
  Table table{{"world", "seed", "answered", "probability"}};
  for (const WorldRun& run : runs) {
    if (run.right && !run.decoy_blamed) continue;
    table.push_back({base::printable(run.world, kNameBytes), fmt::format("{}", run.seed),
                     base::printable(run.error.empty() ? run.answered : run.error, kTextBytes),
                     fmt::format("{:.2f}", run.probability)});
  }
  return table;
}

Json run_json(const WorldRun& run) {
  return {{"world", run.world},
          {"seed", run.seed},
          {"error", run.error},
          {"answered", run.answered},
          {"probability", base::round_significant(run.probability, kDigits)},
          {"right_entity", run.right_entity},
          {"right", run.right},
          {"asserted_wrongly", run.asserted_wrong},
          {"decoy_blamed", run.decoy_blamed},
          {"calls", run.calls},
          {"seconds", base::round_significant(run.seconds, kDigits)},
          {"dollars", base::round_significant(run.dollars, kDigits)}};
}

Json row_json(const WorldRow& row) {
  return {{"world", row.world},
          {"control", row.control},
          {"runs", row.runs},
          {"failed", row.failed},
          {"entities_asked", row.entities_asked},
          {"right_entity", row.right_entity},
          {"right", row.right},
          {"asserted_wrongly", row.asserted_wrong},
          {"decoys_blamed", row.decoys_blamed},
          {"locations_asked", row.locations_asked},
          {"locations_named", row.locations_named},
          {"calls_median", row.calls_median},
          {"calls_most", row.calls_most},
          {"seconds_median", base::round_significant(row.seconds_median, kDigits)},
          {"seconds_p95", base::round_significant(row.seconds_p95, kDigits)},
          {"dollars_mean", base::round_significant(row.dollars_mean, kDigits)}};
}

}  // namespace

WorldRun score_world(const model::InvestigationRecord& record, const WorldExpectation& expected) {
  WorldRun run;
  run.control = expected.outcome != model::Outcome::kRootCause;
  run.answered = std::string(model::to_string(record.outcome));
  const bool asserts = record.outcome == model::Outcome::kRootCause && !record.root_causes.empty();
  if (asserts) {
    const model::RootCause& first = record.root_causes.front();
    run.answered = first.mode + " at " + first.entity;
    run.probability = first.probability;
    // Some ids are the platform's own; then the name is what a world knows.
    const auto named = record.names.find(first.entity);
    const std::string name = named == record.names.end() ? std::string() : named->second.name;
    run.right_entity =
        !run.control && (is_one_of(first.entity, expected.entities) || is_one_of(name, expected.entities));
    run.right = run.right_entity && names_all(record.root_causes, expected);
    run.decoy_blamed =
        is_one_of(first.entity, expected.decoys) || is_one_of(name, expected.decoys) ||
        std::any_of(expected.decoys.begin(), expected.decoys.end(),
                    [&](const std::string& decoy) { return first.change.find(decoy) != std::string::npos; });
    run.location_named = names_location(first.location, expected.location);
  } else {
    run.right = run.control && record.outcome == expected.outcome;
  }
  run.location_asked = !expected.location.empty();
  run.asserted_wrong = asserts && !run.right;
  return run;
}

std::vector<WorldRow> world_rows(const std::vector<WorldRun>& runs) {
  std::map<std::pair<bool, std::string>, std::vector<const WorldRun*>> worlds;
  std::vector<const WorldRun*> all;
  for (const WorldRun& run : runs) {
    worlds[{run.control, run.world}].push_back(&run);
    all.push_back(&run);
  }
  std::vector<WorldRow> rows;
  for (const auto& [key, some] : worlds) rows.push_back(row_of(key.second, some));
  if (rows.size() > 1) {
    WorldRow whole = row_of("all", all);
    whole.control = false;
    rows.push_back(whole);
  }
  return rows;
}

std::string worlds_text(const std::vector<WorldRun>& runs, bool misses) {
  std::string out = aligned_table(row_table(world_rows(runs)));
  const Table missed = miss_table(runs);
  if (misses && missed.size() > 1) out += "\nNot answered right\n" + aligned_table(missed);
  return out;
}

std::string worlds_markdown(const std::vector<WorldRun>& runs, bool misses) {
  std::string out = markdown_table(row_table(world_rows(runs)));
  const Table missed = miss_table(runs);
  if (misses && missed.size() > 1) out += "\n## Not answered right\n\n" + markdown_table(missed);
  return out;
}

base::Json worlds_json(const std::vector<WorldRun>& runs) {
  Json rows = Json::array();
  for (const WorldRow& row : world_rows(runs)) rows.push_back(row_json(row));
  Json all = Json::array();
  for (const WorldRun& run : runs) all.push_back(run_json(run));
  return {{"format", "midwatch.worlds/v1"}, {"worlds", rows}, {"runs", all}};
}

}  // namespace midwatch::evaluate
