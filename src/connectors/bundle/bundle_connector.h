#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/connectors/bundle/bundle_files.h"
#include "src/connectors/connector.h"

namespace midwatch::connectors::bundle {

/// An incident bundle (`midwatch.bundle/v1`) as a source like any other.
///
/// Shape: kIncident reads metrics.csv, logs.ndjson, traces.ndjson; kBaseline reads baseline.csv,
/// baseline_logs.ndjson,
///        baseline_traces.ndjson. Inventory is entities, relations, changes, events and what raw/ says.
/// Threads: the read functions may run at the same time as each other.
class BundleConnector final : public Connector,
                              public MetricSource,
                              public LogSource,
                              public TraceSource,
                              public InventorySource,
                              public CodeSource {
 public:
  /// Opens a bundle and reads its bundle.json.
  static base::Result<std::unique_ptr<BundleConnector>> open(const std::string& path);

  const telemetry::IncidentScope& scope() const { return scope_; }
  /// What opening it met: refused members, odd fields, files that nobody reads.
  const std::vector<model::Gap>& opening_gaps() const { return opening_gaps_; }
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
  BundleConnector(std::unique_ptr<BundleFiles> files, telemetry::IncidentScope scope);

  std::uint32_t source_of(const BundleFile& file) const;
  void read_raw(telemetry::TelemetryBatch& out, ReadSummary& summary) const;
  void note_unknown_files();

  std::unique_ptr<BundleFiles> files_;
  telemetry::IncidentScope scope_;
  std::vector<model::Gap> opening_gaps_;
};

}  // namespace midwatch::connectors::bundle
