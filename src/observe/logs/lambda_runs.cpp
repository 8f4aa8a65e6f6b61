#include "src/observe/logs/lambda_runs.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <xxhash.h>

#include "src/base/utf8.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::logs {
namespace {

using lines::LambdaLine;
using model::Observation;

/// Durations are kept of so many runs.
constexpr std::size_t kMostRuns = 4096;
/// Of the limit: from here on the platform's own overhead decides whether the run is killed.
constexpr double kNearLimit = 0.95;
/// Fewer runs than this give no ordinary duration.
constexpr std::size_t kLeastRuns = 5;
/// A median that grew by less is no slowness.
constexpr double kLeastFactor = 1.5;
constexpr std::size_t kNameBytes = 100;
/// What the platform allows. Source: AWS Lambda developer guide, "Lambda quotas".
constexpr double kLongestTimeout = 900;
constexpr double kMostMemory = 10240;
/// A run that used all it had would have used more: how much is not known, so the next size is twice as much.
constexpr double kNextSize = 2;
constexpr double kMegabyte = 1024.0 * 1024;  ///< of Lambda
/// Initialising matters where it takes this long, longer than the work does, and this share of the runs waits
/// for it. Source: AWS Lambda developer guide, "Understanding the Lambda execution environment lifecycle":
/// typically under 1 % of invocations, from under 100 ms to over 1 s.
constexpr double kLongStart = 1000;
constexpr double kManyStarts = 0.03;
/// Fewer runs than this are apart from others by chance.
constexpr std::size_t kLeastApart = 3;
/// Where as many runs waited as long before, it is not the incident.
constexpr double kOrdinaryStrength = 0.4;

double median(const std::vector<float>& values) {
  std::vector<double> copy(values.begin(), values.end());
  return series::median_of(copy);
}

/// The share of the runs that an observation is about decides how sure it is that it matters; once is enough
/// to be told.
double strength_of(std::uint64_t count, std::uint64_t runs) {
  const double share = runs > 0 ? std::min(1.0, static_cast<double>(count) / static_cast<double>(runs)) : 1.0;
  return 0.6 + 0.4 * std::sqrt(share);
}

}  // namespace

std::uint64_t LambdaRuns::run_hash(std::string_view id) {
  return XXH3_64bits(id.data(), id.size());
}

void LambdaRuns::note(Seen& seen, const telemetry::LogRecord& record, const LambdaLine& line, double value) {
  if (seen.count++ == 0 || value > seen.value) {
    seen.evidence = model::record_evidence(record, source_name_);
    seen.value = std::max(seen.value, value);
  }
  if (seen.error_type.empty()) seen.error_type = line.error_type;
  if (record.time && (!seen.first || *record.time < *seen.first)) seen.first = record.time;
}

void LambdaRuns::add_run(Function& f, const telemetry::LogRecord& record, const LambdaLine& line,
                         bool baseline) {
  auto& durations = baseline ? f.baseline_durations : f.durations;
  ++(baseline ? f.baseline_runs : f.runs);
  if (line.duration_ms && durations.size() < kMostRuns)
    durations.push_back(static_cast<float>(*line.duration_ms));
  if (line.memory_mb) f.limit_mb = *line.memory_mb;
  if (record.time && line.duration_ms && f.timed.size() < kMostRuns)
    f.timed.push_back(
        {*record.time, static_cast<float>(*line.duration_ms), static_cast<float>(line.init_ms.value_or(0))});
  if (baseline) {
    f.baseline_starts += line.init_ms ? 1 : 0;
    f.baseline_most_used_mb = std::max(f.baseline_most_used_mb, line.used_mb.value_or(0));
    return;
  }
  if (line.init_ms) {
    ++f.starts;
    f.slowest_start_ms = std::max(f.slowest_start_ms, *line.init_ms);
    note(f.slowest_start, record, line, *line.init_ms);
  }
  if (line.duration_ms && *line.duration_ms > f.slowest.value)
    note(f.slowest, record, line, *line.duration_ms);
  if (!line.used_mb || !line.memory_mb) return;
  f.most_used_mb = std::max(f.most_used_mb, *line.used_mb);
  if (*line.used_mb >= kNearLimit * *line.memory_mb) {
    ++f.near_limit;
    if (f.full.count == 0 || *line.used_mb > f.full.value) note(f.full, record, line, *line.used_mb);
  }
}

