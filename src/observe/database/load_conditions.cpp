#include "src/observe/database/load_conditions.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/database/wait_class.h"

namespace midwatch::observe::database {
namespace {

/// Upkeep is meant to run in the background; from this share of the load on it is in the way.
constexpr double kUpkeepShare = 0.2;
/// One waiting change of schema blocks everybody behind it, itself a small share of the load.
constexpr double kSchemaShare = 0.05;
constexpr double kLockShare = 0.3;
constexpr double kStrength = 0.9;
constexpr std::size_t kNameBytes = 300;

/// The heaviest line of a table whose class is `wanted`, and the share of all of them.
struct Portion {
  const LoadShare* heaviest = nullptr;
  double share = 0;
};

template <class Classify>
Portion portion_of(const std::vector<LoadShare>& table, std::string_view wanted, const Classify& classify) {
  Portion portion;
  for (const LoadShare& line : table) {
    if (classify(line.name) != wanted) continue;
    if (portion.heaviest == nullptr) portion.heaviest = &line;
    portion.share += line.share;
  }
  return portion;
}

model::Observation make(const std::string& entity, const char* type, const Portion& portion,
                        const model::SourceName& source_name) {
  model::Observation o;
  o.entity = entity;
  o.type = type;
  o.subject = base::printable(base::redact(portion.heaviest->name), kNameBytes);
  o.strength = kStrength;
  o.facts["share"] = fmt::format("{:.0f}%", 100 * portion.share);
  o.facts["sql"] = o.subject;
  o.facts["told_by"] = told_by(*portion.heaviest->event);
  o.evidence.push_back(model::record_evidence(*portion.heaviest->event, source_name));
  return o;
}

}  // namespace

std::vector<model::Observation> read_load_conditions(const std::string& entity, const LoadProfile& profile,
                                                     const model::SourceName& source_name) {
  std::vector<model::Observation> out;
  const auto upkeep = [&](std::string_view wanted, const char* type) {
    const Portion waits = portion_of(profile.waits, wanted, wait_class);
    const Portion statements = portion_of(profile.statements, wanted, statement_class);
    const Portion& larger = waits.share > statements.share ? waits : statements;
    if (larger.heaviest != nullptr && larger.share >= kUpkeepShare)
      out.push_back(make(entity, type, larger, source_name));
  };
  upkeep("checkpoint", "state.database.checkpoints_heavy.measured");
  upkeep("vacuum", "state.database.vacuum_busy.measured");
  upkeep("temp_files", "state.database.temp_files_heavy.measured");
  const Portion schema = portion_of(profile.statements, "ddl", statement_class);
  if (schema.heaviest != nullptr && schema.share >= kSchemaShare && profile.waiting_for("lock") >= kLockShare)
    out.push_back(make(entity, "state.database.ddl_blocks.measured", schema, source_name));
  return out;
}

}  // namespace midwatch::observe::database
