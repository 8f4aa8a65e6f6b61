#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/result.h"
#include "src/base/try.h"
#include "src/store/sql_connection.h"
#include "src/store/sql_rows.h"
#include "src/store/store.h"

namespace midwatch::store {

/// The conditions of a query with their parameters.
class SqlConditions {
 public:
  /// Keeps a parameter, and gives its place in the text.
  std::string bind(SqlValue value);
  void add(std::string_view condition);
  void equal(std::string_view column, SqlValue value);
  /// The column holds a word of a fixed list, which stands in the text itself: an index over the rows that
  /// have it is found only so.
  void is(std::string_view column, std::string_view word);
  void within(std::string_view column, const base::TimeRange& range);
  /// No condition where there is no value.
  void one_of(std::string_view column, const std::vector<std::string>& values);

  /// Begins with " WHERE "; empty where there is no condition.
  std::string text() const;
  const std::vector<SqlValue>& parameters() const { return parameters_; }

 private:
  std::vector<std::string> conditions_;
  std::vector<SqlValue> parameters_;
};

/// "$1, $2, …" up to `count`.
std::string sql_places(std::size_t count);

/// Counts for LIMIT, which takes no more.
std::int64_t sql_limit(std::size_t limit);

/// What stands at the end of a page, as text, and back.
std::string cursor_text(base::Timestamp time, const std::string& id);
base::Result<std::pair<base::Timestamp, std::string>> read_cursor(std::string_view text);

/// kNotFound and kConflict, in words for people.
base::Error not_there(std::string_view what, const std::string& id);
base::Error there_already(std::string_view what, const std::string& id);

/// Runs a statement that has to write; kNotFound where it wrote nothing.
base::Result<> change_one(SqlConnection& connection, std::string_view sql,
                          const std::vector<SqlValue>& parameters, std::string_view what,
                          const std::string& id);

/// Adds a row; how many were written. `otherwise` says what happens where it is there.
template <class T>
base::Result<std::size_t> insert_row(SqlConnection& connection, const T& item, std::string_view otherwise) {
  const SqlRow values = Table<T>::values(item);
  MIDWATCH_TRY(const auto written,
               connection.run(fmt::format("INSERT INTO {} ({}) VALUES ({}) {}", Table<T>::kName,
                                          Table<T>::kColumns, sql_places(values.size()), otherwise),
                              values));
  return written.changed;
}

/// Adds a row; kConflict where it is there.
template <class T>
base::Result<> add_row(SqlConnection& connection, const T& item, std::string_view what,
                       const std::string& id) {
  MIDWATCH_TRY(const auto written, insert_row(connection, item, "ON CONFLICT DO NOTHING"));
  if (written == 0) return there_already(what, id);
  return {};
}

template <class T>
base::Result<std::vector<T>> select_rows(SqlConnection& connection, std::string_view rest,
                                         const std::vector<SqlValue>& parameters) {
  MIDWATCH_TRY(auto rows,
               connection.run(fmt::format("SELECT {} FROM {} {}", Table<T>::kColumns, Table<T>::kName, rest),
                              parameters));
  return read_rows<T>(std::move(rows));
}

template <class T>
base::Result<T> select_one(SqlConnection& connection, const std::string& id, std::string_view what) {
  MIDWATCH_TRY(auto found, select_rows<T>(connection, "WHERE id = $1", {id}));
  if (found.empty()) return not_there(what, id);
  return std::move(found.front());
}

/// Writes all columns where the version is the latest, and the next version.
template <class T>
base::Result<> update_latest(SqlConnection& connection, T item, std::string_view what) {
  const std::uint64_t version = item.version++;
  SqlRow values = Table<T>::values(item);
  const std::string places = sql_places(values.size());
  values.emplace_back(static_cast<std::int64_t>(version));
  MIDWATCH_TRY(const auto written,
               connection.run(fmt::format("UPDATE {} SET ({}) = ({}) WHERE id = $1 AND version = ${}",
                                          Table<T>::kName, Table<T>::kColumns, places, values.size()),
                              values));
  if (written.changed > 0) return {};
  MIDWATCH_TRY(const auto latest, select_one<T>(connection, item.id, what));
  return base::user_error(
      base::ErrorCode::kConflict,
      fmt::format("{} {} was changed meanwhile: its version is {} and not {}; read it again", what, item.id,
                  latest.version, version));
}

/// How a kind of rows is paged, newest first by `time_column` and id, and where its entity and mode stand.
template <class T>
struct Paging {
  std::string_view time_column;
  base::Timestamp (*time_of)(const T&);
  const std::string& (*id_of)(const T&);
  std::string_view entity_column = "entity";
  std::string_view of_entity = "{}";       ///< a condition around the one on the column
  std::string_view of_mode = "mode = {}";  ///< a condition with the place of the mode
};

/// A page of the rows that fit. Each space is asked alone, because an index gives the newest of one space,
/// and a database asked for several sorts all that they hold.
template <class T>
base::Result<Page<T>> select_page(SqlConnection& connection, SqlConditions conditions, const Scope& scope,
                                  const Paging<T>& paging, const std::string& after, std::size_t limit) {
  if (scope.time) conditions.within(paging.time_column, *scope.time);
  if (!scope.entity.empty()) {
    const std::string part = conditions.bind(base::to_lower(scope.entity));
    conditions.add(
        fmt::format(fmt::runtime(paging.of_entity), connection.contains(paging.entity_column, part)));
  }
  if (!scope.mode.empty())
    conditions.add(fmt::format(fmt::runtime(paging.of_mode), conditions.bind(scope.mode)));
  if (!after.empty()) {
    MIDWATCH_TRY(auto last, read_cursor(after));
    const std::string time = conditions.bind(sql_time(last.first));
    conditions.add(
        fmt::format("({}, id) < ({}, {})", paging.time_column, time, conditions.bind(last.second)));
  }
  Page<T> page;
  const auto add = [&](SqlConditions some) -> base::Result<> {
    const std::string order = fmt::format("{} ORDER BY {} DESC, id DESC LIMIT {}", some.text(),
                                          paging.time_column, some.bind(sql_limit(limit) + 1));
    MIDWATCH_TRY(auto items, select_rows<T>(connection, order, some.parameters()));
    std::move(items.begin(), items.end(), std::back_inserter(page.items));
    return {};
  };
  if (scope.spaces.empty()) MIDWATCH_TRY_VOID(add(conditions));
  for (const std::string& space : scope.spaces) {
    SqlConditions some = conditions;
    some.equal("space", space);
    MIDWATCH_TRY_VOID(add(std::move(some)));
  }
  if (scope.spaces.size() > 1)
    std::sort(page.items.begin(), page.items.end(), [&](const T& a, const T& b) {
      return std::pair(paging.time_of(b), paging.id_of(b)) < std::pair(paging.time_of(a), paging.id_of(a));
    });
  if (page.items.size() > limit) {
    page.items.resize(limit);
    if (limit > 0)
      page.next = cursor_text(paging.time_of(page.items.back()), paging.id_of(page.items.back()));
  }
  return page;
}

}  // namespace midwatch::store
