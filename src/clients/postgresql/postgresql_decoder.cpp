#include "src/clients/postgresql/postgresql_decoder.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/shell_words.h"
#include "src/base/utf8.h"
#include "src/clients/postgresql/psql_text.h"
#include "src/clients/postgresql/views.h"

namespace midwatch::clients::postgresql {
namespace {

constexpr const char* kEngineAttribute = "database.engine";
constexpr const char* kEngine = "postgresql";
constexpr std::size_t kValueBytes = 1000;
constexpr std::size_t kShownValueBytes = 160;
constexpr std::size_t kMessageBytes = 1000;
constexpr std::size_t kLineBytes = 2000;
constexpr std::size_t kMostMessages = 2000;
constexpr std::size_t kShownColumns = 12;
/// Whoever asks pg_stat_activity sees itself; else the latest time of a table is near to when it was asked.
constexpr std::string_view kOwnQuery = "pg_stat_activity";
/// A table whose latest time lies farther from the alarm was not asked then.
constexpr base::Duration kSameTime = std::chrono::hours(6);

/// The host of `psql -h db.internal`, `--host=…` or `PGHOST=…`.
std::string asked_host(std::string_view command) {
  const std::vector<std::string> words = base::first_shell_command(command).words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-h" || words[i] == "--host") return i + 1 < words.size() ? words[i + 1] : std::string();
    for (const std::string_view start : {"--host=", "PGHOST=", "-h"}) {
      if (words[i].starts_with(start)) return words[i].substr(start.size());
    }
  }
  return {};
}

/// One table that is known.
struct Known {
  const Table* table = nullptr;
  Match match;
};

class Decoder {
 public:
  Decoder(const PsqlOutput& output, telemetry::TelemetryBatch& out) : output_(output), out_(out) {
    std::string_view text = output.text;
    std::size_t first_line = output.first_line;
    if (text.starts_with('#') || text.starts_with('$')) {
      const std::size_t end = text.find('\n');
      host_ = asked_host(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
      ++first_line;
    }
    read_ = read_psql_text(text, first_line, [](const std::vector<std::string>& columns) {
      return view_with(columns).has_value();
    });
    for (const Table& table : read_.tables) {
      if (auto match = view_of(table)) known_.push_back({&table, std::move(*match)});
    }
  }

  bool knows_any() const { return !known_.empty(); }

  void decode() {
    mention();
    for (const Known& known : known_) decode_table(known);
    decode_lines();
    if (read_.cut) notice("only its first rows and lines are read", "先頭の行のみを読み取りました");
  }

 private:
  void notice(std::string what, std::string what_ja) {
    out_.notices.push_back({std::move(what), output_.ref, std::move(what_ja)});
  }

  void mention() {
    const bool only_pools = std::all_of(known_.begin(), known_.end(),
                                        [](const Known& k) { return k.match.view->name == "pool"; });
    telemetry::Entity entity;
    entity.id = output_.entity;
    entity.ref = {output_.ref.source, output_.first_line};
    if (output_.entity == kUnnamed) {
      entity.name = output_.entity;
      entity.attributes.set("platform.kind", "database");
    }
    if (!only_pools || known_.empty()) entity.attributes.set(kEngineAttribute, kEngine);
    out_.entities.push_back(std::move(entity));
  }

  telemetry::PlatformEvent event(std::size_t line) const {
    telemetry::PlatformEvent event;
    event.entity = output_.entity;
    event.source = kEngine;
    event.ref = {output_.ref.source, line};
    if (!host_.empty()) event.attributes.set("asked.host", base::printable(host_, kShownValueBytes));
    return event;
  }

  void decode_table(const Known& known) {
    const std::string_view view = known.match.view->name;
    for (const Row& row : known.table->rows) {
      telemetry::PlatformEvent e = event(row.line);
      e.type = view;
      e.attributes.set("table", fmt::format("{}", known.table->first_line));
      if (view == "shown_setting") {
        e.type = "setting";
        e.attributes.set("name", base::to_lower(known.table->columns.front()));
        e.attributes.set("setting", base::printable(row.cells.front(), kShownValueBytes));
      } else {
        set_values(known, row, e.attributes);
      }
      if (e.type == "setting" && !is_known_setting(e.attributes.get("name"))) continue;
      e.message = shown(*known.table, row);
      add_ages(known, e.attributes);
      out_.events.push_back(std::move(e));
    }
    if (known.table->rows.empty()) decode_empty(*known.table, view);
  }

  /// That a view has no row is known as well: nobody waits, no slot is there.
  void decode_empty(const Table& table, std::string_view view) {
    telemetry::PlatformEvent e = event(table.first_line);
    e.type = view;
    e.reason = "no rows";
    for (const std::string& column : table.columns)
      e.message +=
          fmt::format("{}{}", e.message.empty() ? "" : " ", base::printable(column, kShownValueBytes));
    e.message = base::clip_utf8(e.message, kMessageBytes);
    out_.events.push_back(std::move(e));
  }

  static void set_values(const Known& known, const Row& row, telemetry::Attributes& attributes) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Column* column = known.match.columns[i];
      if (column == nullptr) continue;
      auto value = normalized(column->kind, row.cells[i]);
      if (!value) continue;
      if (known.match.view->name == "replica" && column->name == "lag") {
        set_lag(known, *value, attributes);
      } else {
        attributes.set(std::string(column->name), base::clip_utf8(base::repair_utf8(*value), kValueBytes));
      }
    }
  }