void LambdaRuns::note_full(Function& f, const LambdaLine& line) {
  if (!line.request.empty() && f.ended_by_memory.size() < kMostRuns)
    f.ended_by_memory.insert(run_hash(line.request));
}

bool LambdaRuns::are_apart_from_memory(std::uint32_t entity, const std::vector<std::uint64_t>& runs) const {
  const auto at = by_entity_.find(entity);
  if (at == by_entity_.end() || at->second.ended_by_memory.empty() || runs.size() < kLeastApart) return false;
  return std::none_of(runs.begin(), runs.end(),
                      [&](std::uint64_t run) { return at->second.ended_by_memory.contains(run); });
}

void LambdaRuns::add(const telemetry::LogRecord& record, const LambdaLine& line, std::uint32_t entity,
                     bool baseline) {
  using Kind = LambdaLine::Kind;
  if (line.kind == Kind::kStart || line.kind == Kind::kEnd) return;
  Function& f = by_entity_[entity];
  if (line.kind == Kind::kReport) add_run(f, record, line, baseline);
  if (!baseline && !line.status.empty())
    f.failed_used_mb = std::max(f.failed_used_mb, line.used_mb.value_or(0));
  if (line.kind == Kind::kInitReport) {
    if (!baseline && !line.status.empty()) note(f.init_failures, record, line, line.duration_ms.value_or(0));
    return;
  }
  if (!baseline && !line.status.empty() && line.used_mb && line.memory_mb &&
      *line.used_mb >= kNearLimit * *line.memory_mb) {
    note(f.failed_full, record, line, *line.used_mb);
    note_full(f, line);
  }
  if (line.status == "timeout") {
    // An older platform says it in a line of its own beside the report.
    const bool again = !line.request.empty() && line.request == f.last_timeout;
    f.last_timeout = line.request;
    if (again) return;
    if (baseline) {
      ++f.baseline_timeouts;
    } else {
      note(f.timeouts, record, line, line.duration_ms.value_or(0));
    }
    return;
  }
  if (baseline || line.status.empty()) return;
  const bool memory = line.error_type == "Runtime.OutOfMemory" ||
                      record.body.find("signal: killed") != std::string_view::npos;
  note(memory ? f.out_of_memory : f.exits, record, line, 0);
  if (memory) note_full(f, line);
}

void LambdaRuns::add_application_line(std::uint32_t entity) {
  if (const auto at = by_entity_.find(entity); at != by_entity_.end()) ++at->second.application_lines;
}

