#include "src/clients/postgresql/views.h"

#include <algorithm>
#include <array>

#include "src/base/ascii.h"
#include "src/base/wildcard.h"

namespace midwatch::clients::postgresql {
namespace {

using enum ValueKind;
using Names = std::vector<std::string_view>;

/// Order matters twice: the first view that fits counts, and of a view the first column that a name fits.
std::vector<View> make_views() {
  const Column pid{"pid", kNumber, {"procpid", "process_id", "backend_pid"}};
  const Column user{"usename", kText, {"username", "user", "user_name", "role", "rolname", "db_user"}};
  const Column application{
      "application_name", kText, {"app_name", "application", "app", "appname", "application*"}};
  const Column client{"client_addr",
                      kText,
                      {"client", "client_address", "client_ip", "client_hostname", "host(client_addr)"}};
  const Column database{"datname", kText, {"database", "db", "dbname", "database_name"}};
  const Column state{"state", kText, {"session_state", "status"}};
  const Column wait_type{"wait_event_type", kText, {"wait_type", "wait_class"}};
  const Column wait{"wait_event", kText, {"wait", "waiting_on"}};
  const Column query{"query",
                     kText,
                     {"current_query", "sql", "statement", "left", "substring", "substr", "query_text",
                      "query_preview", "short_query", "last_query", "query_snippet", "q", "regexp_replace"}};
  const Column transaction_age{
      "xact_age",
      kSeconds,
      {"xact_duration", "xact_time", "xact_runtime", "tx_*", "txn_*", "transaction_age",
       "transaction_duration", "transaction_time", "open_for", "in_transaction_for"}};
  return {
      {"blocked",
       {{"blocked_pid", kNumber, {"waiting_pid", "waiter_pid", "waiter"}},
        {"blocking_pid",
         kPids,
         {"blocker_pid", "locking_pid", "holder_pid", "holding_pid", "blocking_pids", "blocker"}},
        {"blocked_query", kText, {"blocked_statement", "waiting_query", "blocked_sql", "waiting_statement"}},
        {"blocking_query",
         kText,
         {"blocking_statement", "current_statement_in_blocking_process", "blocker_query",
          "current_or_recent_query_in_blocking_process", "blocking_sql", "recent_query_in_blocking_process",
          "holder_query", "locking_query"}},
        {"blocked_user", kText, {"waiting_user"}},
        {"blocking_user", kText, {"blocker_user", "locking_user", "holder_user"}},
        {"blocked_application", kText, {"blocked_app*", "waiting_app*"}},
        {"blocking_application", kText, {"blocking_app*", "blocker_app*", "holder_app*", "locking_app*"}},
        {"blocking_state", kText, {"blocker_state", "holder_state", "state_of_blocking_process"}},
        {"blocking_age",
         kSeconds,
         {"blocking_duration", "blocking_xact_age", "blocker_age", "blocker_xact_age", "holder_age",
          "blocking_tx*", "blocking_transaction*", "blocking_for"}},
        {"wait_age",
         kSeconds,
         {"waiting_duration", "blocked_duration", "wait_duration", "waiting_for", "blocked_for", "wait_time",
          "waited", "blocked_age", "duration", "age"}},
        {"relation",
         kText,
         {"locked_relation", "relname", "locked_item", "table", "table_name", "locked_table"}}},
       {{"blocked_pid"}, {"blocking_pid"}}},
      {"lock",
       {{"locktype", kText, {"lock_type"}},
        {"relation", kText, {"relname", "locked_table", "table", "table_name"}},
        {"mode", kText, {"lock_mode"}},
        {"granted", kBoolean, {}},
        pid,
        {"transactionid", kText, {}},
        {"waitstart", kTime, {}},
        user,
        application,
        state,
        {"xact_start", kTime, {}},
        transaction_age,
        {"age", kSeconds, {"duration"}},
        query},
       {{"mode"}, {"granted"}, {"pid"}}},
      {"slot",
       {{"slot_name", kText, {}},
        {"slot_type", kText, {"type"}},
        {"plugin", kText, {}},
        {"active", kBoolean, {}},
        {"active_pid", kNumber, {}},
        {"restart_lsn", kLsn, {}},
        {"confirmed_flush_lsn", kLsn, {}},
        {"current_lsn", kLsn, {"pg_current_wal_lsn", "pg_current_xlog_location"}},
        {"wal_status", kText, {}},
        {"safe_wal_size", kBytes, {}},
        {"inactive_since", kTime, {}},
        {"retained",
         kBytes,
         {"retained*", "lag*", "*_lag", "*_lag_bytes", "pg_size_pretty", "pg_wal_lsn_diff", "size", "bytes*",
          "*bytes_behind", "behind*", "wal_size", "wal_retained", "*_retained", "*retained_wal*",
          "?column?"}}},
       {{"slot_name"},
        {"active", "restart_lsn", "wal_status", "retained", "slot_type", "confirmed_flush_lsn",
         "safe_wal_size"}}},
      {"replica",
       {{"sent_lsn", kLsn, {"sent_location"}},
        {"write_lsn", kLsn, {"write_location"}},
        {"flush_lsn", kLsn, {"flush_location"}},
        {"replay_lsn", kLsn, {"replay_location"}},
        {"current_lsn", kLsn, {"pg_current_wal_lsn", "pg_current_xlog_location"}},
        {"write_lag", kSeconds, {}},
        {"flush_lag", kSeconds, {}},
        {"replay_lag", kSeconds, {}},
        {"sync_state", kText, {}},
        {"reply_time", kTime, {}},
        {"lag_bytes",
         kBytes,
         {"byte_lag", "*lag_bytes", "*bytes_lag", "bytes_behind", "pg_wal_lsn_diff", "*lag_size",
          "pg_size_pretty", "total_lag", "pending*", "lag_pretty", "behind", "wal_lag", "replay_bytes"}},
        {"lag",
         kText,
         {"replication_lag", "replication_delay", "replica_lag", "replay_delay", "standby_lag",
          "replication_lag_s*", "lag_seconds", "seconds_behind", "lag_s", "time_lag", "delay"}},
        {"last_replay", kTime, {"pg_last_xact_replay_timestamp"}},
        {"in_recovery", kBoolean, {"pg_is_in_recovery"}},
        pid,
        application,
        user,
        client,
        state},
       {{"sent_lsn", "write_lsn", "flush_lsn", "replay_lsn", "write_lag", "flush_lag", "replay_lag",
         "sync_state", "lag", "lag_bytes", "last_replay"}}},
      {"table",
       {{"relname", kText, {"table_name", "table", "relation", "tablename"}},
        {"schemaname", kText, {"schema"}},
        {"n_live_tup", kNumber, {"live_tup", "live", "live_tuples", "live_rows"}},
        {"n_dead_tup", kNumber, {"dead_tup", "dead", "dead_tuples", "dead_rows"}},
        {"seq_scan", kNumber, {"seq_scans"}},
        {"seq_tup_read", kNumber, {}},
        {"idx_scan", kNumber, {"idx_scans", "index_scans"}},
        {"last_vacuum", kTime, {}},
        {"last_autovacuum", kTime, {}},
        {"last_analyze", kTime, {}},
        {"last_autoanalyze", kTime, {}},
        {"n_mod_since_analyze", kNumber, {}}},
       {{"relname"},
        {"n_live_tup", "n_dead_tup", "seq_scan", "seq_tup_read", "idx_scan", "last_autovacuum",
         "last_vacuum"}}},
      {"statement",
       {{"calls", kNumber, {}},
        {"total_time", kMilliseconds, {"total_exec_time", "total_ms", "total_exec_ms"}},
        {"mean_time",
         kMilliseconds,
         {"mean_exec_time", "avg_ms", "mean_ms", "avg_time", "avg_exec_time", "mean_exec_ms", "avg_time_ms"}},
        {"max_time", kMilliseconds, {"max_exec_time", "max_ms"}},
        {"rows", kNumber, {}},
        {"queryid", kText, {}},
        query},
       {{"query"}, {"calls", "total_time", "mean_time"}}},
      {"pool",
       {{"cl_active", kNumber, {}},
        {"cl_waiting", kNumber, {}},
        {"sv_active", kNumber, {}},
        {"sv_idle", kNumber, {}},
        {"maxwait", kNumber, {}},
        {"pool_mode", kText, {}},
        {"datname", kText, {"database"}},
        {"usename", kText, {"user"}}},
       {{"cl_waiting"}, {"cl_active", "sv_active", "maxwait"}}},
      {"database",
       {{"datname", kText, {"database", "database_name"}},
        {"numbackends", kNumber, {}},
        {"xact_commit", kNumber, {}},
        {"xact_rollback", kNumber, {}},
        {"blks_read", kNumber, {}},
        {"blks_hit", kNumber, {}},
        {"deadlocks", kNumber, {}},
        {"conflicts", kNumber, {}},
        {"temp_files", kNumber, {}},
        {"temp_bytes", kBytes, {}},
        {"xid_age", kNumber, {"age", "frozen_age", "datfrozenxid_age", "frozenxid_age", "xids"}}},
       {{"datname"},
        {"numbackends", "xact_commit", "blks_hit", "deadlocks", "conflicts", "temp_files", "temp_bytes",
         "xid_age"}}},
      {"sessions_by_group",
       {{"count",
         kNumber,
         {"count(*)", "n", "num", "cnt", "c", "conns", "connections", "connection_count", "num_connections",
          "sessions", "session_count", "backends", "total", "number"}},
        {"datname", kText, {"database"}},
        {"usename", kText, {"user"}},
        {"application_name", kText, {"application", "app"}},
        {"client_addr", kText, {"client"}},
        {"state", kText, {}},
        {"wait_event_type", kText, {}},
        {"wait_event", kText, {}},
        {"backend_type", kText, {}},
        {"age", kSeconds, {"max*", "oldest*", "longest*", "*age", "*duration", "?column?"}}},
       {{"count"},
        {"state", "application_name", "usename", "client_addr", "wait_event_type", "wait_event",
         "backend_type"}}},
      {"session_numbers",
       {{"idle_in_transaction",
         kNumber,
         {"idle_in_tx", "idle_in_txn", "idle_in_xact", "idle in transaction", "idle_tx"}},
        {"max_connections", kNumber, {"max_conn", "max_conns", "max_connection"}},
        {"reserved", kNumber, {"res_for_super", "superuser_reserved_connections", "reserved_for_super"}},
        {"available",
         kNumber,
         {"remaining", "res_for_normal", "free", "left_connections", "available_connections"}},
        {"used",
         kNumber,
         {"used_connections", "total", "total_connections", "current", "current_connections", "connections",
          "sum", "numbackends", "count", "sessions"}},
        {"active", kNumber, {"active_connections"}},
        {"idle", kNumber, {"idle_connections"}},
        {"waiting", kNumber, {"waiting_connections", "blocked"}}},
       {{"max_connections", "idle_in_transaction"}, {"used", "active", "idle", "available"}}},
      {"session",
       {pid,
        {"backend_type", kText, {}},
        {"backend_start", kTime, {}},
        {"xact_start", kTime, {}},
        {"query_start", kTime, {}},
        {"state_change", kTime, {"state_changed"}},
        {"backend_xid", kText, {}},
        {"backend_xmin", kText, {}},
        {"query_id", kText, {}},
        user,
        application,
        client,
        database,
        state,
        wait_type,
        wait,
        {"blocked_by",
         kPids,
         {"pg_blocking_pids", "blocking_pids", "blockers", "blocking", "blocked_by_pids", "waiting_for"}},
        transaction_age,
        {"query_age", kSeconds, {"query_duration", "query_time", "query_runtime", "running_for"}},
        {"state_age",
         kSeconds,
         {"idle_for", "idle_time", "idle_duration", "idle_age", "state_duration", "in_state*",
          "time_in_state", "since_state_change"}},
        {"age",
         kSeconds,
         {"duration", "runtime", "run_time", "elapsed", "for", "?column?", "*_age", "*_duration",
          "*_seconds"}},
        query},
       {{"pid", "state"},
        {"query", "usename", "application_name", "client_addr", "wait_event", "wait_event_type",
         "backend_start", "xact_start", "query_start", "state_change", "blocked_by", "xact_age", "query_age",
         "state_age", "age"}}},
      {"setting",
       {{"name", kText, {}}, {"setting", kText, {"value", "current_setting"}}, {"unit", kText, {}}},
       {{"name"}, {"setting"}}},
      {"checkpoints",
       {{"checkpoints_timed", kNumber, {"num_timed"}}, {"checkpoints_req", kNumber, {"num_requested"}}},
       {{"checkpoints_timed"}, {"checkpoints_req"}}},
      {"member",
       {{"member", kText, {}},
        {"host", kText, {}},
        {"role", kText, {}},
        {"state", kText, {}},
        {"lag_bytes", kMegabytes, {"lag in mb", "replay lag"}}},
       {{"member"}, {"role"}, {"state"}}},
      {"archiver",
       {{"archived_count", kNumber, {}},
        {"last_archived_wal", kText, {}},
        {"last_archived_time", kTime, {}},
        {"failed_count", kNumber, {}},
        {"last_failed_wal", kText, {}},
        {"last_failed_time", kTime, {}}},
       {{"failed_count"}, {"archived_count", "last_archived_time", "last_failed_time", "last_failed_wal"}}},
      {"prepared",
       {{"gid", kText, {}},
        {"prepared", kTime, {}},
        {"owner", kText, {}},
        {"database", kText, {}},
        {"age", kSeconds, {"*age"}}},
       {{"gid"}, {"prepared"}}},
      {"wal_position",
       {{"current_lsn", kLsn, {"pg_current_wal_lsn", "pg_current_xlog_location"}}},
       {{"current_lsn"}}}};
}

const std::vector<View>& views() {
  static const std::vector<View> kViews = make_views();
  return kViews;
}

bool is_called(const Column& column, std::string_view name) {
  return name == column.name || std::any_of(column.spellings.begin(), column.spellings.end(),
                                            [&](std::string_view s) { return base::fits(s, name); });
}

/// Gives each name its column: exact names first, so that a pattern takes what nobody else is called.
std::vector<const Column*> placed(const View& view, const std::vector<std::string>& names) {
  std::vector<const Column*> columns(names.size(), nullptr);
  const auto is_taken = [&](const Column& column) {
    return std::find(columns.begin(), columns.end(), &column) != columns.end();
  };
  for (const bool exact : {true, false}) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (columns[i] != nullptr) continue;
      for (const Column& column : view.columns) {
        const bool same = exact ? names[i] == column.name : is_called(column, names[i]);
        if (!same || is_taken(column)) continue;
        columns[i] = &column;
        break;
      }
    }
  }
  return columns;
}