  /// A lag without a unit: a time as an interval or a fraction; beside the names of replicas, whole numbers
  /// are bytes of the log.
  static void set_lag(const Known& known, std::string_view value, telemetry::Attributes& attributes) {
    const bool plain = value.find_first_not_of("-0123456789") == std::string_view::npos;
    const bool of_primary =
        known.match.column("application_name") != nullptr || known.match.column("client_addr") != nullptr;
    const auto bytes = normalized(ValueKind::kBytes, value);
    const auto seconds = normalized(ValueKind::kSeconds, value);
    const bool has_unit = !seconds && bytes;
    if (has_unit || (plain && of_primary && bytes)) {
      attributes.set("lag_bytes", *bytes);
    } else if (seconds) {
      attributes.set("replay_lag", *seconds);
    }
  }

  static std::string shown(const Table& table, const Row& row) {
    std::string text;
    for (std::size_t i = 0; i < row.cells.size() && text.size() < kMessageBytes; ++i) {
      if (row.cells[i].empty()) continue;
      text +=
          fmt::format("{}{}={}", text.empty() ? "" : " ", base::printable(table.columns[i], kShownValueBytes),
                      base::printable(row.cells[i], kShownValueBytes));
    }
    return base::clip_utf8(text, kMessageBytes);
  }

  /// How long ago the times of a session were, so that no reader needs to know when the table was printed.
  void add_ages(const Known& known, telemetry::Attributes& attributes) {
    static constexpr std::array<std::pair<const char*, const char*>, 5> kAges{{{"xact_start", "xact_age"},
                                                                               {"query_start", "query_age"},
                                                                               {"state_change", "state_age"},
                                                                               {"waitstart", "wait_age"},
                                                                               {"prepared", "age"}}};
    for (const auto& [time, age] : kAges) {
      const auto then = base::parse_rfc3339(attributes.get(time));
      if (!then || attributes.find(age) != nullptr) continue;
      const double seconds = base::to_seconds(time_of(*known.table, known.match) - *then);
      if (seconds >= 0) attributes.set(age, fmt::format("{:.0f}", seconds));
    }
  }

