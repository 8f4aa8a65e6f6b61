#include "src/observe/database/wait_class.h"

#include <gtest/gtest.h>

namespace midwatch::observe::database {
namespace {

TEST(WaitClass, NamesOfBothEngines) {
  const std::pair<const char*, const char*> cases[] = {
      {"CPU", "cpu"},
      {"CPU:user", "cpu"},
      {"IO:WALWrite", "wal"},
      {"IO:XactSync", "wal"},
      {"wait/io/aurora_redo_log_flush", "wal"},
      {"Lock:transactionid", "lock"},
      {"LWLock:buffer_content", "latch"},
      {"IO:DataFileRead", "data_read"},
      {"wait/io/table/sql/handler", "data_read"},
      {"IO:DataFileExtend", "data_write"},
      {"IO:CheckpointSync", "checkpoint"},
      {"Timeout:CheckpointWriteDelay", "checkpoint"},
      {"IO:BufFileWrite", "temp_files"},
      {"Client:ClientRead", "client"},
      {"IPC:SyncRep", "replication"},
      {"Timeout:VacuumDelay", "vacuum"},
      {"wait/synch/mutex/innodb/trx_sys_mutex", "latch"},
      {"synch/cond/sql/MDL_context::COND_wait_status", "lock"},
      {"wait/synch/cond/sql/MDL_context::COND_wait_status", "lock"},
      {"synch/cond/innodb/row_lock_wait_cond", "lock"},
      {"synch/sxlock/innodb/btr_search_latch", "latch"},
      {"io/file/sql/io_cache", "temp_files"},
      {"Activity:LogicalLauncherMain", "other"},
  };
  for (const auto& [name, wanted] : cases) EXPECT_EQ(wait_class(name), wanted) << name;
}

TEST(StatementClass, FirstWordDecides) {
  const std::pair<const char*, const char*> cases[] = {
      {"SELECT 1", "read"},
      {"  with x as (select 1) select", "read"},
      {"(SELECT 1) UNION", "read"},
      {"UPDATE t SET a = $1", "write"},
      {"insert into t", "write"},
      {"ALTER TABLE t ADD c int", "ddl"},
      {"CREATE INDEX i", "ddl"},
      {"autovacuum: VACUUM ANALYZE public.t", "vacuum"},
      {"CHECKPOINT", "checkpoint"},
      {"COMMIT", "transaction"},
      {"", "other"},
      {"SHOW TABLES", "other"},
  };
  for (const auto& [sql, wanted] : cases) EXPECT_EQ(statement_class(sql), wanted) << sql;
}

}  // namespace
}  // namespace midwatch::observe::database
