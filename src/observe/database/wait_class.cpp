#include "src/observe/database/wait_class.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "src/base/ascii.h"

namespace midwatch::observe::database {
namespace {

using Rule = std::pair<std::string_view, std::string_view>;

/// A part of the name, and the class it means. The first that occurs counts: the log and checkpoints are
/// inputs and outputs too, and come before these.
constexpr std::array<Rule, 38> kWaits{{{"checkpoint", "checkpoint"},
                                       {"mdl_context", "lock"},
                                       {"controlfile", "checkpoint"},
                                       {"bufferio", "data_read"},
                                       {"syncrep", "replication"},
                                       {"walreceiver", "replication"},
                                       {"walsender", "replication"},
                                       {"replication", "replication"},
                                       {"recovery", "replication"},
                                       {"wal", "wal"},
                                       {"xactsync", "wal"},
                                       {"redo_log", "wal"},
                                       {"binlog", "wal"},
                                       {"innodb_log_file", "wal"},
                                       {"vacuum", "vacuum"},
                                       {"buffile", "temp_files"},
                                       {"temp_file", "temp_files"},
                                       {"datafilewrite", "data_write"},
                                       {"datafileextend", "data_write"},
                                       {"datafilesync", "data_write"},
                                       {"datafileflush", "data_write"},
                                       {"datafile", "data_read"},
                                       {"table/sql/handler", "data_read"},
                                       {"innodb_data_file", "data_read"},
                                       {"lwlock", "latch"},
                                       {"row_lock", "lock"},
                                       {"wait/synch", "latch"},
                                       {"synch/mutex", "latch"},
                                       {"synch/sxlock", "latch"},
                                       {"synch/rwlock", "latch"},
                                       {"io_cache", "temp_files"},
                                       {"lock:", "lock"},
                                       {"wait/lock", "lock"},
                                       {"client:", "client"},
                                       {"/socket/", "client"},
                                       {"sleep", "sleep"},
                                       {"cpu", "cpu"},
                                       {"io:", "data_read"}}};

constexpr std::array<Rule, 24> kStatements{{{"autovacuum", "vacuum"},  {"vacuum", "vacuum"},
                                            {"analyze", "vacuum"},     {"checkpoint", "checkpoint"},
                                            {"select", "read"},        {"with", "read"},
                                            {"fetch", "read"},         {"explain", "read"},
                                            {"insert", "write"},       {"update", "write"},
                                            {"delete", "write"},       {"merge", "write"},
                                            {"replace", "write"},      {"copy", "backup"},
                                            {"alter", "ddl"},          {"create", "ddl"},
                                            {"drop", "ddl"},           {"truncate", "ddl"},
                                            {"reindex", "ddl"},        {"cluster", "ddl"},
                                            {"refresh", "ddl"},        {"begin", "transaction"},
                                            {"commit", "transaction"}, {"rollback", "transaction"}}};

}  // namespace

std::string_view wait_class(std::string_view wait_event) {
  const std::string name = base::to_lower(wait_event);
  const auto* rule = std::find_if(kWaits.begin(), kWaits.end(),
                                  [&](const Rule& r) { return name.find(r.first) != std::string::npos; });
  return rule == kWaits.end() ? "other" : rule->second;
}

std::string_view statement_class(std::string_view sql) {
  const std::size_t start = sql.find_first_not_of(" \t\r\n(");
  const std::string text = base::to_lower(sql.substr(std::min(start, sql.size()), 40));
  const auto* rule = std::find_if(kStatements.begin(), kStatements.end(),
                                  [&](const Rule& r) { return text.starts_with(r.first); });
  return rule == kStatements.end() ? "other" : rule->second;
}

}  // namespace midwatch::observe::database
