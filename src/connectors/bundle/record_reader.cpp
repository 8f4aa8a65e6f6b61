#include "src/connectors/bundle/record_reader.h"

#include <functional>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/json_fields.h"
#include "src/telemetry/flatten.h"

namespace midwatch::connectors::bundle {
namespace {

using base::Json;

/// Parses each line and hands the object to `take`, which says what is wrong with it or nothing.
base::Result<std::uint64_t> for_each_object(
    LineReader& lines, std::uint32_t source, ReadProblems& problems,
    const std::function<const char*(const Json&, telemetry::RecordRef)>& take) {
  std::uint64_t records = 0;
  Line line;
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) return records;
    if (line.text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ++records;
    const char* wrong = "line is longer than 16 MiB, skipped";
    if (!line.too_long) {
      std::string repaired;
      std::string_view text = line.text;
      if (!base::is_valid_utf8(text)) {
        problems.add("invalid UTF-8, replaced", line.number);
        repaired = base::repair_utf8(text);
        text = repaired;
      }
      const auto object = base::parse_json(text);
      if (!object) {
        wrong = "line is no JSON, skipped";
      } else if (!object->is_object()) {
        wrong = "line is no JSON object, skipped";
      } else {
        wrong = take(*object, {source, line.number});
      }
    }
    if (wrong != nullptr) {
      problems.add(wrong, line.number);
      problems.count_lost();
    }
  }
}

}  // namespace

base::Result<std::uint64_t> read_changes(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                         telemetry::TelemetryBatch& batch) {
  std::set<std::pair<telemetry::ChangeKind, std::string>> seen;
  for (const auto& change : batch.changes) seen.emplace(change.kind, change.id);
  return for_each_object(lines, source, problems,
                         [&](const Json& o, telemetry::RecordRef ref) -> const char* {
                           telemetry::ChangeEvent change;
                           const auto time = json_time(o, "timestamp");
                           if (!time) return "change without a readable timestamp, skipped";
                           change.time = *time;
                           change.id = json_text(o, "id");
                           if (change.id.empty()) return "change without an id, skipped";
                           change.kind = telemetry::change_kind_from(json_text(o, "kind"));
                           if (!seen.emplace(change.kind, change.id).second)
                             return "change with a kind and id that occurred before, skipped";
                           change.entity = json_text(o, "entity");
                           change.instances = json_texts(o, "instances");
                           change.actor = json_text(o, "actor");
                           change.summary = json_text(o, "summary");
                           change.version = json_text(o, "version");
                           change.files = json_texts(o, "files");
                           change.diff = json_text(o, "diff");
                           change.has_diff = !change.diff.empty();
                           if (const auto at = o.find("attributes"); at != o.end())
                             telemetry::flatten(*at, "", change.attributes);
                           change.ref = ref;
                           batch.changes.push_back(std::move(change));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_events(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                        telemetry::TelemetryBatch& batch) {
  return for_each_object(lines, source, problems,
                         [&](const Json& o, telemetry::RecordRef ref) -> const char* {
                           telemetry::PlatformEvent event;
                           const auto time = json_time(o, "timestamp");
                           if (!time) return "event without a readable timestamp, skipped";
                           event.time = *time;
                           event.entity = json_text(o, "entity");
                           if (event.entity.empty()) return "event without an entity, skipped";
                           event.source = json_text(o, "source");
                           event.type = json_text(o, "type");
                           event.reason = json_text(o, "reason");
                           event.message = json_text(o, "message");
                           if (const auto count = json_number(o, "count"))
                             event.count = static_cast<std::int64_t>(*count);
                           if (const auto at = o.find("attributes"); at != o.end())
                             telemetry::flatten(*at, "", event.attributes);
                           event.ref = ref;
                           batch.events.push_back(std::move(event));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_entities(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                          telemetry::TelemetryBatch& batch) {
  std::set<std::string> seen;
  return for_each_object(lines, source, problems,
                         [&](const Json& o, telemetry::RecordRef ref) -> const char* {
                           telemetry::Entity entity;
                           entity.id = json_text(o, "id");
                           if (entity.id.empty()) return "entity without an id, skipped";
                           entity.type = json_text(o, "type");
                           entity.name = json_text(o, "name");
                           if (const auto at = o.find("attributes"); at != o.end())
                             telemetry::flatten(*at, "", entity.attributes);
                           entity.ref = ref;
                           if (!seen.insert(entity.id).second)
                             problems.add("entity with an id that occurred before, merged", ref.line);
                           batch.entities.push_back(std::move(entity));
                           return nullptr;
                         });
}

base::Result<std::uint64_t> read_relations(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                           telemetry::TelemetryBatch& batch) {
  return for_each_object(lines, source, problems,
                         [&](const Json& o, telemetry::RecordRef ref) -> const char* {
                           telemetry::Relation relation;
                           relation.from = json_text(o, "from");
                           relation.to = json_text(o, "to");
                           if (relation.from.empty() || relation.to.empty())
                             return "relation without both ends, skipped";
                           relation.kind = telemetry::relation_kind_from(json_text(o, "kind"));
                           relation.ref = ref;
                           batch.relations.push_back(std::move(relation));
                           return nullptr;
                         });
}

}  // namespace midwatch::connectors::bundle
