#pragma once

#include <string_view>

namespace midwatch::observe::database {

/// What sessions wait for, by the engine's name of the wait event: `cpu`, `wal` (the write-ahead or redo
/// log), `lock` (rows, tables), `latch` (memory structures), `data_read`, `data_write`, `checkpoint`,
/// `temp_files`, `client` (the database waits for its client), `replication`, `vacuum`, `sleep`, or `other`.
/// Source: PostgreSQL 16 manual, table 28.4 "Wait Event Types"; Amazon RDS and Aurora User Guides, "Tuning
///         with wait events".
std::string_view wait_class(std::string_view wait_event);

/// What a statement does, by its first words: `read`, `write`, `ddl`, `vacuum`, `checkpoint`, `backup`,
/// `transaction`, or `other`.
std::string_view statement_class(std::string_view sql);

}  // namespace midwatch::observe::database
