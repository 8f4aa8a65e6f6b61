#include "src/connectors/bundle/bundle_connector.h"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/metric_reader.h"
#include "src/connectors/bundle/raw_documents.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/connectors/bundle/record_reader.h"
#include "src/connectors/bundle/scope_reader.h"
#include "src/connectors/bundle/stream_reader.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kMaxScope = 64UL * 1024 * 1024;
constexpr std::size_t kMaxCodeFile = 1024UL * 1024;
constexpr std::size_t kMaxCodeFiles = 2000;

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

model::Gap gap_about(std::string source, std::string en, std::string ja) {
  model::Gap gap;
  gap.source = std::move(source);
  gap.query = gap.source;
  gap.what = {std::move(en), std::move(ja)};
  return gap;
}

/// Runs `read` over every file of a signal. A file that breaks becomes a gap; what was read before it breaks
/// stays.
ReadSummary read_files(
    const BundleFiles& files, const std::vector<BundleFile>& parts,
    const std::function<base::Result<std::uint64_t>(const BundleFile&, LineReader&, ReadProblems&)>& read) {
  ReadSummary summary;
  summary.looked = !parts.empty();
  for (const BundleFile& part : parts) {
    ReadProblems problems(part.path);
    auto source = files.open(part);
    if (source) {
      LineReader lines(**source);
      const auto records = read(part, lines, problems);
      summary.bytes += lines.bytes();
      if (records) {
        summary.records += *records;
      } else {
        summary.gaps.push_back(
            gap_about(part.path, fmt::format("{}: {}", part.path, records.error().describe()),
                      fmt::format("{} を最後まで読めません: {}", part.path, records.error().describe())));
      }
    } else {
      summary.gaps.push_back(
          gap_about(part.path, fmt::format("{}: {}", part.path, source.error().describe()),
                    fmt::format("{} を開けません: {}", part.path, source.error().describe())));
    }
    summary.malformed += problems.lost();
    for (auto& gap : problems.gaps()) summary.gaps.push_back(std::move(gap));
  }
  return summary;
}

void add(ReadSummary& into, ReadSummary part) {
  into.looked = into.looked || part.looked;
  into.records += part.records;
  into.bytes += part.bytes;
  into.malformed += part.malformed;
  for (auto& gap : part.gaps) into.gaps.push_back(std::move(gap));
}

}  // namespace

base::Result<std::unique_ptr<BundleConnector>> BundleConnector::open(const std::string& path) {
  MIDWATCH_TRY(auto files, BundleFiles::open_bundle(path));
  const auto parts = files->signal("bundle", ".json");
  MIDWATCH_TRY(auto source, files->open(parts.front()));
  auto text = read_all(*source, kMaxScope);
  if (!text) return std::move(text).error().with(parts.front().path);
  std::vector<std::string> notices;
  MIDWATCH_TRY(auto scope, read_scope(*text, notices));
  for (const auto& problem : files->problems()) notices.push_back(problem);
  std::unique_ptr<BundleConnector> connector(new BundleConnector(std::move(files), std::move(scope)));
  for (auto& notice : notices) {
    connector->opening_gaps_.push_back(
        gap_about("bundle.json", notice, "バンドルを開くときの注意: " + notice));
  }
  connector->note_unknown_files();
  return connector;
}

BundleConnector::BundleConnector(std::unique_ptr<BundleFiles> files, telemetry::IncidentScope scope)
    : files_(std::move(files)), scope_(std::move(scope)) {}

std::uint32_t BundleConnector::source_of(const BundleFile& file) const {
  const auto& all = files_->files();
  const auto at =
      std::lower_bound(all.begin(), all.end(), file.path,
                       [](const BundleFile& f, const std::string& path) { return f.path < path; });
  return static_cast<std::uint32_t>(at - all.begin());
}

std::string BundleConnector::source_name(std::uint32_t source) const {
  return source < files_->files().size() ? files_->files()[source].path : std::string("bundle.json");
}

void BundleConnector::note_unknown_files() {
  std::vector<std::string> known{"bundle.json", "bundle.json.gz", "bundle.json.zst"};
  for (const Signal& signal : kSignals) {
    for (const auto& file : files_->signal(signal.stem, signal.extension)) known.push_back(file.path);
  }
  std::sort(known.begin(), known.end());
  for (const auto& file : files_->files()) {
    if (file.path.starts_with("raw/") || file.path.starts_with("code/")) continue;
    if (std::binary_search(known.begin(), known.end(), file.path)) continue;
    const std::string shown = base::printable(file.path, 200);
    opening_gaps_.push_back(gap_about(shown, fmt::format("{}: no part of a bundle; ignored", shown),
                                      fmt::format("{}: バンドルの一部ではないため無視しました", shown)));
  }
}