/// What ended the runs that were ended; the caller says of whom and how sure it is. A run that is cut off
/// while its memory is full wants memory first; with memory to spare it waits.
std::optional<Observation> LambdaRuns::end_of_runs(const Function& f) {
  const std::uint64_t ended = f.timeouts.count + f.out_of_memory.count + f.failed_full.count;
  if (ended == 0) return std::nullopt;
  Observation o;
  o.facts["used"] = fmt::format("{:g} MB", f.failed_used_mb);
  const bool full = f.limit_mb > 0 && f.failed_used_mb >= kNearLimit * f.limit_mb;
  if (full || f.timeouts.count == 0) {
    o.type = "state.function.memory_exhausted";
    o.facts["limit"] = fmt::format("{:g} MB", f.limit_mb);
    o.facts["memory_now"] = fmt::format("{:g}", f.limit_mb);
    o.facts["memory_next"] = fmt::format("{:g}", std::min(kMostMemory, f.limit_mb * kNextSize));
    if (f.limit_mb > 0) o.facts["share"] = fmt::format("{:.0f}%", 100 * f.failed_used_mb / f.limit_mb);
    if (f.timeouts.count > 0) o.facts["timeout"] = fmt::format("{:g} s", f.timeouts.value / 1000);
    return o;
  }
  const double limit = f.timeouts.value / 1000;
  o.type = "state.function.timed_out";
  o.facts["limit"] = fmt::format("{:g} s", limit);
  o.facts["memory"] = fmt::format("{:g} MB", f.limit_mb);
  o.facts["lines"] = fmt::format("{}", f.application_lines);
  // Whoever was loaded has its handler, and no import that blocks.
  if (f.starts > 0 && f.init_failures.count == 0) {
    o.facts["starts"] = fmt::format("{}", f.starts);
    o.facts["slowest_start"] = fmt::format("{:.0f} ms", f.slowest_start_ms);
  }
  o.facts["timeout_now"] = fmt::format("{:.0f}", limit);
  o.facts["timeout_next"] = fmt::format("{:.0f}", std::min(kLongestTimeout, limit * kNextSize));
  return o;
}

/// Runs that began with an initialisation longer than the work itself; the caller says of whom. It is weak
/// where as many waited before.
std::optional<Observation> LambdaRuns::cold_starts(const Function& f) {
  if (f.starts < kLeastRuns) return std::nullopt;
  const base::Timestamp since = *f.slowest_start.first;
  std::vector<float> inits;
  std::vector<float> work;
  std::vector<std::pair<base::Timestamp, int>> steps;  // an environment is taken, and free again
  std::uint64_t before = 0;
  for (const Run& run : f.timed) {
    if (run.end < since) {
      ++before;
      continue;
    }
    work.push_back(run.duration_ms);
    if (run.init_ms > 0) inits.push_back(run.init_ms);
    steps.emplace_back(run.end - base::duration_from_seconds((run.init_ms + run.duration_ms) / 1000), 1);
    steps.emplace_back(run.end, -1);
  }
  if (inits.size() < kLeastRuns) return std::nullopt;
  const double share = static_cast<double>(inits.size()) / static_cast<double>(work.size());
  const double init = median(inits);
  const double takes = median(work);
  if (init < kLongStart || init < takes || share < kManyStarts) return std::nullopt;
  std::sort(steps.begin(), steps.end());
  int busy = 0;
  int at_once = 0;
  for (const auto& step : steps) at_once = std::max(at_once, busy += step.second);
  Observation o;
  o.type = "state.function.cold_starts";
  const double share_before =
      f.baseline_runs > 0 ? static_cast<double>(f.baseline_starts) / static_cast<double>(f.baseline_runs) : 0;
  o.strength = share_before > share / 2 ? kOrdinaryStrength : strength_of(inits.size(), work.size());
  o.facts["starts"] = fmt::format("{}", inits.size());
  o.facts["runs"] = fmt::format("{}", work.size());
  o.facts["share"] = fmt::format("{:.0f}%", 100 * share);
  o.facts["init"] = fmt::format("{:.1f} s", init / 1000);
  o.facts["takes"] = takes < 1000 ? fmt::format("{:.0f} ms", takes) : fmt::format("{:.1f} s", takes / 1000);
  o.facts["at_once"] = fmt::format("{}", at_once);
  if (before > 0 && f.baseline_starts == 0) o.facts["before"] = fmt::format("{}", before);
  return o;
}

