#include "src/connectors/bundle/raw_documents.h"

#include <algorithm>
#include <array>

#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"
#include "src/clients/kubernetes/exec_output.h"
#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/clients/kubernetes/reference_links.h"
#include "src/clients/kubernetes/tool_output.h"
#include "src/clients/postgresql/postgresql_decoder.h"

namespace midwatch::connectors::bundle {
namespace {

/// TOOL of …raw/TOOL/….
std::string_view tool_of(std::string_view path) {
  constexpr std::string_view kRaw = "raw/";
  const std::size_t at = path.find(kRaw);
  if (at == std::string_view::npos) return {};
  path.remove_prefix(at + kRaw.size());
  return path.substr(0, path.find('/'));
}

bool is_psql(std::string_view tool) {
  static constexpr std::array<std::string_view, 6> kNames{"postgres", "postgresql", "psql",
                                                          "pg",       "pgbouncer",  "patroni"};
  return std::find(kNames.begin(), kNames.end(), tool) != kNames.end();
}

/// Tables that psql printed in a container.
bool decode_exec_tables(const RawFile& file, telemetry::TelemetryBatch& batch) {
  auto exec = clients::kubernetes::read_exec_output({file.content, file.ref, file.reference_time});
  if (!exec) return false;
  const bool known = clients::postgresql::decode_known_tables(
      {exec->text, exec->target.id, file.ref, exec->first_line, file.reference_time}, batch);
  if (known) batch.entities.push_back(std::move(exec->target));
  return known;
}

}  // namespace

void decode_raw_document(const RawFile& file, telemetry::TelemetryBatch& batch) {
  if (file.path.find("raw/kubernetes/") != std::string_view::npos) {
    if (decode_exec_tables(file, batch)) return;
    clients::kubernetes::decode_kubectl_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  if (file.path.find("raw/aws/") != std::string_view::npos) {
    clients::aws::decode_cli_output({file.content, file.ref, file.reference_time}, batch);
    return;
  }
  const std::string_view tool = tool_of(file.path);
  if (decode_exec_tables(file, batch)) return;
  // A pooler answers for itself, not for the database behind it.
  const std::string asked(tool == "pgbouncer" ? tool : clients::postgresql::kUnnamed);
  const clients::postgresql::PsqlOutput printed{file.content, asked, file.ref, 1, file.reference_time};
  if (is_psql(tool)) return clients::postgresql::decode_psql_output(printed, batch);
  if (clients::kubernetes::reads_messages_of(tool)) {
    if (clients::postgresql::decode_known_tables(printed, batch)) return;
    clients::kubernetes::decode_tool_output(tool, {file.content, file.ref, file.reference_time}, batch);
    return;
  }
  batch.notices.push_back(
      {"no decoder reads this tool's output", file.ref, "このツールの出力は解釈の対象外です"});
}

void link_raw_documents(telemetry::TelemetryBatch& batch) {
  clients::aws::link_resources(batch);
  clients::kubernetes::link_owners(batch);
  clients::kubernetes::link_references(batch);
  clients::postgresql::link_databases(batch);
}

}  // namespace midwatch::connectors::bundle
