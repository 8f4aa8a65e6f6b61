#include "src/clients/postgresql/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/ascii.h"

namespace midwatch::clients::postgresql {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> parts(std::string_view text) {
  std::vector<std::string> out;
  for (const auto part : base::split(text, '|')) out.emplace_back(part);
  return out;
}

struct Case {
  const char* columns;
  const char* values;  ///< of one row
  const char* view;    ///< empty: none
};

TEST(Views, AreToldByColumns) {
  for (const Case& c :
       {Case{"pid|usename|state|query", "7|app|idle|select 1", "session"},
        Case{"PID|Age|Query", "7|00:01:00|select 1", "session"},
        Case{"pid|pg_blocking_pids|left", "7|{8}|update t", "session"},
        Case{"state|?column?|query", "active|00:01:00|select 1", "session"},
        Case{"application_name|state|count", "orders|idle|7", "sessions_by_group"},
        Case{"count|state", "40|idle in transaction", "sessions_by_group"},
        Case{"n|usename", "40|app", "sessions_by_group"}, Case{"state|n", "active|3", "sessions_by_group"},
        Case{"total|active|idle|idle_in_transaction", "40|1|2|37", "session_numbers"},
        Case{"max_conn|used|res_for_super|res_for_normal", "100|97|3|0", "session_numbers"},
        Case{"blocked_pid|blocked_user|blocking_pid|blocking_statement", "7|a|8|update t", "blocked"},
        Case{"locktype|relation|mode|granted|pid", "relation|t|ShareLock|f|7", "lock"},
        Case{"slot_name|active|restart_lsn", "s|f|0/3000060", "slot"},
        Case{"slot_name|pg_size_pretty", "s|12 GB", "slot"},
        Case{"application_name|state|replay_lag", "r1|streaming|00:10:00", "replica"},
        Case{"client_addr|state|sent_lsn|replay_lsn", "10.0.0.1|streaming|0/1|0/1", "replica"},
        Case{"replication_delay", "00:10:00", "replica"},
        Case{"relname|n_dead_tup", "orders|900000", "table"},
        Case{"schemaname|relname|seq_scan|idx_scan", "public|orders|900|0", "table"},
        Case{"query|calls|mean_exec_time", "select 1|7|3.5", "statement"},
        Case{"datname|numbackends|deadlocks", "shop|7|0", "database"},
        Case{"datname|age", "shop|1900000000", "database"},
        Case{"name|setting|unit", "max_connections|100|", "setting"},
        Case{"max_connections", "100", "shown_setting"},
        Case{"checkpoints_timed|checkpoints_req", "1|900", "checkpoints"},
        Case{"archived_count|failed_count|last_failed_wal", "1|9|0001", "archiver"},
        Case{"database|user|cl_active|cl_waiting|maxwait", "shop|app|20|7|3", "pool"},
        Case{"Member|Host|Role|State|TL|Lag in MB", "db-1|10.0.0.2|Replica|streaming|5|0", "member"},
        // Tables of applications.
        Case{"member|role|state", "anna|editor|active", ""}, Case{"state|count", "shipped|7", ""},
        Case{"status|count", "active|7", ""}, Case{"id|state|query", "1|open|what", ""},
        Case{"name|setting", "colour|red", ""}, Case{"user|count", "anna|7", ""}, Case{"delay", "7", ""},
        Case{"id|name|price", "1|a|2", ""}, Case{"state|age", "Ohio|7", ""},
        Case{"primary_conninfo", "host=a password=b", ""}}) {
    const Table table{parts(c.columns), {{parts(c.values), 1}}, 1, 1};
    const auto match = view_of(table);
    EXPECT_EQ(match ? match->view->name : std::string_view(), c.view) << c.columns;
  }
}

TEST(Views, AColumnIsFoundUnderItsAliases) {
  const auto match = view_with({"pid", "app", "tx_age", "sql", "anything"});
  ASSERT_TRUE(match);
  std::vector<std::string> names;
  for (const Column* column : match->columns) names.emplace_back(column == nullptr ? "" : column->name);
  EXPECT_THAT(names, ElementsAre("pid", "application_name", "xact_age", "query", ""));
}

}  // namespace
}  // namespace midwatch::clients::postgresql
