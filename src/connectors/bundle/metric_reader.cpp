#include "src/connectors/bundle/metric_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

using telemetry::MetricPoint;
using telemetry::MetricSeries;

constexpr std::size_t kMaxColumns = 64;
constexpr std::size_t kMaxSeries = 500'000;

/// Splits a CSV line. Quoted fields are unquoted into `storage`. False where the quotes do not match or there
/// are too many.
bool split_csv(std::string_view line, std::vector<std::string_view>& fields,
               std::vector<std::string>& storage) {
  fields.clear();
  storage.clear();
  storage.reserve(kMaxColumns);  // views into elements must stay valid
  std::size_t pos = 0;
  while (true) {
    if (fields.size() == kMaxColumns) return false;
    if (pos < line.size() && line[pos] == '"') {
      std::string& text = storage.emplace_back();
      ++pos;
      while (true) {
        const std::size_t quote = line.find('"', pos);
        if (quote == std::string_view::npos) return false;
        text += line.substr(pos, quote - pos);
        pos = quote + 1;
        if (pos >= line.size() || line[pos] != '"') break;
        text += '"';
        ++pos;
      }
      fields.push_back(text);
      if (pos == line.size()) return true;
      if (line[pos] != ',') return false;
      ++pos;
    } else {
      const std::size_t comma = line.find(',', pos);
      fields.push_back(line.substr(pos, comma == std::string_view::npos ? comma : comma - pos));
      if (comma == std::string_view::npos) return true;
      pos = comma + 1;
    }
  }
}

/// Where the columns stand in one file.
struct Columns {
  std::size_t timestamp = 0, entity = 0, metric = 0, value = 0;
  std::optional<std::size_t> unit, stat;
  std::vector<std::pair<std::string, std::size_t>> dimensions;
  std::size_t count = 0;
};

base::Result<Columns> read_header(std::string_view line) {
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  std::vector<std::string_view> fields;
  std::vector<std::string> storage;
  if (!split_csv(line, fields, storage)) {
    return base::user_error(base::ErrorCode::kMalformed, "the header line is no CSV");
  }
  Columns columns;
  columns.count = fields.size();
  std::map<std::string_view, std::size_t> needed{
      {"timestamp", kMaxColumns}, {"entity", kMaxColumns}, {"metric", kMaxColumns}, {"value", kMaxColumns}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (const auto at = needed.find(fields[i]); at != needed.end()) {
      at->second = i;
    } else if (fields[i] == "unit") {
      columns.unit = i;
    } else if (fields[i] == "stat") {
      columns.stat = i;
    } else {
      columns.dimensions.emplace_back(base::repair_utf8(fields[i]), i);
    }
  }
  for (const auto& [name, at] : needed) {
    if (at == kMaxColumns) {
      return base::user_error(
          base::ErrorCode::kMalformed,
          fmt::format("the header has no column '{}'; needed are timestamp,entity,metric,value", name));
    }
  }
  std::sort(columns.dimensions.begin(), columns.dimensions.end());
  columns.timestamp = needed["timestamp"];
  columns.entity = needed["entity"];
  columns.metric = needed["metric"];
  columns.value = needed["value"];
  return columns;
}

void sort_points(std::vector<MetricPoint>& points) {
  const auto earlier = [](const MetricPoint& a, const MetricPoint& b) { return a.time < b.time; };
  if (!std::is_sorted(points.begin(), points.end(), earlier))
    std::stable_sort(points.begin(), points.end(), earlier);
}

/// Of several points with one time the last stays.
void keep_last_of_equal_times(std::vector<MetricPoint>& points) {
  std::size_t kept = 0;
  for (const MetricPoint& point : points) {
    if (kept > 0 && points[kept - 1].time == point.time) {
      points[kept - 1] = point;
    } else {
      points[kept++] = point;
    }
  }
  points.resize(kept);
}

void halve(std::vector<MetricPoint>& points) {
  sort_points(points);
  keep_last_of_equal_times(points);
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    points[kept++] = {points[i].time, (points[i].value + points[i + 1].value) / 2};
  }
  if (points.size() % 2 == 1) points[kept++] = points.back();
  points.resize(kept);
}

}  // namespace

struct MetricReader::State {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index;  // raw key text → series
  std::vector<MetricSeries> series;

