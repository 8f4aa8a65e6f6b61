#include "src/store/sql_query.h"

#include <algorithm>
#include <charconv>

#include <fmt/ranges.h>

#include "src/base/utf8.h"

namespace midwatch::store {
namespace {

constexpr std::size_t kMaxShown = 100;  ///< bytes of an id in a message

}  // namespace

std::string SqlConditions::bind(SqlValue value) {
  parameters_.push_back(std::move(value));
  return fmt::format("${}", parameters_.size());
}

void SqlConditions::add(std::string_view condition) {
  conditions_.emplace_back(condition);
}

void SqlConditions::equal(std::string_view column, SqlValue value) {
  add(fmt::format("{} = {}", column, bind(std::move(value))));
}

void SqlConditions::is(std::string_view column, std::string_view word) {
  add(fmt::format("{} = '{}'", column, word));
}

void SqlConditions::within(std::string_view column, const base::TimeRange& range) {
  add(fmt::format("{} >= {}", column, bind(sql_time(range.start))));
  add(fmt::format("{} < {}", column, bind(sql_time(range.end))));
}

void SqlConditions::one_of(std::string_view column, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<std::string> places;
  places.reserve(values.size());
  for (const auto& value : values) places.push_back(bind(value));
  add(fmt::format("{} IN ({})", column, fmt::join(places, ", ")));
}

std::string SqlConditions::text() const {
  if (conditions_.empty()) return {};
  return fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
}

std::string sql_places(std::size_t count) {
  std::string places;
  for (std::size_t i = 1; i <= count; ++i) places += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  return places;
}

std::int64_t sql_limit(std::size_t limit) {
  constexpr std::size_t kMost = 1U << 30U;
  return static_cast<std::int64_t>(std::min(limit, kMost));
}

std::string cursor_text(base::Timestamp time, const std::string& id) {
  return fmt::format("{}.{}", sql_time(time), id);
}

base::Result<std::pair<base::Timestamp, std::string>> read_cursor(std::string_view text) {
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    const std::string number(text.substr(0, dot));
    const char* const past = number.data() + number.size();
    std::int64_t time = 0;
    const auto [end, error] = std::from_chars(number.data(), past, time);
    if (error == std::errc() && end == past)
      return std::pair(base::Timestamp(base::Duration(time)), std::string(text.substr(dot + 1)));
  }
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("\"{}\" continues no list: give what the page before called its next",
                                      base::printable(text, kMaxShown)));
}

base::Error not_there(std::string_view what, const std::string& id) {
  return base::user_error(base::ErrorCode::kNotFound,
                          fmt::format("there is no {} {}", what, base::printable(id, kMaxShown)));
}

base::Error there_already(std::string_view what, const std::string& id) {
  return base::user_error(base::ErrorCode::kConflict,
                          fmt::format("there is {} {} already", what, base::printable(id, kMaxShown)));
}

base::Result<> change_one(SqlConnection& connection, std::string_view sql,
                          const std::vector<SqlValue>& parameters, std::string_view what,
                          const std::string& id) {
  MIDWATCH_TRY(const auto written, connection.run(sql, parameters));
  if (written.changed == 0) return not_there(what, id);
  return {};
}

}  // namespace midwatch::store