bool has_all_needs(const Match& match) {
  return std::all_of(match.view->needs.begin(), match.view->needs.end(), [&](const Names& group) {
    return std::any_of(group.begin(), group.end(),
                       [&](std::string_view name) { return match.column(name) != nullptr; });
  });
}

/// The parameters of the server that bear on what the other tables show.
constexpr std::array<std::string_view, 34> kSettings{"archive_command",
                                                     "archive_mode",
                                                     "autovacuum",
                                                     "autovacuum_max_workers",
                                                     "autovacuum_vacuum_cost_delay",
                                                     "autovacuum_vacuum_cost_limit",
                                                     "autovacuum_vacuum_scale_factor",
                                                     "autovacuum_vacuum_threshold",
                                                     "checkpoint_completion_target",
                                                     "checkpoint_timeout",
                                                     "deadlock_timeout",
                                                     "effective_cache_size",
                                                     "hot_standby_feedback",
                                                     "idle_in_transaction_session_timeout",
                                                     "idle_session_timeout",
                                                     "lock_timeout",
                                                     "maintenance_work_mem",
                                                     "max_connections",
                                                     "max_locks_per_transaction",
                                                     "max_prepared_transactions",
                                                     "max_replication_slots",
                                                     "max_slot_wal_keep_size",
                                                     "max_standby_streaming_delay",
                                                     "max_wal_senders",
                                                     "max_wal_size",
                                                     "recovery_min_apply_delay",
                                                     "reserved_connections",
                                                     "shared_buffers",
                                                     "statement_timeout",
                                                     "superuser_reserved_connections",
                                                     "synchronous_commit",
                                                     "wal_keep_size",
                                                     "wal_level",
                                                     "work_mem"};