base::Result<ReadSummary> BundleConnector::read_metrics(const runtime::RequestContext& context,
                                                        Episode episode,
                                                        std::vector<telemetry::MetricSeries>& out) {
  MIDWATCH_TRY_VOID(context.check());
  MetricReader reader;
  ReadSummary summary =
      read_files(*files_, files_->signal(episode == Episode::kIncident ? "metrics" : "baseline", ".csv"),
                 [&](const BundleFile&, LineReader& lines, ReadProblems& problems) {
                   return reader.read(lines, problems);
                 });
  out = reader.finish();
  return summary;
}

base::Result<ReadSummary> BundleConnector::read_logs(const runtime::RequestContext& context, Episode episode,
                                                     const LogVisitor& visit) {
  MIDWATCH_TRY_VOID(context.check());
  StreamReader reader;
  return read_files(*files_,
                    files_->signal(episode == Episode::kIncident ? "logs" : "baseline_logs", ".ndjson"),
                    [&](const BundleFile& file, LineReader& lines, ReadProblems& problems) {
                      return reader.read_logs(lines, source_of(file), problems, context, visit);
                    });
}

base::Result<ReadSummary> BundleConnector::read_spans(const runtime::RequestContext& context, Episode episode,
                                                      const SpanVisitor& visit) {
  MIDWATCH_TRY_VOID(context.check());
  StreamReader reader;
  return read_files(*files_,
                    files_->signal(episode == Episode::kIncident ? "traces" : "baseline_traces", ".ndjson"),
                    [&](const BundleFile& file, LineReader& lines, ReadProblems& problems) {
                      return reader.read_spans(lines, source_of(file), problems, context, visit);
                    });
}

base::Result<ReadSummary> BundleConnector::read_inventory(const runtime::RequestContext& context,
                                                          telemetry::TelemetryBatch& out) {
  MIDWATCH_TRY_VOID(context.check());
  using Reader =
      base::Result<std::uint64_t> (*)(LineReader&, std::uint32_t, ReadProblems&, telemetry::TelemetryBatch&);
  static constexpr std::array<std::pair<std::string_view, Reader>, 4> kFiles{{{"entities", &read_entities},
                                                                              {"relations", &read_relations},
                                                                              {"changes", &read_changes},
                                                                              {"events", &read_events}}};
  ReadSummary summary;
  for (const auto& [stem, read] : kFiles) {
    add(summary,
        read_files(*files_, files_->signal(stem, ".ndjson"),
                   [&, read_one = read](const BundleFile& file, LineReader& lines, ReadProblems& problems) {
                     return read_one(lines, source_of(file), problems, out);
                   }));
  }
  read_raw(out, summary);
  for (const auto& [instance, entity] : scope_.instances) out.instances.emplace_back(instance, entity);
  return summary;
}

void BundleConnector::read_raw(telemetry::TelemetryBatch& out, ReadSummary& summary) const {
  for (const BundleFile& file : files_->files()) {
    if (!file.path.starts_with("raw/")) continue;
    summary.looked = true;
    auto source = files_->open(file);
    auto content =
        source ? read_all(**source, kMaxRawDocument) : base::Result<std::string>(std::move(source).error());
    if (!content) {
      summary.gaps.push_back(
          gap_about(file.path, fmt::format("{}: {}", file.path, content.error().describe()),
                    fmt::format("{} を読めません: {}", file.path, content.error().describe())));
      continue;
    }
    summary.bytes += content->size();
    ++summary.records;
    decode_raw_document(
        {file.path, *content, {source_of(file), 0}, scope_.alarm.time.value_or(scope_.window.end)}, out);
  }
  for (const auto& notice : out.notices) {
    const std::string file = source_name(notice.ref.source);
    summary.gaps.push_back(
        gap_about(file, fmt::format("{}: {}", file, notice.message),
                  fmt::format("{} を解釈できない部分があります: {}", file, notice.message)));
  }
  out.notices.clear();
}

base::Result<ReadSummary> BundleConnector::read_code(const runtime::RequestContext& context,
                                                     std::vector<CodeFile>& out) {
  MIDWATCH_TRY_VOID(context.check());
  ReadSummary summary;
  for (const BundleFile& file : files_->files()) {
    if (!file.path.starts_with("code/")) continue;
    const std::string_view rest = std::string_view(file.path).substr(std::string_view("code/").size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos || out.size() >= kMaxCodeFiles) continue;
    summary.looked = true;
    auto source = files_->open(file);
    auto content =
        source ? read_all(**source, kMaxCodeFile) : base::Result<std::string>(std::move(source).error());
    if (!content) {
      summary.gaps.push_back(
          gap_about(file.path, fmt::format("{}: {}", file.path, content.error().describe()),
                    fmt::format("{} を読めません: {}", file.path, content.error().describe())));
      continue;
    }
    ++summary.records;
    summary.bytes += content->size();
    out.push_back({std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1)),
                   base::repair_utf8(*content)});
  }
  return summary;
}

}  // namespace midwatch::connectors::bundle