  /// When a table was printed.
  base::Timestamp time_of(const Table& table, const Match& match) {
    if (timed_ == &table) return time_;
    timed_ = &table;
    time_ = {};
    bool sees_itself = false;
    for (const Row& row : table.rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const Column* column = match.columns[i];
        if (column == nullptr) continue;
        if (column->kind == ValueKind::kTime)
          time_ = std::max(time_, parse_time(row.cells[i]).value_or(time_));
        sees_itself =
            sees_itself || (column->name == "query" && row.cells[i].find(kOwnQuery) != std::string::npos);
      }
    }
    const auto& asked = output_.reference_time;
    if (!sees_itself && asked && *asked > time_ && *asked - time_ < kSameTime) time_ = *asked;
    return time_;
  }

  /// Lines that are in no known table, as what a command printed.
  void decode_lines() {
    for (const Table& table : read_.tables) {
      const bool known =
          std::any_of(known_.begin(), known_.end(), [&](const Known& k) { return k.table == &table; });
      if (!known) decode_unknown(table);
    }
    bool of_error = false;
    for (const Said& said : read_.said) {
      of_error = is_query_error(said.text) || (of_error && explains_error(said.text));
      if (!of_error) message(said.line, said.text);
      if (is_query_error(said.text)) {
        const std::string words = base::printable(base::trim(said.text), kShownValueBytes);
        notice("psql said: " + words, "psql の応答: " + words);
      }
    }
  }

  /// What was wrong with the query is the asker's affair, and means that something was not looked at.
  static bool is_query_error(std::string_view line) {
    if (line.starts_with("psql:") && !line.starts_with("psql: error:")) {  // "psql:checks.sql:3: ERROR:  …"
      const std::size_t at = line.find(": ");
      line = at == std::string_view::npos ? line : line.substr(at + 2);
    }
    return line.starts_with("ERROR: ");
  }

  static bool explains_error(std::string_view line) {
    static constexpr std::array<std::string_view, 5> kStarts{"LINE ",
                                                             "HINT: ", "DETAIL: ", "CONTEXT: ", "QUERY: "};
    return base::trim(line) == "^" ||
           std::any_of(kStarts.begin(), kStarts.end(), [&](auto start) { return line.starts_with(start); });
  }

  void decode_unknown(const Table& table) {
    std::string columns;
    for (std::size_t i = 0; i < std::min(table.columns.size(), kShownColumns); ++i)
      columns += fmt::format("{}{}", i == 0 ? "" : ", ", base::printable(table.columns[i], kShownValueBytes));
    notice(fmt::format("a table of {} is none that is known; its rows are read as text", columns),
           fmt::format("列 {} の表は未知のため、テキストとして読み取りました", columns));
    for (const Row& row : table.rows) message(row.line, shown(table, row));
  }

  void message(std::size_t line, std::string_view text) {
    if (++messages_ > kMostMessages) {
      read_.cut = true;
      return;
    }
    telemetry::PlatformEvent e = event(line);
    e.type = "message";
    e.reason = telemetry::kCommandOutput;
    e.message = base::printable(base::trim(text), kLineBytes);
    out_.events.push_back(std::move(e));
  }

  const PsqlOutput& output_;
  telemetry::TelemetryBatch& out_;
  std::string host_;
  PsqlText read_;
  std::vector<Known> known_;
  const Table* timed_ = nullptr;
  base::Timestamp time_;
  std::size_t messages_ = 0;
};

/// Whoever contains a database, as the workload of its pod, is one.
void mark_workloads(telemetry::TelemetryBatch& batch) {
  std::set<std::string, std::less<>> databases;
  std::set<std::string, std::less<>> workloads;
  for (const telemetry::Entity& entity : batch.entities) {
    if (entity.attributes.find(kEngineAttribute) != nullptr) databases.insert(entity.id);
    const std::string_view kind = entity.attributes.get("platform.kind");
    if (kind == "workload" || kind == "replicaset") workloads.insert(entity.id);
  }
  std::set<std::string, std::less<>> owners = databases;
  bool grown = !databases.empty();
  while (grown) {
    grown = false;
    for (const telemetry::Relation& relation : batch.relations) {
      const bool belongs = relation.kind == telemetry::RelationKind::kContains &&
                           owners.contains(relation.to) && workloads.contains(relation.from);
      if (belongs) grown = owners.insert(relation.from).second || grown;
    }
  }
  for (const std::string& owner : owners) {
    if (databases.contains(owner)) continue;
    telemetry::Entity entity;
    entity.id = owner;
    entity.attributes.set(kEngineAttribute, kEngine);
    batch.entities.push_back(std::move(entity));
  }
}

/// A session that calls itself like an application is that application's call.
void relate_applications(telemetry::TelemetryBatch& batch) {
  std::map<std::string, std::set<std::string>, std::less<>> ids_by_name;
  for (const telemetry::Entity& entity : batch.entities) {
    const std::string_view kind = entity.attributes.get("platform.kind");
    if (kind.empty() || kind == "workload" || kind == "function")
      ids_by_name[entity.name.empty() ? entity.id : entity.name].insert(entity.id);
  }
  std::set<std::pair<std::string, std::string>> related;
  for (const telemetry::PlatformEvent& event : batch.events) {
    if (event.source != kEngine || event.entity == kUnnamed) continue;
    const auto callers = ids_by_name.find(event.attributes.get("application_name"));
    // Of several that are called so, nobody knows which it is.
    if (callers == ids_by_name.end() || callers->second.size() != 1) continue;
    const std::string& caller = *callers->second.begin();
    if (caller != event.entity && related.emplace(caller, event.entity).second)
      batch.relations.push_back({caller, event.entity, telemetry::RelationKind::kCalls, event.ref});
  }
}

}  // namespace

bool decode_known_tables(const PsqlOutput& output, telemetry::TelemetryBatch& out) {
  Decoder decoder(output, out);
  if (!decoder.knows_any()) return false;
  decoder.decode();
  return true;
}

void decode_psql_output(const PsqlOutput& output, telemetry::TelemetryBatch& out) {
  Decoder(output, out).decode();
}

void link_databases(telemetry::TelemetryBatch& batch) {
  mark_workloads(batch);
  relate_applications(batch);
}

}  // namespace midwatch::clients::postgresql
