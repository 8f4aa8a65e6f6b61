#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/observe/database/views.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

constexpr std::string_view kIdleInTransaction = "idle in transaction";

/// From this share of what ordinary clients may have on, new sessions are about to be refused.
constexpr double kConnectionShare = 0.9;
/// Source: PostgreSQL manual, 20.3.1, default of superuser_reserved_connections.
constexpr double kReserved = 3;
/// Sessions are mostly idle where fewer than this share of them is active.
constexpr double kActiveShare = 0.25;
/// Sessions between two statements of a transaction are ordinary; this many at once, and this share, are not.
constexpr double kManyInTransaction = 8;
constexpr double kShareInTransaction = 0.3;
/// A transaction that does nothing for so long (seconds) was left open.
constexpr double kLeftOpen = 300;
constexpr double kLongLeftOpen = 1800;
/// Whoever holds this share of what there is holds it alone.
constexpr double kMainShare = 0.5;
/// A transaction that is older (seconds) keeps vacuum from removing what was deleted since.
constexpr double kLongTransaction = 3600;
constexpr double kSure = 0.95;
constexpr double kLikely = 0.85;
constexpr double kHint = 0.6;

bool is_client(const PlatformEvent& row) {
  const std::string_view type = row.attributes.get("backend_type");
  return type.empty() || type == "client backend";
}

/// How many sessions a row stands for.
double sessions_in(const PlatformEvent& row) {
  return row.type == "session" ? 1 : row.attributes.number("count").value_or(0);
}

std::optional<double> age_of(const PlatformEvent& row) {
  std::optional<double> oldest;
  for (const char* age : {"xact_age", "state_age", "age", "query_age"}) {
    if (const auto value = row.attributes.number(age); value && (!oldest || *value > *oldest)) oldest = value;
    if (oldest && std::string_view(age) == "xact_age") break;
  }
  return oldest;
}

/// Whoever the sessions of a row belong to, by the best name there is.
std::string owner_of(const PlatformEvent& row) {
  for (const char* name : {"application_name", "usename", "client_addr", "datname"}) {
    if (const std::string_view value = row.attributes.get(name); !value.empty()) return view_text(value);
  }
  return {};
}

/// One table of sessions, added up.
struct Tally {
  Views::Rows rows;
  double all = 0;
  double active = 0;
  double idle = 0;
  double in_transaction = 0;
  bool has_states = false;
  std::map<std::string, double> by_owner;                 ///< all sessions
  std::map<std::string, double> in_transaction_by_owner;  ///< those that are idle in a transaction
  Views::Rows idle_rows;                                  ///< of those idle in a transaction
  std::optional<double> oldest;                           ///< of these; seconds
  const PlatformEvent* oldest_row = nullptr;
};

void add_idle(const PlatformEvent& row, double count, Tally& tally) {
  tally.in_transaction += count;
  tally.in_transaction_by_owner[owner_of(row)] += count;
  tally.idle_rows.push_back(&row);
  const auto age = age_of(row);
  if (age && (!tally.oldest || *age > *tally.oldest)) {
    tally.oldest = age;
    tally.oldest_row = &row;
  }
}

Tally tally_of(const Views::Rows& rows) {
  Tally tally;
  tally.has_states = std::any_of(rows.begin(), rows.end(), [](const PlatformEvent* row) {
    return !row->attributes.get("state").empty();
  });
  for (const PlatformEvent* row : rows) {
    const double count = sessions_in(*row);
    const std::string_view state = row->attributes.get("state");
    // Where states were asked for, whoever has none is a process of the server itself.
    if (!is_client(*row) || (tally.has_states && state.empty())) continue;
    tally.rows.push_back(row);
    tally.all += count;
    tally.by_owner[owner_of(*row)] += count;
    if (state == "active") tally.active += count;
    if (state == "idle") tally.idle += count;
    if (state.starts_with(kIdleInTransaction)) add_idle(*row, count, tally);
  }
  return tally;
}

/// The one with most of `whole`; nothing where nobody stands out.
std::optional<std::pair<std::string, double>> main_of(const std::map<std::string, double>& counts,
                                                      double whole) {
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == counts.end() || most->first.empty() || most->second < kMainShare * whole) return std::nullopt;
  return *most;
}