/// Source: PostgreSQL manual, 28.2.3 pg_stat_activity, "state"; "disabled" where track_activities is off.
bool is_session_state(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kStates{
      "active",   "idle",    "idle in transaction", "idle in transaction (aborted)", "fastpath function call",
      "disabled", "starting"};
  return std::find(kStates.begin(), kStates.end(), text) != kStates.end();
}

/// Source: Patroni documentation, "patronictl list".
bool is_member_role(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kRoles{"Leader", "Standby Leader", "Sync Standby",
                                                          "Quorum Standby", "Replica"};
  return std::find(kRoles.begin(), kRoles.end(), text) != kRoles.end();
}

std::size_t position_of(const Match& match, std::string_view name) {
  for (std::size_t i = 0; i < match.columns.size(); ++i) {
    if (match.columns[i] != nullptr && match.columns[i]->name == name) return i;
  }
  return match.columns.size();
}

/// True where all values of a column that the table has are such as they must be; some must be there.
template <class Accept>
bool all_are(const Table& table, const Match& match, std::string_view name, const Accept& accept) {
  const std::size_t at = position_of(match, name);
  if (at == match.columns.size()) return false;
  std::size_t found = 0;
  for (const Row& row : table.rows) {
    if (row.cells[at].empty()) continue;
    if (!accept(row.cells[at])) return false;
    ++found;
  }
  return found > 0;
}

