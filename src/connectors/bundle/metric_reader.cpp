#include "src/connectors/bundle/metric_reader.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/base/redact.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/csv_row.h"
#include "src/connectors/bundle/name_table.h"
#include "src/connectors/bundle/repeated_row.h"
#include "src/connectors/bundle/series_builder.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

using telemetry::MetricKey;
using telemetry::MetricSeries;

/// The two columns that differ from row to row, as they are written.
struct PointText {
  std::string_view time;
  std::string_view value;
};

/// Where the columns stand in one file.
struct Columns {
  std::size_t timestamp = 0, entity = 0, metric = 0, value = 0;
  std::optional<std::size_t> unit, stat;
  std::vector<std::pair<std::string, std::size_t>> dimensions;
  std::vector<std::size_t> key;  ///< all but time and value
  std::size_t count = 0;

  RepeatedRow::Pair in_order(const PointText& point) const {
    return timestamp < value ? RepeatedRow::Pair{point.time, point.value}
                             : RepeatedRow::Pair{point.value, point.time};
  }
  PointText point_of(const RepeatedRow::Pair& pair) const {
    return timestamp < value ? PointText{pair.first, pair.second} : PointText{pair.second, pair.first};
  }
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

base::Error header_error(std::string_view what, std::string_view line) {
  return base::user_error(base::ErrorCode::kMalformed,
                          fmt::format("line 1: {}; needed are timestamp,entity,metric,value; the line is: {}",
                                      what, base::printable(base::redact(line.substr(0, 400)), 200)));
}

base::Result<Columns> read_header(const Line& line, ReadProblems& problems) {
  CsvRow row;
  if (line.too_long || row.split(line.text) != CsvRow::Outcome::kGood)
    return header_error("the header is no CSV, or has more than 64 columns", line.text);
  std::map<std::string_view, std::size_t> at;
  Columns columns;
  columns.count = row.size();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string_view name = trimmed(row[i]);
    if (!at.emplace(name, i).second) {
      problems.repaired(problem::kColumnTwice, line.number);
      continue;
    }
    if (name == "unit") {
      columns.unit = i;
    } else if (name == "stat") {
      columns.stat = i;
    } else if (name != "timestamp" && name != "entity" && name != "metric" && name != "value" &&
               !name.empty()) {
      columns.dimensions.emplace_back(base::repair_utf8(name), i);
    }
  }
  std::sort(columns.dimensions.begin(), columns.dimensions.end());
  const std::array<std::pair<std::string_view, std::size_t*>, 4> needed{{{"timestamp", &columns.timestamp},
                                                                         {"entity", &columns.entity},
                                                                         {"metric", &columns.metric},
                                                                         {"value", &columns.value}}};
  std::vector<std::string_view> missing;
  for (const auto& [name, position] : needed) {
    if (const auto found = at.find(name); found != at.end()) {
      *position = found->second;
    } else {
      missing.push_back(name);
    }
  }
  if (!missing.empty())
    return header_error(fmt::format("the header has no column {}", fmt::join(missing, ", ")), line.text);
  for (std::size_t i = 0; i < columns.count; ++i) {
    if (i != columns.timestamp && i != columns.value) columns.key.push_back(i);
  }
  return columns;
}

}  // namespace

class MetricReader::State {
 public:
  explicit State(MetricBounds bounds) : bounds_(bounds) {}

  base::Result<std::uint64_t> read(LineReader& lines, ReadProblems& problems) {
    Line line;
    MIDWATCH_TRY(const bool has_header, lines.next(line));
    if (!has_header) return 0;  // an empty file: looked for, and there is none
    MIDWATCH_TRY(columns_, read_header(line, problems));
    by_row_.clear();  // raw keys are those of one file's column order
    repeated_.forget();
    last_time_text_.clear();
    last_time_.reset();
    std::uint64_t records = 0;
    while (true) {
      MIDWATCH_TRY(const bool more, lines.next(line));
      if (!more) return records;
      if (line.is_blank()) continue;
      ++records;
      if (const ProblemKind* wrong = read_row(line, problems); wrong != nullptr)
        problems.lost(*wrong, line.number);
    }
  }