std::vector<Observation> LambdaRuns::finish(const std::vector<std::string>& entities) const {
  std::vector<Observation> out;
  for (const auto& item : by_entity_) {
    const std::string& entity = entities[item.first];
    const Function& f = item.second;
    const auto tell = [&](const char* type, const Seen& seen, double strength) -> Observation& {
      Observation o;
      o.entity = entity;
      o.type = type;
      o.subject = o.type.substr(o.type.find('.') + 1);
      o.strength = strength;
      o.onset = seen.first;
      o.facts["count"] = fmt::format("{}", seen.count);
      o.facts["of"] = fmt::format("{}", std::max(f.runs, seen.count));
      o.facts["seen_in"] = "log";
      if (!seen.error_type.empty()) o.facts["error_type"] = base::printable(seen.error_type, kNameBytes);
      o.evidence.push_back(seen.evidence);
      out.push_back(std::move(o));
      return out.back();
    };
    // A function that ran into its limit as often before is not the incident.
    const double before =
        f.baseline_runs > 0 ? static_cast<double>(f.baseline_timeouts) / static_cast<double>(f.baseline_runs)
                            : 0;
    const double now = f.runs > 0 ? static_cast<double>(f.timeouts.count) / static_cast<double>(f.runs) : 1;
    if (f.timeouts.count > 0 && now > 2 * before) {
      Observation& o = tell("sign.lambda_timeout", f.timeouts, strength_of(f.timeouts.count, f.runs));
      o.facts["limit"] = fmt::format("{:g} s", f.timeouts.value / 1000);
      if (f.limit_mb > 0) o.facts["memory"] = fmt::format("{:g} MB", f.limit_mb);
    }
    if (f.out_of_memory.count > 0) {
      Observation& o =
          tell("sign.lambda_out_of_memory", f.out_of_memory, strength_of(f.out_of_memory.count, f.runs));
      if (f.limit_mb > 0) o.facts["limit"] = fmt::format("{:g} MB", f.limit_mb);
    }
    const bool new_trouble = f.failed_full.count > 0 || f.out_of_memory.count > 0 || now > 2 * before;
    if (auto ended = new_trouble ? end_of_runs(f) : std::nullopt) {
      const bool full = ended->type == "state.function.memory_exhausted" && f.failed_full.count > 0;
      const Seen& seen = full ? f.failed_full : f.timeouts.count > 0 ? f.timeouts : f.out_of_memory;
      Observation& o = tell(ended->type.c_str(), seen, strength_of(seen.count, f.runs));
      o.facts["runs"] = o.facts["of"];
      o.facts.merge(ended->facts);
    }
    if (auto cold = cold_starts(f)) {
      Observation& o = tell(cold->type.c_str(), f.slowest_start, cold->strength);
      o.facts.merge(cold->facts);
    }
    if (f.exits.count > 0) tell("sign.lambda_exit", f.exits, strength_of(f.exits.count, f.runs));
    if (f.init_failures.count > 0) {
      Observation& o = tell("sign.lambda_init_failure", f.init_failures, 0.9);
      o.facts["init"] = fmt::format("{:g} s", f.init_failures.value / 1000);
    }
    if (f.near_limit > 0 && f.baseline_most_used_mb < kNearLimit * f.limit_mb) {
      Observation& o = tell("metric.memory.saturated", f.full, strength_of(f.near_limit, f.runs));
      o.subject = "Max Memory Used";
      o.value = f.most_used_mb * kMegabyte;
      if (f.baseline_most_used_mb > 0) o.baseline = f.baseline_most_used_mb * kMegabyte;
      o.unit = "By";
      o.facts["limit"] = fmt::format("{:g} MB", f.limit_mb);
      o.facts["used"] = fmt::format("{:g} MB", f.most_used_mb);
    }
    if (f.durations.size() >= kLeastRuns && f.baseline_durations.size() >= kLeastRuns) {
      const double ordinary = median(f.baseline_durations);
      const double present = median(f.durations);
      if (ordinary > 0 && present > kLeastFactor * ordinary) {
        Observation& o = tell("metric.latency.up", f.slowest, 1 - kLeastFactor * ordinary / present * 0.5);
        o.subject = "Duration";
        o.value = present / 1000;
        o.baseline = ordinary / 1000;
        o.unit = "s";
        o.magnitude = std::log(present / ordinary);
      }
    }
  }
  return out;
}

}  // namespace midwatch::observe::logs
