#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/base/result.h"

namespace midwatch::store {

/// Bytes that are no text.
struct SqlBytes {
  std::string bytes;
};

/// What a column or a parameter holds; monostate is NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBytes>;
using SqlRow = std::vector<SqlValue>;

/// What a statement gave, and how many rows it wrote.
struct SqlRows {
  std::vector<SqlRow> rows;
  std::size_t changed = 0;
};

/// One connection to one database: the only thing that a kind of database has to bring.
///
/// Shape:   statements are written in what SQLite and PostgreSQL have in common; parameters are $1, $2, …
///          Every text comes back byte for byte, also with NUL and with what is no UTF-8.
/// Errors:  kConflict for a key that exists; kNotFound for a reference to what is not there;
///          kResourceExhausted for a full disk; kUnavailable where the database cannot be reached or is busy.
/// Threads: one at a time.
class SqlConnection {
 public:
  virtual ~SqlConnection() = default;

  virtual base::Result<SqlRows> run(std::string_view sql, const std::vector<SqlValue>& parameters) = 0;

  /// Begins a transaction that sees one state and refuses to write.
  virtual base::Result<> begin_reading() = 0;
  /// Begins a transaction that is as if no other wrote at the same time.
  virtual base::Result<> begin_writing() = 0;
  /// Keeps it, durably.
  virtual base::Result<> commit() = 0;
  virtual void roll_back() = 0;

  /// True where the database gave up the whole transaction by itself.
  virtual bool lost_transaction() const = 0;
  /// True where it did because of another transaction, so that the same again may succeed.
  virtual bool worth_again() const = 0;

  /// The condition that a column contains a parameter, which is in lower case; ASCII letters are alike.
  virtual std::string contains(std::string_view column, std::string_view parameter) const = 0;
  /// The space of which the details of the audit speak, as an expression over their JSON; '' where it is
  /// none.
  virtual std::string_view audit_space() const = 0;
  /// What follows a SELECT of work to take, so that two takers do not wait for one another; may be empty.
  virtual std::string_view skip_locked() const = 0;
  /// Where it is and what it is, without secrets.
  virtual std::string describe() const = 0;
};

}  // namespace midwatch::store
