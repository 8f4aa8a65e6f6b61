#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/stream_reader.h"

namespace {

using namespace midwatch;
using namespace midwatch::connectors::bundle;

/// What the other JSON parser of this project says of a line: nothing where the two may differ.
std::optional<bool> is_log_by_other_parser(std::string_view line) {
  if (!base::is_valid_utf8(line) || line.find("\\u") != std::string_view::npos) return std::nullopt;
  const auto object = base::parse_json(line);
  if (!object) {
    const std::string& why = object.error().message;
    // Numbers that no double holds, and depth, are judged in other ways.
    return why.find("not valid JSON at") != std::string::npos ? std::optional(false) : std::nullopt;
  }
  if (!object->is_object()) return false;
  const auto entity = object->find("entity");
  const auto body = object->find("body");
  if (entity == object->end() || body == object->end()) return false;
  if (!entity->is_string() || !body->is_string()) return std::nullopt;
  if (line.find("entity") != line.rfind("entity") || line.find("body") != line.rfind("body"))
    return std::nullopt;
  return !entity->get_ref<const std::string&>().empty();
}

void read_logs(std::string_view text) {
  const auto source = memory_source(text);
  LineReader lines(*source);
  ReadProblems problems("logs.ndjson");
  StreamReader reader;
  std::set<std::uint64_t> read;
  const auto records = reader.read_logs(lines, 0, problems, [&](const telemetry::LogRecord& record) {
    if (record.entity.empty() || !base::is_valid_utf8(record.body)) std::abort();
    if (!read.insert(record.ref.line).second) std::abort();
  });
  if (!records) return;
  if (*records != read.size() + problems.lost()) std::abort();
  const auto again = memory_source(text);
  LineReader numbered(*again);
  Line line;
  while (numbered.next(line).value_or(false)) {
    const auto expected = is_log_by_other_parser(line.text);
    if (expected && !line.is_blank() && *expected != read.contains(line.number)) std::abort();
  }
}

void read_spans(std::string_view text) {
  const auto source = memory_source(text);
  LineReader lines(*source);
  ReadProblems problems("traces.ndjson");
  StreamReader reader;
  std::uint64_t read = 0;
  const auto records = reader.read_spans(lines, 0, problems, [&](const telemetry::Span& span) {
    if (span.entity.empty() || span.trace_id.empty() || span.duration.count() < 0) std::abort();
    ++read;
  });
  if (records && *records != read + problems.lost()) std::abort();
}

}  // namespace

// Any bytes are records or counted as lost, and the two JSON parsers of this project agree on which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_logs(text);
  read_spans(text);
  return 0;
}
