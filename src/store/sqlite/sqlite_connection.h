#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/result.h"
#include "src/store/sql_connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace midwatch::store::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const;
};

/// One connection to one SQLite database.
class SqliteConnection final : public SqlConnection {
 public:
  /// Opens a file, or ":memory:"; makes the file, for its owner alone, where there is none.
  static base::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path);

  base::Result<SqlRows> run(std::string_view sql, const std::vector<SqlValue>& parameters) override;
  base::Result<> begin_reading() override;
  base::Result<> begin_writing() override;
  base::Result<> commit() override;
  void roll_back() override;
  bool lost_transaction() const override;
  bool worth_again() const override { return false; }
  std::string contains(std::string_view column, std::string_view parameter) const override;
  std::string_view audit_space() const override;
  std::string_view skip_locked() const override { return {}; }
  std::string describe() const override;

  /// Turns write-ahead logging on, which stays with the file.
  base::Result<> let_read_while_writing();
  /// Runs statements that take no parameters and give nothing.
  base::Result<> run_script(const std::string& script);
  /// The number that a pragma or a query gives.
  base::Result<std::int64_t> number(std::string_view sql);
  /// Copies the database as it is now into another, whose content it replaces.
  base::Result<> copy_to(SqliteConnection& target);

 private:
  using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

  SqliteConnection(std::string path, std::unique_ptr<sqlite3, CloseDatabase> database)
      : path_(std::move(path)), database_(std::move(database)) {}
  base::Result<> configure();
  base::Result<sqlite3_stmt*> prepare(std::string_view sql);
  base::Result<> bind(sqlite3_stmt* statement, std::size_t number, const SqlValue& value);
  base::Error error() const;

  std::string path_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::unordered_map<std::string, Statement> statements_;
  bool in_transaction_ = false;
};

}  // namespace midwatch::store::sqlite
