#include "src/connectors/bundle/bundle_connector.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/entity_ids.h"
#include "src/connectors/bundle/metric_reader.h"
#include "src/connectors/bundle/name_table.h"
#include "src/connectors/bundle/raw_documents.h"
#include "src/connectors/bundle/read_ahead.h"
#include "src/connectors/bundle/record_reader.h"
#include "src/connectors/bundle/scope_reader.h"
#include "src/connectors/bundle/stream_reader.h"
#include "src/connectors/notice_gap.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kMaxScope = 16UL * 1024 * 1024;
constexpr std::size_t kMaxCodeFile = 1024UL * 1024;
constexpr std::size_t kMaxCodeFiles = 2000;
constexpr std::size_t kMaxCodeBytes = 64UL * 1024 * 1024;
constexpr std::size_t kNameBytes = 300;

struct Signal {
  std::string_view stem;
  std::string_view extension;
};
constexpr std::array<Signal, 10> kSignals{{{"metrics", ".csv"},
                                           {"baseline", ".csv"},
                                           {"logs", ".ndjson"},
                                           {"baseline_logs", ".ndjson"},
                                           {"traces", ".ndjson"},
                                           {"baseline_traces", ".ndjson"},
                                           {"changes", ".ndjson"},
                                           {"events", ".ndjson"},
                                           {"entities", ".ndjson"},
                                           {"relations", ".ndjson"}}};

constexpr ProblemKind kUnknownFile{"no file of a bundle, ignored (docs/incident-bundle.md lists them)",
                                   "バンドルのファイルではないため無視しました"};
constexpr ProblemKind kNoEntityFolder{"not in a folder code/<entity>/, ignored",
                                      "code/<entity>/ のフォルダーにないため無視しました"};
constexpr ProblemKind kTooMuchCode{"more source code than is kept (2000 files, 64 MiB), left out",
                                   "ソースコードが多すぎる（上限 2000 ファイル、64 MiB）ため省きました"};

/// Why a file cannot be read, for people who read Japanese; the English detail stands beside it.
std::string_view reason_ja(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kPermissionDenied:
      return "読み取り権限がありません";
    case base::ErrorCode::kMalformed:
      return "データが壊れているか、形式が違います";
    case base::ErrorCode::kUnsupported:
      return "対応していない形式です";
    case base::ErrorCode::kResourceExhausted:
      return "大きすぎます";
    default:
      return "読み取り中にエラーが発生しました";
  }
}

bool ends_the_call(const base::Error& error) {
  return error.code == base::ErrorCode::kCancelled || error.code == base::ErrorCode::kTimeout;
}

std::string shown(std::string_view name) {
  return base::printable(name, kNameBytes);
}

model::Gap unreadable(std::string_view file, const base::Error& error) {
  return gap_about(file, fmt::format("{} cannot be read: {}", file, error.describe()),
                   fmt::format("{}: {}（{}）", file, reason_ja(error.code), error.describe()));
}

/// A file that broke off in the middle.
model::Gap cut_off(std::string_view file, std::uint64_t line, const base::Error& error) {
  model::Gap gap = gap_about(file,
                             fmt::format("{} cannot be read beyond line {}: {}; what comes before is read",
                                         file, line, error.describe()),
                             fmt::format("{} は {} 行目より後を読めません: {}（{}）。それより前は読みました",
                                         file, line, reason_ja(error.code), error.describe()));
  gap.query = fmt::format("{}:{}", file, line + 1);
  return gap;
}

void add(ReadSummary& into, ReadSummary part) {
  into.looked = into.looked || part.looked;
  into.records += part.records;
  into.bytes += part.bytes;
  into.malformed += part.malformed;
  for (auto& gap : part.gaps) into.gaps.push_back(std::move(gap));
}

}  // namespace

base::Result<std::unique_ptr<BundleConnector>> BundleConnector::open(const std::string& path,
                                                                     const runtime::RequestContext& context,
                                                                     Reading reading) {
  MIDWATCH_TRY(auto files, BundleFiles::open_bundle(path, context));
  const auto parts = files->signal("bundle", ".json");
  MIDWATCH_TRY(auto source, files->open(parts.front(), context));
  auto text = read_all(*source, kMaxScope);
  if (!text) return std::move(text).error().with(parts.front().path);
  ReadProblems problems("bundle.json");
  MIDWATCH_TRY(auto scope, read_scope(*text, problems));
  std::unique_ptr<BundleConnector> connector(
      new BundleConnector(std::move(files), std::move(scope), reading));
  connector->opening_gaps_ = connector->files_->gaps();
  for (auto& gap : problems.gaps()) connector->opening_gaps_.push_back(std::move(gap));
  connector->note_unknown_files();
  return connector;
}

