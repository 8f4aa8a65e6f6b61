#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/connectors/bundle/bundle_files.h"
#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/connectors/connector.h"

namespace midwatch::connectors::bundle {

/// Whether files are decompressed in step with who reads them, or ahead of it in a thread for each open file.
enum class Reading { kInStep, kAhead };

/// An incident bundle (`midwatch.bundle/v1`) as a source like any other.
///
/// Shape:   kIncident reads metrics.csv, logs.ndjson, traces.ndjson; kBaseline reads baseline.csv,
///          baseline_logs.ndjson, baseline_traces.ndjson. Inventory is entities, relations, changes, events
///          and what raw/ says; its summary also tells what opening the bundle met. A file that breaks off
///          becomes a gap, and what came before stays.
/// Errors:  kCancelled and kTimeout of the RequestContext; nothing else ends a reading.
/// Threads: the read functions may run at the same time as each other.
class BundleConnector final : public Connector,
                              public MetricSource,
                              public LogSource,
                              public TraceSource,
                              public InventorySource,
                              public CodeSource {
 public:
  /// Opens a bundle and reads its bundle.json. Errors: those of BundleFiles::open_bundle and read_scope.
  static base::Result<std::unique_ptr<BundleConnector>> open(const std::string& path,
                                                             const runtime::RequestContext& context,
                                                             Reading reading = Reading::kInStep);

  /// Reads the metrics and keeps them for the first read_metrics(), so that this work can be done while what
  /// else an investigation needs is prepared. What goes wrong is told by read_metrics(). Threads: before any
  /// other reading.
  void read_metrics_early(const runtime::RequestContext& context);

  const telemetry::IncidentScope& scope() const { return scope_; }
  /// What opening it met: refused members, odd fields, files that nobody reads.
  const std::vector<model::Gap>& opening_gaps() const { return opening_gaps_; }
  /// The files themselves.
  const BundleFiles& files() const { return *files_; }

  std::string_view name() const override { return "bundle"; }
  std::string source_name(std::uint32_t source) const override;
  MetricSource* metrics() override { return this; }
  LogSource* logs() override { return this; }
  TraceSource* traces() override { return this; }
  InventorySource* inventory() override { return this; }
  CodeSource* code() override { return this; }

  base::Result<ReadSummary> read_metrics(const runtime::RequestContext& context, Episode episode,
                                         std::vector<telemetry::MetricSeries>& out) override;
  base::Result<ReadSummary> read_logs(const runtime::RequestContext& context, Episode episode,
                                      const LogVisitor& visit) override;
  base::Result<ReadSummary> read_spans(const runtime::RequestContext& context, Episode episode,
                                       const SpanVisitor& visit) override;
  base::Result<ReadSummary> read_inventory(const runtime::RequestContext& context,
                                           telemetry::TelemetryBatch& out) override;
  base::Result<ReadSummary> read_code(const runtime::RequestContext& context,
                                      std::vector<CodeFile>& out) override;

 private:
  struct EarlyMetrics {
    base::Result<ReadSummary> summary;
    std::vector<telemetry::MetricSeries> series;
  };

  BundleConnector(std::unique_ptr<BundleFiles> files, telemetry::IncidentScope scope, Reading reading);

  /// Reads one file from its beginning; returns the number of records.
  using ReadLines =
      std::function<base::Result<std::uint64_t>(LineReader&, std::uint32_t source, ReadProblems&)>;

  base::Result<ReadSummary> read_signal(const runtime::RequestContext& context, std::string_view stem,
                                        std::string_view extension, const ReadLines& read) const;
  base::Result<ReadSummary> read_metric_files(const runtime::RequestContext& context, Episode episode,
                                              std::vector<telemetry::MetricSeries>& out) const;
  base::Result<> read_raw(const runtime::RequestContext& context, telemetry::TelemetryBatch& out,
                          ReadSummary& summary) const;
  base::Result<std::optional<std::string>> read_document(const runtime::RequestContext& context,
                                                         const BundleFile& file, std::size_t limit,
                                                         ReadSummary& summary) const;
  void note_unknown_files();

  std::unique_ptr<BundleFiles> files_;
  telemetry::IncidentScope scope_;
  Reading reading_;
  std::vector<model::Gap> opening_gaps_;
  std::array<std::optional<EarlyMetrics>, 2> early_;  // by episode
};

}  // namespace midwatch::connectors::bundle
