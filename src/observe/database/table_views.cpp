#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/database/views.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// Vacuum comes by itself at a fifth of a table (autovacuum_vacuum_scale_factor); twice that was missed.
constexpr double kDeadShare = 0.4;
/// Fewer dead rows are cheap to read over.
constexpr double kManyDead = 100'000;
/// A scan of so many rows is slow; so many scans are a habit.
constexpr double kLargeScan = 100'000;
constexpr double kManyScans = 100;
/// Scans with an index that a table has for each without, where its queries have their indexes.
constexpr double kIndexed = 1;
/// A transaction of this age (seconds) is why vacuum could not remove what died since.
constexpr double kPinning = 1800;
/// A statement that takes this long (seconds) on average, or runs for this long, is slow.
constexpr double kSlowMean = 1;
constexpr double kSlowRun = 60;
/// PostgreSQL stops accepting writes near two billion; at half of that vacuum has fallen behind.
constexpr double kOldTransactions = 1e9;
constexpr double kSure = 0.95;
constexpr double kLikely = 0.8;
/// What totals since the last reset show may be long over: worth telling, no trouble.
constexpr double kRemark = 0.45;

std::string name_of(const PlatformEvent& row) {
  const std::string_view schema = row.attributes.get("schemaname");
  const std::string_view name = row.attributes.get("relname");
  if (schema.empty() || schema == "public") return view_text(name);
  return view_text(fmt::format("{}.{}", schema, name));
}

/// True where `sql` has `name` as a word of its own.
bool names(std::string_view sql, std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = sql.find(name); at != std::string_view::npos; at = sql.find(name, at + 1)) {
    const bool starts = at == 0 || !is_word(sql[at - 1]);
    const std::size_t end = at + name.size();
    if (starts && (end >= sql.size() || !is_word(sql[end]))) return true;
  }
  return false;
}

class TableReader {
 public:
  explicit TableReader(const ViewInput& input) : input_(input) {}

  std::vector<Observation> run() {
    read_dead_rows();
    read_scans();
    read_ids();
    read_pools();
    return std::move(out_);
  }

 private:
  void read_dead_rows() {
    const PlatformEvent* worst = nullptr;
    double most = kManyDead;
    for (const PlatformEvent* row : input_.views.of("table")) {
      const double dead = row->attributes.number("n_dead_tup").value_or(0);
      const double live = row->attributes.number("n_live_tup").value_or(0);
      if (dead < most || dead < kDeadShare * live) continue;
      worst = row;
      most = dead;
    }
    if (worst == nullptr) return;
    const PlatformEvent* pin = oldest_transaction();
    // Only what is known to keep them is blamed for them.
    Views::Rows rows{worst};
    if (pin != nullptr) rows.push_back(pin);
    Observation o = view_observation(
        input_, pin != nullptr ? "sign.db_dead_rows_kept" : "state.database.vacuum_behind", kSure, rows);
    if (pin != nullptr) o.facts["seen_in"] = "state";
    o.value = most;
    o.subject = name_of(*worst);
    o.facts["table"] = o.subject;
    o.facts["rows"] = base::format_number(most);
    const auto live = worst->attributes.number("n_live_tup");
    if (live && *live + most > 0) o.facts["share"] = fmt::format("{:.0f}%", 100 * most / (*live + most));
    if (const auto last = worst->attributes.get("last_autovacuum"); !last.empty())
      o.facts["last"] = std::string(last);
    const PlatformEvent* shown = setting_row(input_.views, "autovacuum");
    if (shown != nullptr && shown->attributes.get("setting") == "off") o.facts["autovacuum"] = "off";
    out_.push_back(std::move(o));
  }

  /// A session that holds back what vacuum may remove: one that wrote, or sees an old state.
  const PlatformEvent* oldest_transaction() const {
    const PlatformEvent* oldest = nullptr;
    double age = kPinning;
    for (const PlatformEvent* row : input_.views.of("session")) {
      const auto& a = row->attributes;
      const bool asked = a.find("backend_xmin") != nullptr || a.find("backend_xid") != nullptr;
      const bool open = a.get("state") != "idle" && (asked || !any_has_horizon());
      const auto seconds = a.number("xact_age")                    ? a.number("xact_age")
                           : a.get("state").starts_with("idle in") ? a.number("age")
                                                                   : std::nullopt;
      if (!open || !seconds || *seconds < age) continue;
      oldest = row;
      age = *seconds;
    }
    return oldest;
  }