bool is_number(const std::string& text) {
  return normalized(kNumber, text).has_value();
}

/// True where a column is called as only columns of the system views are.
bool has_system_column(const Table& table) {
  static constexpr std::array<std::string_view, 10> kSystem{
      "application_name", "usename",    "client_addr", "wait_event_type", "wait_event",
      "backend_type",     "xact_start", "query_start", "state_change",    "backend_start"};
  return std::any_of(table.columns.begin(), table.columns.end(), [](const std::string& name) {
    return std::find(kSystem.begin(), kSystem.end(), base::to_lower(name)) != kSystem.end();
  });
}

/// A delay alone may be anybody's: it has to be called one of replication, or stand beside what only that
/// has.
bool speaks_of_replication(const Table& table, const Match& match) {
  for (const std::string_view own :
       {"sent_lsn", "write_lsn", "flush_lsn", "replay_lsn", "write_lag", "flush_lag", "replay_lag",
        "sync_state", "last_replay", "in_recovery", "application_name"}) {
    if (match.column(own) != nullptr) return true;
  }
  return std::any_of(table.columns.begin(), table.columns.end(), [](const std::string& name) {
    const std::string lower = base::to_lower(name);
    return lower.starts_with("repl") || lower.starts_with("standby");
  });
}

/// Names alone could mislead where applications have tables with columns called so.
bool has_fitting_values(const Table& table, const Match& match) {
  if (table.rows.empty()) return true;
  if (match.view->name == "replica") return speaks_of_replication(table, match);
  if (match.view->name == "member") return all_are(table, match, "role", is_member_role);
  const bool states = match.column("state") == nullptr || all_are(table, match, "state", is_session_state);
  if (match.view->name == "session") {
    const bool numbered = match.column("pid") != nullptr;
    const bool told = numbered || match.column("query") != nullptr || has_system_column(table);
    return states && told && (!numbered || all_are(table, match, "pid", is_number));
  }
  if (match.view->name == "sessions_by_group") {
    const bool told = match.column("state") != nullptr && states;
    return all_are(table, match, "count", is_number) && states && (told || has_system_column(table));
  }
  if (match.view->name == "setting") {
    const std::size_t at = position_of(match, "name");
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [&](const Row& row) { return is_known_setting(row.cells[at]); });
  }
  if (match.view->name == "statement")
    return match.column("calls") == nullptr || all_are(table, match, "calls", is_number);
  return true;
}

