#include "src/connectors/bundle/record_reader.h"

#include <cmath>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/record_fields.h"

namespace midwatch::connectors::bundle {
namespace {

using base::Json;

/// Parses each line and hands its fields to `take`, which says what is wrong with the record or nothing.
template <class Take>
base::Result<std::uint64_t> for_each_object(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                            RecordBudget& budget, Take take) {
  std::uint64_t records = 0;
  Line line;
  std::string repaired;
  const auto read = [&]() -> const ProblemKind* {
    if (line.too_long) return &problem::kLineTooLong;
    if (!budget.allows(line.text.size())) return &problem::kTooManyRecords;
    std::string_view text = line.text;
    if (!base::is_valid_utf8(text)) {
      problems.repaired(problem::kNotUtf8, line.number);
      repaired = base::repair_utf8(text);
      text = repaired;
    }
    auto object = base::parse_json(text);
    if (!object) {
      auto without = base::repair_surrogates(text);
      if (!without) return &problem::kNoJson;
      problems.repaired(problem::kNotUtf8, line.number);
      repaired = *std::move(without);
      text = repaired;
      object = base::parse_json(text);
      if (!object) return &problem::kNoJson;
    }
    if (!object->is_object()) return &problem::kNoObject;
    return take(RecordFields(*object, text, "", line.number, problems),
                telemetry::RecordRef{source, line.number});
  };
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) return records;
    if (line.is_blank()) continue;
    ++records;
    if (const ProblemKind* wrong = read(); wrong != nullptr) problems.lost(*wrong, line.number);
  }
}

/// A count as an integer; what no integer holds becomes the nearest that one does.
std::int64_t whole(double count) {
  constexpr double kMost = 9e15;  // doubles are exact below 2^53
  return static_cast<std::int64_t>(std::clamp(count, -kMost, kMost));
}

}  // namespace

base::Result<std::uint64_t> read_changes(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                         RecordBudget& budget, telemetry::TelemetryBatch& batch) {
  std::set<std::pair<telemetry::ChangeKind, std::string>> seen;
  for (const auto& change : batch.changes) seen.emplace(change.kind, change.id);
  return for_each_object(lines, source, problems, budget,
                         [&](const RecordFields& fields, telemetry::RecordRef ref) -> const ProblemKind* {
                           fields.note_unknown({"timestamp", "id", "kind", "entity", "instances", "actor",
                                                "summary", "version", "files", "diff", "attributes"});
                           telemetry::ChangeEvent change;
                           const auto time = fields.time("timestamp");
                           if (!time) return &problem::kChangeTime;
                           change.time = *time;
                           change.id = fields.text("id");
                           if (change.id.empty()) return &problem::kChangeWithoutId;
                           change.kind = telemetry::change_kind_from(fields.text("kind"));
                           if (change.kind == telemetry::ChangeKind::kOther)
                             problems.repaired(problem::kChangeKind, ref.line);
                           if (!seen.emplace(change.kind, change.id).second) return &problem::kChangeTwice;
                           change.entity = fields.entity("entity");
                           change.instances = fields.entities("instances");
                           change.actor = fields.text("actor");
                           change.summary = fields.text("summary");
                           change.version = fields.text("version");
                           change.files = fields.texts("files");
                           change.diff = fields.text("diff");
                           change.has_diff = !change.diff.empty();
                           change.attributes = fields.attributes("attributes");
                           change.ref = ref;
                           batch.changes.push_back(std::move(change));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_events(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                        RecordBudget& budget, telemetry::TelemetryBatch& batch) {
  return for_each_object(lines, source, problems, budget,
                         [&](const RecordFields& fields, telemetry::RecordRef ref) -> const ProblemKind* {
                           fields.note_unknown({"timestamp", "entity", "source", "type", "reason", "message",
                                                "count", "attributes"});
                           telemetry::PlatformEvent event;
                           const auto time = fields.time("timestamp");
                           if (!time) return &problem::kEventTime;
                           event.time = *time;
                           event.entity = fields.entity("entity");
                           if (event.entity.empty()) return &problem::kEventWithoutEntity;
                           event.source = fields.text("source");
                           event.type = fields.text("type");
                           event.reason = fields.text("reason");
                           event.message = fields.text("message");
                           if (const auto count = fields.number("count")) event.count = whole(*count);
                           event.attributes = fields.attributes("attributes");
                           event.ref = ref;
                           batch.events.push_back(std::move(event));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_entities(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                          RecordBudget& budget, telemetry::TelemetryBatch& batch) {
  std::set<std::string> seen;
  for (const auto& entity : batch.entities) seen.insert(entity.id);
  return for_each_object(lines, source, problems, budget,
                         [&](const RecordFields& fields, telemetry::RecordRef ref) -> const ProblemKind* {
                           fields.note_unknown({"id", "type", "name", "attributes"});
                           telemetry::Entity entity;
                           entity.id = fields.entity("id");
                           if (entity.id.empty()) return &problem::kEntityWithoutId;
                           entity.type = fields.text("type");
                           entity.name = fields.text("name");
                           entity.attributes = fields.attributes("attributes");
                           entity.ref = ref;
                           if (!seen.insert(entity.id).second)
                             problems.repaired(problem::kEntityTwice, ref.line);
                           batch.entities.push_back(std::move(entity));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_relations(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                           RecordBudget& budget, telemetry::TelemetryBatch& batch) {
  return for_each_object(lines, source, problems, budget,
                         [&](const RecordFields& fields, telemetry::RecordRef ref) -> const ProblemKind* {
                           fields.note_unknown({"from", "to", "kind"});
                           telemetry::Relation relation;
                           relation.from = fields.entity("from");
                           relation.to = fields.entity("to");
                           if (relation.from.empty() || relation.to.empty()) return &problem::kRelationEnds;
                           const std::string kind = fields.text("kind");
                           relation.kind = telemetry::relation_kind_from(kind);
                           if (telemetry::to_string(relation.kind) != kind)
                             problems.repaired(problem::kRelationKind, ref.line);
                           relation.ref = ref;
                           batch.relations.push_back(std::move(relation));
                           return nullptr;
                         });
}

}  // namespace midwatch::connectors::bundle
