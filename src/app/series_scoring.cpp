#include "src/app/series_scoring.h"

#include <memory>
#include <unordered_map>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/byte_source.h"
#include "src/connectors/bundle/csv_row.h"
#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/observe/series/streaming_detector.h"
#include "src/telemetry/number.h"

namespace midwatch::app {
namespace {

using connectors::bundle::CsvRow;
using connectors::bundle::Line;
using connectors::bundle::ProblemKind;
using observe::series::StreamingDetector;

constexpr ProblemKind kShape{"row does not have the header's columns, scored 0",
                             "列がヘッダーと合わない行のスコアを 0 としました"};
constexpr ProblemKind kTime{
    "row whose timestamp is neither RFC 3339 nor epoch seconds, scored 0",
    "タイムスタンプを解釈できない行（RFC 3339 でもエポック秒でもない）のスコアを 0 としました"};
constexpr ProblemKind kAbsent{"row without a finite value, an absent sample, scored 0",
                              "有限の数値がない行（欠測）のスコアを 0 としました"};
constexpr ProblemKind kLate{
    "row older than the one before it, scored 0; sort the file by time to have it scored",
    "直前の行より古い行のスコアを 0 としました（時刻順に並べ替えると採点されます）"};
constexpr ProblemKind kTooMany{"row of more series than are followed (1000), scored 0",
                               "追跡できる系列数（1000）を超えた行のスコアを 0 としました"};
constexpr ProblemKind kNoZone{"timestamp without a zone, read as UTC",
                              "タイムゾーンのないタイムスタンプを UTC として読みました"};

struct Columns {
  std::size_t timestamp = 0;
  std::size_t value = 0;
  std::size_t count = 0;
};

base::Result<Columns> read_header(const std::string& path, const Line& line) {
  CsvRow row;
  Columns columns;
  std::optional<std::size_t> timestamp;
  std::optional<std::size_t> value;
  if (!line.too_long && row.split(line.text) == CsvRow::Outcome::kGood) {
    columns.count = row.size();
    for (std::size_t i = row.size(); i-- > 0;) {  // of columns with one name the first counts
      if (row[i] == "timestamp") timestamp = i;
      if (row[i] == "value") value = i;
    }
  }
  if (timestamp && value) return Columns{*timestamp, *value, columns.count};
  return base::user_error(base::ErrorCode::kMalformed,
                          fmt::format("{}:1: the header needs the columns timestamp and value; it is: {}",
                                      path, base::printable(base::redact(line.text.substr(0, 400)), 200)));
}

/// Follows the series of one file.
class Scorer {
 public:
  explicit Scorer(std::string path, Columns columns) : columns_(columns), problems_(std::move(path)) {}

  ScoredRow score(const Line& line) {
    ScoredRow row;
    row.line = line.number;
    if (const ProblemKind* wrong = read(line, row); wrong != nullptr) {
      problems_.lost(*wrong, line.number);
    }
    return row;
  }

  std::vector<model::Gap> problems() const { return problems_.gaps(); }

 private:
  const ProblemKind* read(const Line& line, ScoredRow& row) {
    const bool is_good = !line.too_long && fields_.split(line.text) == CsvRow::Outcome::kGood;
    if (!is_good || fields_.size() != columns_.count) return &kShape;
    row.timestamp = fields_[columns_.timestamp];
    row.series = series_of_row();
    row.time = time_of(row.timestamp, line.number);
    if (!row.time) return &kTime;
    row.value = telemetry::parse_number(fields_[columns_.value]);
    if (!row.value) return &kAbsent;
    StreamingDetector* detector = detector_of(row.series);
    if (detector == nullptr) return &kTooMany;
    if (detector->newest() && *row.time < *detector->newest()) return &kLate;
    row.score = detector->score(*row.time, *row.value);
    return nullptr;
  }

  std::string_view series_of_row() {
    series_.clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i == columns_.timestamp || i == columns_.value || fields_[i].empty()) continue;
      if (!series_.empty()) series_ += ' ';
      series_ += fields_[i];
    }
    return series_;
  }

  std::optional<base::Timestamp> time_of(std::string_view text, std::uint64_t line) {
    if (const auto time = base::parse_timestamp(text)) return time;
    const auto time = base::parse_rfc3339(fmt::format("{}Z", text.substr(0, 64)));
    if (time) problems_.repaired(kNoZone, line);
    return time;
  }

  StreamingDetector* detector_of(std::string_view series) {
    if (series == last_series_ && last_ != nullptr) return last_;
    auto at = detectors_.find(std::string(series));
    if (at == detectors_.end()) {
      if (detectors_.size() >= kMostSeries) return nullptr;
      at = detectors_.emplace(series, std::make_unique<StreamingDetector>()).first;
    }
    last_series_ = series;
    last_ = at->second.get();
    return last_;
  }

  Columns columns_;
  connectors::bundle::ReadProblems problems_;
  CsvRow fields_;
  std::string series_;
  std::unordered_map<std::string, std::unique_ptr<StreamingDetector>> detectors_;
  std::string last_series_;
  StreamingDetector* last_ = nullptr;  ///< that of last_series_
};

}  // namespace

base::Result<ScoredFile> score_series_file(const std::string& path,
                                           const std::function<void(const ScoredRow&)>& visit) {
  const bool is_standard_input = path == "-";
  MIDWATCH_TRY(auto source, connectors::bundle::open_file(is_standard_input ? "/dev/stdin" : path));
  source = connectors::bundle::decompressed(std::move(source), connectors::bundle::compression_of_name(path));
  connectors::bundle::LineReader lines(*source);
  const std::string name = is_standard_input ? "standard input" : base::printable(path, 400);
  Line line;
  MIDWATCH_TRY(const bool has_header, lines.next(line));
  if (!has_header)
    return base::user_error(base::ErrorCode::kMalformed,
                            fmt::format("{}: the file is empty; its first line has to be a header", name));
  MIDWATCH_TRY(const Columns columns, read_header(name, line));
  Scorer scorer(name, columns);
  ScoredFile file;
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (line.is_blank()) continue;
    ++file.rows;
    visit(scorer.score(line));
  }
  file.problems = scorer.problems();
  return file;
}

}  // namespace midwatch::app