/// `SHOW max_connections` gives a table of one column, called like the parameter.
std::optional<Match> shown_setting(const std::vector<std::string>& columns) {
  static const View kShown{"shown_setting", {{"value", kText, {}}}, {}};
  if (columns.size() != 1 || !is_known_setting(columns.front())) return std::nullopt;
  return Match{&kShown, {&kShown.columns.front()}};
}

template <class Accept>
std::optional<Match> first_view(const std::vector<std::string>& columns, const Accept& accept) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const std::string& name : columns) names.push_back(base::to_lower(name));
  if (auto shown = shown_setting(names)) return shown;
  for (const View& view : views()) {
    Match match{&view, placed(view, names)};
    if (has_all_needs(match) && accept(match)) return match;
  }
  return std::nullopt;
}

}  // namespace

const Column* Match::column(std::string_view name) const {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [&](const Column* c) { return c != nullptr && c->name == name; });
  return at == columns.end() ? nullptr : *at;
}

std::optional<Match> view_with(const std::vector<std::string>& columns) {
  return first_view(columns, [](const Match&) { return true; });
}

std::optional<Match> view_of(const Table& table) {
  return first_view(table.columns, [&](const Match& match) { return has_fitting_values(table, match); });
}

bool is_known_setting(std::string_view name) {
  return std::find(kSettings.begin(), kSettings.end(), name) != kSettings.end();
}

}  // namespace midwatch::clients::postgresql