  std::vector<MetricSeries> finish(std::uint64_t& replaced) {
    std::vector<MetricSeries> series;
    series.reserve(builders_.size());
    by_key_.clear();
    by_row_.clear();
    for (; !builders_.empty(); builders_.pop_front()) series.push_back(builders_.front().finish(replaced));
    points_ = 0;
    std::sort(series.begin(), series.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return series;
  }

 private:
  const ProblemKind* read_row(const Line& line, ReadProblems& problems) {
    if (line.too_long) return &problem::kLineTooLong;
    RepeatedRow::Pair pair;
    if (!repeated_.read(line.text, pair)) return read_other_row(line, problems);
    telemetry::MetricPoint point;
    if (const ProblemKind* wrong = read_point(columns_.point_of(pair), point); wrong != nullptr) return wrong;
    add(builders_[repeated_series_], point, line.number, problems);
    return nullptr;
  }

  /// A row that is not like the one before.
  const ProblemKind* read_other_row(const Line& line, ReadProblems& problems) {
    switch (row_.split(line.text)) {
      case CsvRow::Outcome::kGood:
        break;
      case CsvRow::Outcome::kOpenQuote:
        return &problem::kRowQuotes;
      case CsvRow::Outcome::kBadQuote:
      case CsvRow::Outcome::kTooManyColumns:
        return &problem::kRowShape;
    }
    if (row_.size() != columns_.count) return &problem::kRowShape;
    const PointText text{row_[columns_.timestamp], row_[columns_.value]};
    telemetry::MetricPoint point;
    if (const ProblemKind* wrong = read_point(text, point); wrong != nullptr) return wrong;
    if (row_[columns_.entity].empty() || row_[columns_.metric].empty()) return &problem::kRowNames;
    const auto at = series_of_row(line, problems);
    if (!at) return &problem::kTooManySeries;
    repeated_.remember(line.text, columns_.in_order(text));
    repeated_series_ = *at;
    add(builders_[*at], point, line.number, problems);
    return nullptr;
  }

  const ProblemKind* read_point(const PointText& text, telemetry::MetricPoint& point) {
    if (text.time != last_time_text_) {  // rows of one moment often follow each other
      last_time_text_ = text.time;
      last_time_ = base::parse_timestamp(last_time_text_);
    }
    if (!last_time_) return &problem::kRowTime;
    if (text.value.empty()) return &problem::kRowEmptyValue;
    const auto value = telemetry::parse_number(text.value);
    if (!value) return &problem::kRowValue;
    point = {*last_time_, *value};
    return nullptr;
  }

  void add(SeriesBuilder& builder, telemetry::MetricPoint point, std::uint64_t line, ReadProblems& problems) {
    const std::size_t before = builder.size();
    builder.add(point);
    points_ += builder.size() - before;
    if (builder.size() >= bounds_.points_of_a_series) {
      problems.repaired(problem::kThinned, line);
      halve(builder);
    }
    if (points_ >= bounds_.points) {
      problems.repaired(problem::kThinned, line);
      thin_longest();
    }
  }

  void halve(SeriesBuilder& builder) {
    points_ -= builder.size();
    builder.halve();
    points_ += builder.size();
  }

  void thin_longest() {
    std::size_t longest = 0;
    for (const auto& builder : builders_) longest = std::max(longest, builder.size());
    for (auto& builder : builders_) {
      if (builder.size() > longest / 2) halve(builder);
    }
  }

  /// The series of the row that was split. The raw key is the row without time and value, so most rows cost
  /// one look-up.
  std::optional<std::size_t> series_of_row(const Line& line, ReadProblems& problems) {
    raw_key_.clear();
    for (const std::size_t column : columns_.key) {
      raw_key_ += row_[column];
      raw_key_ += '\x1f';
    }
    if (const auto at = by_row_.find(std::string_view(raw_key_)); at != by_row_.end()) return at->second;
    if (!base::is_valid_utf8(raw_key_)) problems.repaired(problem::kNotUtf8, line.number);
    auto key = key_of_row();
    if (!key) return std::nullopt;
    // The same key may have come from another file, with other columns, or written in another way.
    auto at = by_key_.find(&*key);
    if (at == by_key_.end()) {
      if (builders_.size() >= bounds_.series) return std::nullopt;
      builders_.emplace_back(*std::move(key));
      at = by_key_.emplace(&builders_.back().key(), builders_.size() - 1).first;
    }
    by_row_.emplace(raw_key_, at->second);
    return at->second;
  }

  /// Nothing where there are too many entities.
  std::optional<MetricKey> key_of_row() {
    const auto entity = entities_.clean(base::repair_utf8(row_[columns_.entity]));
    if (!entity) return std::nullopt;
    const auto text = [this](std::size_t column) { return base::redact(base::repair_utf8(row_[column])); };
    MetricKey key;
    key.entity = std::string(*entity);
    key.metric = text(columns_.metric);
    if (columns_.unit) key.unit = text(*columns_.unit);
    if (columns_.stat) key.stat = text(*columns_.stat);
    for (const auto& [name, column] : columns_.dimensions) {
      if (!row_[column].empty()) key.dimensions.emplace_back(name, text(column));
    }
    return key;
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  MetricBounds bounds_;
  NameTable entities_;
  struct ByKey {
    bool operator()(const MetricKey* a, const MetricKey* b) const { return *a < *b; }
  };
  std::deque<SeriesBuilder> builders_;  // which never move, so that others can point to their keys
  std::map<const MetricKey*, std::size_t, ByKey> by_key_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_row_;  // raw key text → series
  std::size_t points_ = 0;
  // Of the file and the row being read:
  Columns columns_;
  CsvRow row_;
  std::string raw_key_;
  RepeatedRow repeated_;
  std::size_t repeated_series_ = 0;  // of the rows that are like it
  std::string last_time_text_;
  std::optional<base::Timestamp> last_time_;
};

MetricReader::MetricReader(MetricBounds bounds) : state_(std::make_unique<State>(bounds)) {}
MetricReader::~MetricReader() = default;

base::Result<std::uint64_t> MetricReader::read(LineReader& lines, ReadProblems& problems) {
  return state_->read(lines, problems);
}

std::vector<MetricSeries> MetricReader::finish(std::string_view source, std::vector<model::Gap>& gaps) {
  std::uint64_t replaced = 0;
  auto series = state_->finish(replaced);
  if (replaced > 0) {
    gaps.push_back(gap_about(
        source,
        fmt::format(
            "{}: points with the time of another point of their series, the later row kept ({} times)",
            source, replaced),
        fmt::format("{}: 同じ系列・同じ時刻に複数の値があるため、後の行を採用しました（{} 件）", source,
                    replaced)));
  }
  return series;
}

}  // namespace midwatch::connectors::bundle