BundleConnector::BundleConnector(std::unique_ptr<BundleFiles> files, telemetry::IncidentScope scope,
                                 Reading reading)
    : files_(std::move(files)), scope_(std::move(scope)), reading_(reading) {}

std::string BundleConnector::source_name(std::uint32_t source) const {
  return source < files_->files().size() ? shown(files_->files()[source].name) : std::string("bundle.json");
}

void BundleConnector::note_unknown_files() {
  std::vector<std::string> known;
  for (const auto& file : files_->signal("bundle", ".json")) known.push_back(file.name);
  for (const Signal& signal : kSignals) {
    for (const auto& file : files_->signal(signal.stem, signal.extension)) known.push_back(file.name);
  }
  std::sort(known.begin(), known.end());
  MemberProblems problems;
  for (const auto& file : files_->files()) {
    if (file.name.starts_with("raw/")) continue;
    if (file.name.starts_with("code/")) {
      if (std::count(file.name.begin(), file.name.end(), '/') < 2) problems.add(kNoEntityFolder, file.name);
    } else if (!std::binary_search(known.begin(), known.end(), file.name)) {
      problems.add(kUnknownFile, file.name);
    }
  }
  for (auto& gap : problems.gaps()) opening_gaps_.push_back(std::move(gap));
}

base::Result<ReadSummary> BundleConnector::read_signal(const runtime::RequestContext& context,
                                                       std::string_view stem, std::string_view extension,
                                                       const ReadLines& read) const {
  MIDWATCH_TRY_VOID(context.check());
  const auto parts = files_->signal(stem, extension);
  ReadSummary summary;
  summary.looked = !parts.empty() || files_->has_folder(stem);
  for (const BundleFile& part : parts) {
    const std::string name = shown(part.name);
    ReadProblems problems(name);
    auto source = files_->open(part, context);
    if (!source) {
      if (ends_the_call(source.error())) return std::move(source).error().with(name);
      summary.gaps.push_back(unreadable(name, source.error()));
      continue;
    }
    if (reading_ == Reading::kAhead && compression_of_name(part.path) != Compression::kNone)
      source = read_ahead(*std::move(source));
    LineReader lines(**source);
    const auto records = read(lines, files_->position(part), problems);
    if (!records && ends_the_call(records.error())) {
      return base::Error(records.error()).with(fmt::format("{} after line {}", name, lines.number()));
    }
    summary.bytes += lines.bytes();
    summary.records += records ? *records : lines.number();
    summary.malformed += problems.lost();
    for (auto& gap : problems.gaps()) summary.gaps.push_back(std::move(gap));
    if (!records) {
      summary.gaps.push_back(lines.number() == 0 ? unreadable(name, records.error())
                                                 : cut_off(name, lines.number(), records.error()));
    }
  }
  return summary;
}

void BundleConnector::read_metrics_early(const runtime::RequestContext& context) {
  for (const Episode episode : {Episode::kBaseline, Episode::kIncident}) {
    std::vector<telemetry::MetricSeries> series;
    auto summary = read_metric_files(context, episode, series);
    early_[static_cast<std::size_t>(episode)].emplace(EarlyMetrics{std::move(summary), std::move(series)});
  }
}

base::Result<ReadSummary> BundleConnector::read_metrics(const runtime::RequestContext& context,
                                                        Episode episode,
                                                        std::vector<telemetry::MetricSeries>& out) {
  auto& early = early_[static_cast<std::size_t>(episode)];
  if (!early) return read_metric_files(context, episode, out);
  EarlyMetrics read = *std::exchange(early, std::nullopt);
  out = std::move(read.series);
  return std::move(read.summary);
}

base::Result<ReadSummary> BundleConnector::read_metric_files(
    const runtime::RequestContext& context, Episode episode,
    std::vector<telemetry::MetricSeries>& out) const {
  const std::string_view stem = episode == Episode::kIncident ? "metrics" : "baseline";
  MetricReader reader;
  auto summary = read_signal(
      context, stem, ".csv",
      [&](LineReader& lines, std::uint32_t, ReadProblems& problems) { return reader.read(lines, problems); });
  std::vector<model::Gap> gaps;
  out = reader.finish(fmt::format("{}.csv", stem), gaps);
  if (summary) {
    for (auto& gap : gaps) summary->gaps.push_back(std::move(gap));
  }
  return summary;
}

base::Result<ReadSummary> BundleConnector::read_logs(const runtime::RequestContext& context, Episode episode,
                                                     const LogVisitor& visit) {
  StreamReader reader;
  return read_signal(context, episode == Episode::kIncident ? "logs" : "baseline_logs", ".ndjson",
                     [&](LineReader& lines, std::uint32_t source, ReadProblems& problems) {
                       return reader.read_logs(lines, source, problems, visit);
                     });
}

