#include "src/observe/logs/access_statistics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/observe/flow/flow_departures.h"

namespace midwatch::observe::logs {
namespace {

using model::Observation;

/// Upstreams and paths beyond so many are not told apart.
constexpr std::size_t kMostNames = 100;
constexpr std::size_t kNameBytes = 160;
/// Without a baseline, this share of failing requests is half surely an incident.
constexpr double kDoubtfulShare = 0.05;
/// Fewer requests than this say nothing of shares or times.
constexpr std::uint64_t kLeastRequests = 10;
/// -log10 of the chance of so many failures at which a change is half sure.
constexpr double kDoubtful = 2.0;
/// A share that grew by less than this many times is no incident, however many requests prove it.
constexpr double kLeastGrowth = 1.5;
/// A median that grew by less is no slowness.
constexpr double kLeastFactor = 1.5;
constexpr double kLeastStrength = 0.1;

void count_name(std::map<std::string, std::uint64_t>& names, std::string_view name) {
  if (name.empty()) return;
  const auto at = names.find(std::string(name.substr(0, kNameBytes)));
  if (at != names.end()) {
    ++at->second;
  } else if (names.size() < kMostNames) {
    names.emplace(name.substr(0, kNameBytes), 1);
  }
}

/// The commonest, where it is more than half.
template <class Key>
std::optional<Key> most_of(const std::map<Key, std::uint64_t>& counts, std::uint64_t total) {
  for (const auto& [key, count] : counts) {
    if (count * 2 > total) return key;
  }
  return std::nullopt;
}

double share(std::uint64_t part, std::uint64_t all) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
}

}  // namespace

void AccessStatistics::note(Seen& seen, const telemetry::LogRecord& record, const lines::AccessLine& line,
                            bool baseline) {
  if (baseline) {
    ++seen.baseline;
    return;
  }
  if (seen.incident++ == 0) seen.evidence = model::record_evidence(record, source_name_);
  ++seen.statuses[line.status];
  count_name(seen.upstreams, line.upstream);
  count_name(seen.paths, line.path);
  if (record.time && (!seen.first || *record.time < *seen.first)) seen.first = record.time;
}

void AccessStatistics::add(const telemetry::LogRecord& record, const lines::AccessLine& line,
                           std::uint32_t entity, bool baseline) {
  Server& server = by_entity_[entity];
  ++(baseline ? server.baseline : server.incident);
  if (line.unanswered) {
    note(server.seen[kUnanswered], record, line, baseline);
  } else if (line.status >= 500) {
    note(server.seen[kFailing], record, line, baseline);
  } else if (line.status >= 400) {
    note(server.seen[kRejected], record, line, baseline);
  }
  if (!line.seconds) return;
  (baseline ? server.baseline_seconds : server.seconds).add(*line.seconds);
  if (!baseline && *line.seconds > server.slowest) {
    server.slowest = *line.seconds;
    server.slowest_evidence = model::record_evidence(record, source_name_);
    if (!server.first_slow) server.first_slow = record.time;
  }
}

std::vector<Observation> AccessStatistics::finish(const std::vector<std::string>& entities) const {
  static constexpr std::array<const char*, kWhats> kTypes{"log.access.failing", "log.access.rejected",
                                                          "log.access.unanswered"};
  std::vector<Observation> out;
  for (const auto& [entity, server] : by_entity_) {
    if (server.incident < kLeastRequests) continue;
    const bool compared = server.baseline >= kLeastRequests;
    for (std::size_t what = 0; what < kWhats; ++what) {
      const Seen& seen = server.seen[what];
      if (seen.incident == 0) continue;
      const double now = share(seen.incident, server.incident);
      const double before = share(seen.baseline, server.baseline);
      if (compared && now < kLeastGrowth * before) continue;
      Observation o;
      o.entity = entities[entity];
      o.type = kTypes[what];
      if (compared) {
        const double chance =
            flow::predictive_tail(seen.incident, server.incident, seen.baseline, server.baseline);
        o.strength = 1 / (1 + std::exp((kDoubtful + std::log10(std::max(chance, 1e-300))) / 0.5));
        o.baseline = before * 100;
        o.magnitude = std::log((now + 0.01) / (before + 0.01));
      } else if (what != kRejected) {  // rejecting is what a healthy server does to bad requests
        o.strength = now / (now + kDoubtfulShare);
      }
      if (o.strength < kLeastStrength) continue;
      o.value = now * 100;
      o.unit = "%";
      o.onset = seen.first;
      o.facts["count"] = fmt::format("{}", seen.incident);
      o.facts["of"] = fmt::format("{}", server.incident);
      if (const auto status = most_of(seen.statuses, seen.incident))
        o.facts["status"] = fmt::format("{}", *status);
      if (const auto name = most_of(seen.upstreams, seen.incident))
        o.facts["upstream"] = base::printable(*name, kNameBytes);
      if (const auto name = most_of(seen.paths, seen.incident))
        o.facts["path"] = base::printable(*name, kNameBytes);
      o.subject = o.facts.contains("status") ? "status " + o.facts["status"] : std::string("requests");
      o.evidence.push_back(seen.evidence);
      out.push_back(std::move(o));
    }
    if (server.seconds.count() < kLeastRequests || server.baseline_seconds.count() < kLeastRequests) continue;
    const double ordinary = server.baseline_seconds.quantile(0.5);
    const double present = server.seconds.quantile(0.5);
    const auto comparison = server.baseline_seconds.compare(server.seconds);
    if (!(ordinary > 0) || present < kLeastFactor * ordinary || comparison.z < 3) continue;
    Observation o;
    o.entity = entities[entity];
    o.type = "log.access.slow";
    o.subject = "requests";
    o.strength = std::min(1.0, 2 * (comparison.probability - 0.5));
    o.value = present;
    o.baseline = ordinary;
    o.unit = "s";
    o.magnitude = std::log(present / ordinary);
    o.onset = server.first_slow;
    o.facts["slowest"] = fmt::format("{:.3g} s", server.slowest);
    o.evidence.push_back(server.slowest_evidence);
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::logs
