#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/result.h"
#include "src/store/sql_connection.h"

struct pg_conn;
struct pg_result;

namespace midwatch::store::postgres {

struct CloseConnection {
  void operator()(pg_conn* connection) const;
};
struct ClearResult {
  void operator()(pg_result* result) const;
};

/// One connection to one PostgreSQL database. Where the server restarted or another took its place, the next
/// transaction connects anew.
class PostgresConnection final : public SqlConnection {
 public:
  /// `address` is a URI (postgresql://…) or "host=… dbname=…", as libpq takes them.
  static base::Result<std::unique_ptr<PostgresConnection>> open(const std::string& address);

  base::Result<SqlRows> run(std::string_view sql, const std::vector<SqlValue>& parameters) override;
  base::Result<> begin_reading() override;
  base::Result<> begin_writing() override;
  base::Result<> commit() override;
  void roll_back() override;
  bool lost_transaction() const override;
  bool worth_again() const override { return worth_again_; }
  std::string contains(std::string_view column, std::string_view parameter) const override;
  std::string_view audit_space() const override;
  std::string_view skip_locked() const override { return " FOR UPDATE SKIP LOCKED"; }
  std::string describe() const override { return description_; }

  /// Runs statements that take no parameters and give nothing.
  base::Result<> run_script(const std::string& script);

 private:
  using Answer = std::unique_ptr<pg_result, ClearResult>;

  explicit PostgresConnection(std::string address) : address_(std::move(address)) {}
  base::Result<> connect();
  base::Result<> begin(const std::string& script);
  base::Result<std::string> prepare(std::string_view sql, const std::vector<SqlValue>& parameters);
  bool is_lost() const;
  base::Error error(const pg_result* answer);

  std::string address_;
  std::string description_;
  std::unique_ptr<pg_conn, CloseConnection> connection_;
  std::unordered_map<std::string, std::string> prepared_;  ///< names of statements, by their text
  bool in_transaction_ = false;
  bool gave_up_ = false;  ///< the server undid the transaction because of another
  bool worth_again_ = false;
};

}  // namespace midwatch::store::postgres
