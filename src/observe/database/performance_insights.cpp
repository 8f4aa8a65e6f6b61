#include "src/observe/database/performance_insights.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/database/wait_class.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

constexpr std::string_view kSource = "performance_insights";
/// A share of the load below this is one of many: nothing that stands out.
constexpr double kLeastShare = 0.15;
/// Statements and waits told of one database; the tables of Performance Insights hold ten.
constexpr std::size_t kTold = 3;
/// Load of less than half a session for each processor leaves nobody waiting; full weight from one on.
constexpr double kQuietLoad = 0.5;
constexpr double kNameBytes = 300;

/// The heaviest wait of a statement.
std::string top_wait_of(const PlatformEvent& e) {
  std::string best;
  double most = 0;
  for (std::size_t i = 0;; ++i) {
    const std::string prefix = fmt::format("wait_events.{}.", i);
    const std::string* name = e.attributes.find(prefix + "name");
    if (name == nullptr) return best;
    const double load = e.attributes.number(prefix + "db_load_avg").value_or(0);
    if (load > most) {
      most = load;
      best = *name;
    }
  }
}

using Table = std::map<std::string, std::pair<LoadShare, int>, std::less<>>;

void add_sample(const PlatformEvent& e, Table& table) {
  auto& [line, samples] = table[e.message];
  ++samples;
  line.name = e.message;
  line.load += e.attributes.number("db_load_avg").value_or(0);
  if (line.event == nullptr || e.time > line.event->time) {
    line.event = &e;
    line.calls_per_second = e.attributes.number("calls_per_sec");
    line.top_wait = top_wait_of(e);
  }
}

std::vector<LoadShare> ranked(Table table) {
  std::vector<LoadShare> lines;
  double whole = 0;
  for (auto& [name, entry] : table) {
    entry.first.load /= entry.second;
    whole += entry.first.load;
    lines.push_back(std::move(entry.first));
  }
  for (LoadShare& line : lines) line.share = whole > 0 ? line.load / whole : 0;
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.load > b.load; });
  return lines;
}

std::string clean(std::string_view text) {
  return base::printable(base::redact(text), static_cast<std::size_t>(kNameBytes));
}

Observation make(const LoadShare& line, const char* type, double weight,
                 const model::SourceName& source_name) {
  Observation o;
  o.type = type;
  o.subject = clean(line.name);
  o.strength = std::min(1.0, 0.4 + 0.6 * line.share) * weight;
  o.value = line.load;
  o.facts["share"] = fmt::format("{:.0f}%", 100 * line.share);
  o.facts["load"] =
      fmt::format("{:.0f}% ({} average active sessions)", 100 * line.share, base::format_number(line.load));
  o.facts["told_by"] = told_by(*line.event);
  o.evidence.push_back(model::record_evidence(*line.event, source_name));
  return o;
}

/// How much the load as a whole is out of the ordinary; 1 where the number of processors is not known.
double weight_of_load(double load, std::optional<double> vcpus) {
  if (!vcpus || *vcpus <= 0) return 1;
  const double each = load / *vcpus;
  return std::clamp((each - kQuietLoad / 2) / (1 - kQuietLoad / 2), 0.2, 1.0);
}

}  // namespace

double LoadProfile::load_of_waits() const {
  double sum = 0;
  for (const LoadShare& wait : waits) sum += wait.load;
  return sum;
}

double LoadProfile::waiting_for(std::string_view wanted) const {
  double share = 0;
  for (const LoadShare& wait : waits) share += wait_class(wait.name) == wanted ? wait.share : 0;
  return share;
}

std::string told_by(const PlatformEvent& event) {
  return event.source == kSource ? "Performance Insights" : "pg_stat_activity";
}

bool is_load_event(const PlatformEvent& event) {
  return event.source == kSource;
}

LoadProfile read_load_profile(const std::vector<const PlatformEvent*>& events) {
  static constexpr std::array<std::string_view, 4> kTypes{"top_sql", "top_wait_events", "top_users",
                                                          "top_hosts"};
  std::array<Table, kTypes.size()> tables;
  for (const PlatformEvent* e : events) {
    const auto* type = std::find(kTypes.begin(), kTypes.end(), e->type);
    if (type != kTypes.end()) add_sample(*e, tables[static_cast<std::size_t>(type - kTypes.begin())]);
  }
  return {ranked(std::move(tables[0])), ranked(std::move(tables[1])), ranked(std::move(tables[2])),
          ranked(std::move(tables[3]))};
}

std::vector<Observation> observe_load(const std::string& entity, const LoadProfile& profile,
                                      std::optional<double> vcpus, const model::SourceName& source_name) {
  std::vector<Observation> out;
  const double weight = weight_of_load(profile.load_of_waits(), vcpus);
  const auto each = [&](const std::vector<LoadShare>& table, const auto& tell) {
    for (std::size_t i = 0; i < std::min(kTold, table.size()); ++i) {
      if (table[i].share >= kLeastShare) tell(table[i]);
    }
  };
  each(profile.statements, [&](const LoadShare& line) {
    Observation o = make(line, "event.top_sql", weight, source_name);
    o.facts["sql"] = o.subject;
    o.facts["statement"] = statement_class(line.name);
    o.facts["wait"] = clean(line.top_wait);
    o.facts["class"] = wait_class(line.top_wait);
    if (line.calls_per_second) o.facts["calls_per_second"] = base::format_number(*line.calls_per_second);
    out.push_back(std::move(o));
  });
  each(profile.waits, [&](const LoadShare& line) {
    Observation o = make(line, "event.top_wait", weight, source_name);
    o.facts["wait"] = o.subject;
    o.facts["class"] = wait_class(line.name);
    out.push_back(std::move(o));
  });
  each(profile.users, [&](const LoadShare& line) {
    Observation o = make(line, "event.top_user", weight, source_name);
    o.facts["user"] = o.subject;
    out.push_back(std::move(o));
  });
  each(profile.hosts, [&](const LoadShare& line) {
    Observation o = make(line, "event.top_host", weight, source_name);
    o.facts["host"] = o.subject;
    out.push_back(std::move(o));
  });
  for (Observation& o : out) o.entity = entity;
  return out;
}

}  // namespace midwatch::observe::database