base::Result<ReadSummary> BundleConnector::read_spans(const runtime::RequestContext& context, Episode episode,
                                                      const SpanVisitor& visit) {
  StreamReader reader;
  return read_signal(context, episode == Episode::kIncident ? "traces" : "baseline_traces", ".ndjson",
                     [&](LineReader& lines, std::uint32_t source, ReadProblems& problems) {
                       return reader.read_spans(lines, source, problems, visit);
                     });
}

base::Result<ReadSummary> BundleConnector::read_inventory(const runtime::RequestContext& context,
                                                          telemetry::TelemetryBatch& out) {
  using Reader = base::Result<std::uint64_t> (*)(LineReader&, std::uint32_t, ReadProblems&, RecordBudget&,
                                                 telemetry::TelemetryBatch&);
  static constexpr std::array<std::pair<std::string_view, Reader>, 4> kFiles{{{"entities", &read_entities},
                                                                              {"relations", &read_relations},
                                                                              {"changes", &read_changes},
                                                                              {"events", &read_events}}};
  ReadSummary summary;
  summary.gaps = opening_gaps_;
  for (const auto& [stem, read] : kFiles) {
    RecordBudget budget;
    MIDWATCH_TRY(auto part, read_signal(context, stem, ".ndjson",
                                        [&, read_one = read](LineReader& lines, std::uint32_t source,
                                                             ReadProblems& problems) {
                                          return read_one(lines, source, problems, budget, out);
                                        }));
    add(summary, std::move(part));
  }
  MIDWATCH_TRY_VOID(read_raw(context, out, summary));
  for (const auto& [instance, entity] : scope_.instances) out.instances.emplace_back(instance, entity);
  return summary;
}

/// Reads one file whole, within a limit. Nothing where it cannot be read, which then is a gap.
base::Result<std::optional<std::string>> BundleConnector::read_document(
    const runtime::RequestContext& context, const BundleFile& file, std::size_t limit,
    ReadSummary& summary) const {
  summary.looked = true;
  auto source = files_->open(file, context);
  auto content = source ? read_all(**source, limit) : base::Result<std::string>(std::move(source).error());
  if (!content) {
    if (ends_the_call(content.error())) return std::move(content).error().with(shown(file.name));
    summary.gaps.push_back(unreadable(shown(file.name), content.error()));
    return std::optional<std::string>();
  }
  summary.bytes += content->size();
  return std::optional(*std::move(content));
}

base::Result<> BundleConnector::read_raw(const runtime::RequestContext& context,
                                         telemetry::TelemetryBatch& out, ReadSummary& summary) const {
  for (const BundleFile& file : files_->files()) {
    if (!file.name.starts_with("raw/")) continue;
    MIDWATCH_TRY(const auto content, read_document(context, file, kMaxRawDocument, summary));
    if (!content) continue;
    const std::size_t before = records_in(out);
    decode_raw_document(
        {file.name, *content, {files_->position(file), 0}, scope_.alarm.time.value_or(scope_.window.end)},
        out);
    if (records_in(out) > before) ++summary.records;
  }
  link_raw_documents(out);
  use_the_bundles_ids(scope_, out);
  for (const auto& notice : out.notices)
    summary.gaps.push_back(gap_of_notice(source_name(notice.ref.source), notice));
  out.notices.clear();
  return {};
}

base::Result<ReadSummary> BundleConnector::read_code(const runtime::RequestContext& context,
                                                     std::vector<CodeFile>& out) {
  MIDWATCH_TRY_VOID(context.check());
  ReadSummary summary;
  MemberProblems left_out;
  for (const BundleFile& file : files_->files()) {
    if (!file.name.starts_with("code/")) continue;
    const std::string_view rest = std::string_view(file.name).substr(std::string_view("code/").size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) continue;
    summary.looked = true;
    if (out.size() >= kMaxCodeFiles || summary.bytes >= kMaxCodeBytes) {
      left_out.add(kTooMuchCode, file.name);
      continue;
    }
    MIDWATCH_TRY(const auto content, read_document(context, file, kMaxCodeFile, summary));
    if (!content) continue;
    ++summary.records;
    out.push_back({clean_name(rest.substr(0, slash)), std::string(rest.substr(slash + 1)),
                   base::repair_utf8(*content)});
  }
  for (auto& gap : left_out.gaps()) summary.gaps.push_back(std::move(gap));
  return summary;
}

}  // namespace midwatch::connectors::bundle
