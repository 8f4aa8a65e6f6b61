#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/observe/database/views.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// A replica this far behind is no longer a copy that one may read from; ordinary replay is below a second.
constexpr double kLagSeconds = 60.0;
/// The same in log that is not replayed; bursts of less are caught up with.
constexpr double kLagBytes = 256.0 * 1024 * 1024;
/// Less log on the volume than this is ordinary.
constexpr double kRetainedLog = 1024.0 * 1024 * 1024;
constexpr double kMeasured = 0.95;
constexpr double kReported = 0.8;

std::string replica_name(const PlatformEvent& row) {
  for (const char* name : {"application_name", "member", "client_addr", "usename", "pid"}) {
    if (const std::string_view value = row.attributes.get(name); !value.empty()) return view_text(value);
  }
  return {};
}

/// Where the log has got to: the largest position that anything names.
std::optional<double> end_of_log(const Views& views) {
  std::optional<double> end;
  const auto consider = [&](std::string_view view, std::initializer_list<const char*> names) {
    for (const PlatformEvent* row : views.of(view)) {
      for (const char* name : names) {
        const auto position = row->attributes.number(name);
        if (position && (!end || *position > *end)) end = position;
      }
    }
  };
  consider("wal_position", {"current_lsn"});
  consider("replica", {"current_lsn", "sent_lsn"});
  consider("slot", {"current_lsn"});
  return end;
}

class ReplicationReader {
 public:
  explicit ReplicationReader(const ViewInput& input) : input_(input), end_(end_of_log(input.views)) {}

  std::vector<Observation> run() {
    read_replicas();
    read_members();
    read_slots();
    read_archiver();
    return std::move(out_);
  }

 private:
  /// Seconds, where somebody says so.
  static std::optional<double> time_behind(const PlatformEvent& row) {
    return row.attributes.number("replay_lag");
  }

  std::optional<double> log_behind(const PlatformEvent& row) const {
    if (const auto bytes = row.attributes.number("lag_bytes")) return bytes;
    const auto replayed = row.attributes.number("replay_lsn");
    const auto own = row.attributes.number("current_lsn");
    const auto sent = row.attributes.number("sent_lsn");
    const auto end = own ? own : end_ ? end_ : sent;
    if (!replayed || !end || *end < *replayed) return std::nullopt;
    return *end - *replayed;
  }

  void read_replicas() {
    Views::Rows rows = input_.views.of("replica");
    for (const PlatformEvent* member : input_.views.of("member")) rows.push_back(member);
    const PlatformEvent* worst = nullptr;
    double most = 0;
    for (const PlatformEvent* row : rows) {
      const double behind =
          std::max(time_behind(*row).value_or(0) / kLagSeconds, log_behind(*row).value_or(0) / kLagBytes);
      if (behind < 1 || behind <= most) continue;
      worst = row;
      most = behind;
    }
    if (worst == nullptr) return;
    const auto seconds = time_behind(*worst);
    const bool in_time = seconds && *seconds >= kLagSeconds;
    const double value = in_time ? *seconds : log_behind(*worst).value_or(0);
    Observation o = view_observation(input_, "state.database.replica_lagging.measured", kMeasured, {worst});
    o.value = value;
    o.unit = in_time ? "s" : "By";
    o.subject = replica_name(*worst);
    o.facts["replica"] = o.subject.empty() ? input_.entity : o.subject;
    o.facts["lag"] = base::format_quantity(value, o.unit);
    if (in_time) o.onset = onset_before(input_, seconds);
    out_.push_back(std::move(o));
  }

  /// A member of a cluster whose server does not run.
  /// Source: Patroni documentation, REST API, "state".
  void read_members() {
    for (const PlatformEvent* row : input_.views.of("member")) {
      const std::string_view state = row->attributes.get("state");
      const bool down = state == "stopped" || state == "crashed" || state.ends_with(" failed");
      if (row->attributes.get("role") == "Leader" || !down) continue;
      Observation o = view_observation(input_, "sign.db_replica_stopped", kMeasured, {row});
      o.subject = "db_replica_stopped";
      o.facts["replica"] = replica_name(*row);
      o.facts["seen_in"] = "state";
      o.facts["message"] = view_text(row->message);
      return out_.push_back(std::move(o));
    }
  }

  void read_slots() {
    const PlatformEvent* worst = nullptr;
    double most = 0;
    for (const PlatformEvent* row : input_.views.of("slot")) {
      const double kept = retained_by(*row);
      if (kept < kRetainedLog || kept <= most) continue;
      worst = row;
      most = kept;
    }
    if (worst == nullptr) return read_threatened_slots();
    add_slot(*worst, most, kMeasured);
  }

  double retained_by(const PlatformEvent& row) const {
    const auto& a = row.attributes;
    if (const auto kept = a.number("retained")) return *kept;
    const auto restart = a.number("restart_lsn");
    const auto end = a.number("current_lsn") ? a.number("current_lsn") : end_;
    return restart && end ? *end - *restart : 0;
  }

  /// What the server says of slots whose size nobody asked for.
  /// Source: PostgreSQL manual, 54.19 pg_replication_slots, "wal_status".
  void read_threatened_slots() {
    for (const PlatformEvent* row : input_.views.of("slot")) {
      const std::string_view status = row->attributes.get("wal_status");
      if (row->attributes.get("active") == "true" || (status != "extended" && status != "unreserved"))
        continue;
      return add_slot(*row, 0, kReported);
    }
  }

  void add_slot(const PlatformEvent& row, double kept, double strength) {
    Observation o = view_observation(input_, "state.database.log_retained.measured", strength, {&row});
    o.subject = view_text(row.attributes.get("slot_name"));
    if (kept > 0) {
      o.value = kept;
      o.unit = "By";
      o.facts["kept"] = base::format_quantity(kept, "By");
    }
    o.facts["slot"] = o.subject;
    const bool inactive = row.attributes.get("active") == "false";
    if (inactive) o.facts["inactive"] = "inactive";
    if (const auto status = row.attributes.get("wal_status"); !status.empty())
      o.facts["wal_status"] = view_text(status);
    out_.push_back(std::move(o));
  }

  void read_archiver() {
    for (const PlatformEvent* row : input_.views.of("archiver")) {
      const auto& a = row->attributes;
      const auto failed = base::parse_rfc3339(a.get("last_failed_time"));
      const auto archived = base::parse_rfc3339(a.get("last_archived_time"));
      if (a.number("failed_count").value_or(0) <= 0 || !failed || (archived && *archived >= *failed))
        continue;
      Observation o = view_observation(input_, "state.database.archive_failing", kMeasured, {row});
      o.value = a.number("failed_count");
      o.subject = view_text(a.get("last_failed_wal"));
      o.facts["count"] = base::format_number(*o.value);
      if (archived) o.facts["last"] = base::format_rfc3339(*archived);
      if (input_.scope.window.contains(*failed)) o.onset = failed;
      return out_.push_back(std::move(o));
    }
  }

  const ViewInput& input_;
  std::optional<double> end_;
  std::vector<Observation> out_;
};

}  // namespace

std::vector<Observation> observe_replication(const ViewInput& input) {
  return ReplicationReader(input).run();
}

}  // namespace midwatch::observe::database
