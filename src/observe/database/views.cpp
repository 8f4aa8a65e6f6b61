#include "src/observe/database/views.h"

#include <algorithm>
#include <utility>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::observe::database {
namespace {

constexpr std::string_view kSource = "postgresql";
constexpr std::size_t kShownRows = 5;
constexpr std::size_t kTextBytes = 200;

}  // namespace

bool is_from_console(const telemetry::PlatformEvent& event) {
  return event.source == kSource;
}

bool is_view_row(const telemetry::PlatformEvent& event) {
  return is_from_console(event) && event.reason != telemetry::kCommandOutput;
}

void Views::add(const telemetry::PlatformEvent& row) {
  if (row.reason.empty()) rows_[row.type].push_back(&row);
}

const Views::Rows& Views::of(std::string_view view) const {
  static const Rows kNone;
  const auto at = rows_.find(view);
  return at == rows_.end() ? kNone : at->second;
}

std::vector<Views::Rows> Views::tables_of(std::string_view view) const {
  std::map<std::pair<std::uint32_t, std::string_view>, Rows> tables;
  for (const auto* row : of(view)) tables[{row->ref.source, row->attributes.get("table")}].push_back(row);
  std::vector<Rows> out;
  out.reserve(tables.size());
  for (auto& [key, rows] : tables) out.push_back(std::move(rows));
  return out;
}

model::Observation view_observation(const ViewInput& input, std::string type, double strength,
                                    const Views::Rows& rows) {
  model::Observation o;
  o.entity = input.entity;
  o.type = std::move(type);
  o.strength = strength;
  for (std::size_t i = 0; i < rows.size() && o.evidence.size() < kShownRows; ++i) {
    const auto before = rows.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(rows.begin(), before, rows[i]) == before)
      o.evidence.push_back(model::record_evidence(*rows[i], input.source_name));
  }
  return o;
}

std::optional<base::Timestamp> onset_before(const ViewInput& input, std::optional<double> seconds) {
  if (!seconds || *seconds < 0) return std::nullopt;
  const base::Timestamp now = input.scope.alarm.time.value_or(input.scope.window.end);
  if (*seconds >= base::to_seconds(now - input.scope.window.start)) return std::nullopt;
  const base::Timestamp then = now - base::duration_from_seconds(*seconds);
  return input.scope.window.contains(then) ? std::optional(then) : std::nullopt;
}

std::string view_text(std::string_view text) {
  return base::printable(base::redact(text), kTextBytes);
}

std::optional<model::Observation> observe_health(const ViewInput& input) {
  for (const char* view : {"session", "sessions_by_group", "session_numbers"}) {
    const Views::Rows& rows = input.views.of(view);
    if (!rows.empty()) return view_observation(input, "state.healthy", 1, rows);
  }
  return std::nullopt;
}

const telemetry::PlatformEvent* setting_row(const Views& views, std::string_view name) {
  for (const auto* row : views.of("setting")) {
    if (row->attributes.get("name") == name) return row;
  }
  return nullptr;
}

}  // namespace midwatch::observe::database