std::string percent(double part, double whole) {
  return fmt::format("{:.0f}%", 100 * part / whole);
}

std::string length(double seconds) {
  return base::format_duration(base::duration_from_seconds(std::min(seconds, 1e9)));
}

class SessionReader {
 public:
  explicit SessionReader(const ViewInput& input) : input_(input) {
    for (const char* view : {"session", "sessions_by_group"}) {
      for (const Views::Rows& rows : input.views.tables_of(view)) tallies_.push_back(tally_of(rows));
    }
  }

  std::vector<Observation> run() {
    read_limit();
    read_idle_in_transaction();
    read_long_transactions();
    return std::move(out_);
  }

 private:
  const Tally* largest(double Tally::*what) const {
    const Tally* best = nullptr;
    for (const Tally& tally : tallies_) {
      if (tally.*what <= 0) continue;
      // Of equals, the one that says whose they are.
      const auto names = [](const Tally& t) {
        return !t.by_owner.empty() && !t.by_owner.begin()->first.empty();
      };
      if (best == nullptr || tally.*what > best->*what || (tally.*what == best->*what && !names(*best)))
        best = &tally;
    }
    return best;
  }

  std::optional<double> limit() const {
    const auto& numbers = input_.views.of("session_numbers");
    for (const PlatformEvent* row : numbers) {
      if (const auto limit = row->attributes.number("max_connections")) return limit;
    }
    const PlatformEvent* shown = setting_row(input_.views, "max_connections");
    const auto limit = shown == nullptr ? std::nullopt : shown->attributes.number("setting");
    return limit ? limit : input_.capacity.connections;
  }

  /// Of the limit, what ordinary clients do not get.
  double reserved(double limit) const {
    double kept = kReserved;
    for (const PlatformEvent* row : input_.views.of("session_numbers"))
      kept = row->attributes.number("reserved").value_or(kept);
    if (const PlatformEvent* shown = setting_row(input_.views, "superuser_reserved_connections"))
      kept = shown->attributes.number("setting").value_or(kept);
    return std::clamp(kept, 0.0, limit / 2);
  }

  /// The rows that say what the limit is.
  Views::Rows limit_rows() const {
    Views::Rows rows = input_.views.of("session_numbers");
    if (const PlatformEvent* shown = setting_row(input_.views, "max_connections")) rows.push_back(shown);
    return rows;
  }

  double counted_elsewhere() const {
    double used = 0;
    for (const PlatformEvent* row : input_.views.of("session_numbers"))
      used = std::max(used, row->attributes.number("used").value_or(0));
    double backends = 0;
    for (const PlatformEvent* row : input_.views.of("database"))
      backends += row->attributes.number("numbackends").value_or(0);
    return std::max(used, backends);
  }

  void read_limit() {
    const auto most = limit();
    const Tally* tally = largest(&Tally::all);
    const double used = std::max(tally == nullptr ? 0 : tally->all, counted_elsewhere());
    if (!most || *most <= 0 || used < kConnectionShare * (*most - reserved(*most))) return;
    Views::Rows rows = limit_rows();
    if (tally != nullptr) rows.insert(rows.end(), tally->rows.begin(), tally->rows.end());
    if (rows.empty()) rows = input_.views.of("database");
    Observation o = view_observation(input_, "state.database.connections_exhausted.measured", kSure, rows);
    o.subject = "connections";
    o.value = used;
    o.facts["used"] = base::format_number(used);
    o.facts["limit"] = base::format_number(*most);
    if (tally != nullptr) {
      if (const auto holder = main_of(tally->by_owner, tally->all)) {
        o.facts["application"] = holder->first;
        o.facts["held"] = base::format_number(holder->second);
      }
    }
    out_.push_back(std::move(o));
    if (tally != nullptr) read_idle(*tally);
  }

