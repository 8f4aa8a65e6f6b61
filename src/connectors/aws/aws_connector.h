#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/connectors/aws/collector.h"
#include "src/connectors/connector.h"

namespace midwatch::connectors::aws {

/// What was asked of an AWS account for one incident, as a source like any other.
///
/// Shape:   everything is in the inventory, as the raw documents of a bundle are: series, lines and spans
///          come with it. Document N is named raw/aws/NNNN-….json, so that a recording replays to the same
///          report.
/// Errors:  kCancelled and kTimeout of the RequestContext; nothing else ends a reading.
/// Threads: the read functions may run at the same time as each other.
class AwsConnector final : public Connector, public InventorySource, public CodeSource {
 public:
  explicit AwsConnector(Collected collected) : collected_(std::move(collected)) {}

  const telemetry::IncidentScope& scope() const { return collected_.scope; }
  const Collected& collected() const { return collected_; }

  std::string_view name() const override { return "aws"; }
  std::string source_name(std::uint32_t source) const override;
  InventorySource* inventory() override { return this; }
  /// Null where no package was read.
  CodeSource* code() override;

  base::Result<ReadSummary> read_inventory(const runtime::RequestContext& context,
                                           telemetry::TelemetryBatch& out) override;
  base::Result<ReadSummary> read_code(const runtime::RequestContext& context,
                                      std::vector<CodeFile>& out) override;

 private:
  Collected collected_;
};

/// The name of the document that holds answer `number`: "raw/aws/0007-ecs-describe-tasks.json".
std::string document_name(std::size_t number, const Answer& answer);

}  // namespace midwatch::connectors::aws