  bool any_has_horizon() const {
    const auto& rows = input_.views.of("session");
    return std::any_of(rows.begin(), rows.end(), [](const PlatformEvent* row) {
      return row->attributes.find("backend_xmin") != nullptr ||
             row->attributes.find("backend_xid") != nullptr;
    });
  }

  void read_scans() {
    const PlatformEvent* worst = nullptr;
    double most = 0;
    for (const PlatformEvent* row : input_.views.of("table")) {
      const auto& a = row->attributes;
      const double scans = a.number("seq_scan").value_or(0);
      const double read = a.number("seq_tup_read").value_or(scans * a.number("n_live_tup").value_or(0));
      if (scans < kManyScans || read < kLargeScan * scans ||
          a.number("idx_scan").value_or(0) > kIndexed * scans)
        continue;
      if (read <= most) continue;
      worst = row;
      most = read;
    }
    if (worst == nullptr) return;
    const PlatformEvent* slow = slow_statement_on(worst->attributes.get("relname"));
    Views::Rows rows{worst};
    if (slow != nullptr) rows.push_back(slow);
    Observation o =
        view_observation(input_, slow != nullptr ? "sign.db_full_scan" : "state.database.sequential_scans",
                         slow != nullptr ? kLikely : kRemark, rows);
    const double scans = worst->attributes.number("seq_scan").value_or(1);
    o.subject = name_of(*worst);
    o.value = scans;
    o.facts["table"] = o.subject;
    o.facts["scans"] = base::format_number(scans);
    o.facts["rows"] = base::format_number(most / scans);
    if (slow != nullptr) {
      o.facts["seen_in"] = "state";
      o.facts["sql"] = view_text(slow->attributes.get("query"));
    }
    out_.push_back(std::move(o));
  }

  /// A statement about the table that is slow: on average, or one that runs.
  const PlatformEvent* slow_statement_on(std::string_view table) const {
    if (table.empty()) return nullptr;
    for (const PlatformEvent* row : input_.views.of("statement")) {
      if (row->attributes.number("mean_time").value_or(0) >= 1000 * kSlowMean &&
          names(row->attributes.get("query"), table))
        return row;
    }
    for (const PlatformEvent* row : input_.views.of("session")) {
      const auto& a = row->attributes;
      const auto runs = a.number("query_age") ? a.number("query_age") : a.number("age");
      if (a.get("state") == "active" && a.get("wait_event_type") != "Lock" && runs.value_or(0) >= kSlowRun &&
          names(a.get("query"), table))
        return row;
    }
    return nullptr;
  }

  void read_ids() {
    const PlatformEvent* oldest = nullptr;
    double age = kOldTransactions;
    for (const PlatformEvent* row : input_.views.of("database")) {
      const double ids = row->attributes.number("xid_age").value_or(0);
      if (ids < age) continue;
      oldest = row;
      age = ids;
    }
    if (oldest == nullptr) return;
    Observation o = view_observation(input_, "state.database.transaction_ids_old", kSure, {oldest});
    o.value = age;
    o.subject = view_text(oldest->attributes.get("datname"));
    o.facts["metric"] = "age(datfrozenxid)";
    out_.push_back(std::move(o));
  }

  /// Clients of a pooler that wait for a connection of the server.
  /// Source: PgBouncer manual, "SHOW POOLS": maxwait is how long the first in the queue has waited.
  void read_pools() {
    for (const PlatformEvent* row : input_.views.of("pool")) {
      const double waiting = row->attributes.number("cl_waiting").value_or(0);
      const double longest = row->attributes.number("maxwait").value_or(0);
      if (waiting < 1 || longest < 1) continue;
      Observation o = view_observation(input_, "sign.db_pool_exhausted", kSure, {row});
      o.subject = "db_pool_exhausted";
      o.value = waiting;
      o.facts["seen_in"] = "state";
      o.facts["waiting"] = base::format_number(waiting);
      o.facts["message"] = base::printable(base::redact(row->message), 300);
      out_.push_back(std::move(o));
    }
  }

  const ViewInput& input_;
  std::vector<Observation> out_;
};

}  // namespace

std::vector<Observation> observe_tables(const ViewInput& input) {
  return TableReader(input).run();
}

}  // namespace midwatch::observe::database