  void read_idle(const Tally& tally) {
    const double idle = tally.idle + tally.in_transaction;
    if (!tally.has_states || idle < (1 - kActiveShare) * tally.all) return;
    Observation o = view_observation(input_, "state.database.sessions_idle", kSure, tally.rows);
    o.subject = "connections";
    o.value = tally.active;
    o.facts["idle"] = percent(idle, tally.all);
    o.facts["active"] = base::format_number(tally.active);
    o.facts["used"] = base::format_number(tally.all);
    out_.push_back(std::move(o));
  }

  void read_idle_in_transaction() {
    const Tally* tally = largest(&Tally::in_transaction);
    if (tally == nullptr) return read_idle_number();
    const double oldest = tally->oldest.value_or(0);
    const bool many = tally->in_transaction >= kManyInTransaction &&
                      tally->in_transaction >= kShareInTransaction * tally->all;
    if (!many && oldest < kLeftOpen) return;
    const double strength = many ? kSure : oldest >= kLongLeftOpen ? kLikely : kHint;
    Views::Rows rows = tally->idle_rows;
    if (tally->oldest_row != nullptr) rows.insert(rows.begin(), tally->oldest_row);
    Observation o = view_observation(input_, "state.database.idle_in_transaction", strength, rows);
    o.value = tally->in_transaction;
    o.facts["count"] = base::format_number(tally->in_transaction);
    if (tally->all > tally->in_transaction) o.facts["of"] = base::format_number(tally->all);
    if (const auto holder = main_of(tally->in_transaction_by_owner, tally->in_transaction)) {
      o.facts["application"] = holder->first;
      o.facts["held"] = base::format_number(holder->second);
      o.subject = holder->first;
    }
    if (tally->oldest) o.facts["oldest"] = length(*tally->oldest);
    if (tally->oldest_row != nullptr) {
      const std::string_view sql = tally->oldest_row->attributes.get("query");
      if (!sql.empty()) o.facts["sql"] = view_text(sql);
    }
    o.onset = onset_before(input_, tally->oldest);
    out_.push_back(std::move(o));
  }

  /// Where only their number was asked for.
  void read_idle_number() {
    for (const PlatformEvent* row : input_.views.of("session_numbers")) {
      const double count = row->attributes.number("idle_in_transaction").value_or(0);
      const double all = row->attributes.number("used").value_or(0);
      if (count < kManyInTransaction || count < kShareInTransaction * all) continue;
      Observation o = view_observation(input_, "state.database.idle_in_transaction", kSure, {row});
      o.value = count;
      o.facts["count"] = base::format_number(count);
      if (all > 0) o.facts["of"] = base::format_number(all);
      return out_.push_back(std::move(o));
    }
  }

  void read_long_transactions() {
    const PlatformEvent* oldest = nullptr;
    double age = kLongTransaction;
    const auto consider = [&](const PlatformEvent* row, std::optional<double> seconds) {
      if (!seconds || *seconds < age) return;
      oldest = row;
      age = *seconds;
    };
    for (const PlatformEvent* row : input_.views.of("session")) {
      const std::string_view state = row->attributes.get("state");
      if (!is_client(*row) || state == "idle") continue;
      consider(row, row->attributes.number("xact_age"));
      if (state == "active") consider(row, row->attributes.number("query_age"));
      if (state.starts_with(kIdleInTransaction)) consider(row, row->attributes.number("age"));
    }
    for (const PlatformEvent* row : input_.views.of("prepared")) consider(row, row->attributes.number("age"));
    if (oldest == nullptr) return;
    Observation o = view_observation(input_, "state.database.long_transaction", kHint, {oldest});
    o.value = age;
    o.unit = "s";
    o.subject = owner_of(*oldest);
    o.facts["age"] = length(age);
    if (!o.subject.empty()) o.facts["application"] = o.subject;
    const std::string_view sql = oldest->attributes.get("query");
    if (!sql.empty()) o.facts["sql"] = view_text(sql);
    o.onset = onset_before(input_, age);
    out_.push_back(std::move(o));
  }

  const ViewInput& input_;
  std::vector<Tally> tallies_;
  std::vector<Observation> out_;
};

}  // namespace

std::vector<Observation> observe_sessions(const ViewInput& input) {
  return SessionReader(input).run();
}

}  // namespace midwatch::observe::database