  /// The series of a row. The raw key is the row without time and value, so most rows cost one look-up.
  std::optional<std::size_t> find(std::string& raw_key, const std::vector<std::string_view>& fields,
                                  const Columns& columns) {
    raw_key.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i == columns.timestamp || i == columns.value) continue;
      raw_key += fields[i];
      raw_key += '\x1f';
    }
    if (const auto at = index.find(std::string_view(raw_key)); at != index.end()) return at->second;
    if (series.size() >= kMaxSeries) return std::nullopt;
    MetricSeries fresh;
    fresh.key.entity = base::repair_utf8(fields[columns.entity]);
    fresh.key.metric = base::repair_utf8(fields[columns.metric]);
    if (columns.unit) fresh.key.unit = base::repair_utf8(fields[*columns.unit]);
    if (columns.stat) fresh.key.stat = base::repair_utf8(fields[*columns.stat]);
    for (const auto& [name, at] : columns.dimensions) {
      if (!fields[at].empty()) fresh.key.dimensions.emplace_back(name, base::repair_utf8(fields[at]));
    }
    series.push_back(std::move(fresh));
    index.emplace(raw_key, series.size() - 1);
    return series.size() - 1;
  }
};

MetricReader::MetricReader() : state_(std::make_unique<State>()) {}
MetricReader::~MetricReader() = default;

base::Result<std::uint64_t> MetricReader::read(LineReader& lines, ReadProblems& problems) {
  Line line;
  MIDWATCH_TRY(const bool has_header, lines.next(line));
  if (!has_header) return 0;  // an empty file: looked for, and there is none
  MIDWATCH_TRY(const Columns columns, read_header(line.text));

  state_->index.clear();  // raw keys are those of one file's column order
  std::map<telemetry::MetricKey, std::size_t> known;
  for (std::size_t i = 0; i < state_->series.size(); ++i) known.emplace(state_->series[i].key, i);

  std::vector<std::string_view> fields;
  std::vector<std::string> storage;
  std::string raw_key;
  std::string last_time_text;
  std::optional<base::Timestamp> last_time;
  std::uint64_t records = 0;
  const auto skip = [&](std::string_view why) {
    problems.add(why, line.number);
    problems.count_lost();
  };
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (line.text.empty()) continue;
    ++records;
    if (line.too_long || !split_csv(line.text, fields, storage) || fields.size() != columns.count) {
      skip("row does not fit the header, skipped");
      continue;
    }
    if (fields[columns.timestamp] != last_time_text) {
      last_time_text = fields[columns.timestamp];
      last_time = base::parse_timestamp(last_time_text);
    }
    if (!last_time) {
      skip("timestamp is neither RFC 3339 nor epoch seconds, row skipped");
      continue;
    }
    const auto value = telemetry::parse_number(fields[columns.value]);
    if (!value) {
      skip(fields[columns.value].empty() ? "value is empty, row skipped"
                                         : "value is no finite number, row skipped");
      continue;
    }
    if (fields[columns.entity].empty() || fields[columns.metric].empty()) {
      skip("entity or metric is empty, row skipped");
      continue;
    }
    const std::size_t before = state_->series.size();
    auto at = state_->find(raw_key, fields, columns);
    if (!at) {
      skip("more series than can be held, row skipped");
      continue;
    }
    if (state_->series.size() > before) {  // the same key may have come from another file with other columns
      const auto [same, is_new] = known.emplace(state_->series[*at].key, *at);
      if (!is_new) {
        state_->series.pop_back();
        state_->index.find(std::string_view(raw_key))->second = same->second;
        at = same->second;
      }
    }
    auto& points = state_->series[*at].points;
    points.push_back({*last_time, *value});
    if (points.size() >= kMaxPoints) {
      halve(points);
      problems.add("series has more points than are kept; neighbours are averaged", line.number);
    }
  }
  return records;
}

std::vector<MetricSeries> MetricReader::finish() {
  std::vector<MetricSeries> series = std::move(state_->series);
  state_ = std::make_unique<State>();
  for (auto& one : series) {
    sort_points(one.points);
    keep_last_of_equal_times(one.points);
  }
  std::sort(series.begin(), series.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return series;
}

}  // namespace midwatch::connectors::bundle
