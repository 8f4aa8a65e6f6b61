#include "src/connectors/bundle/stream_reader.h"

#include <optional>
#include <string>

#include <simdjson.h>

#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

namespace od = simdjson::ondemand;

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

/// How many records pass between two looks at the deadline.
constexpr std::uint64_t kCheckEvery = 4096;

std::optional<base::Timestamp> time_of(od::value value) {
  std::string_view text;
  if (value.type() == od::json_type::string) {
    if (value.get_string().get(text)) return std::nullopt;
    return base::parse_timestamp(text);
  }
  text = value.raw_json_token();
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return base::parse_epoch_seconds(text);
}

std::string_view text_of(od::value value) {
  std::string_view text;
  if (value.type() != od::json_type::string || value.get_string().get(text)) return {};
  return text;
}

std::string_view raw_of(od::value value) {
  std::string_view text;
  if (simdjson::to_json_string(value).get(text)) return {};
  return text;
}

}  // namespace

struct StreamReader::State {
  od::parser parser;
  std::string repaired;

  /// Parses one line into an object and hands it to `take`, which returns what is wrong or nothing.
  template <class Take>
  const char* parse(const Line& line, ReadProblems& problems, Take take) {
    if (line.too_long) return "line is longer than 16 MiB, skipped";
    const char* wrong = parse_text(line.text, line.text.size() + kLinePadding, take);
    if (wrong != kNotUtf8) return wrong;
    problems.add("invalid UTF-8, replaced", line.number);
    repaired = base::repair_utf8(line.text);
    const std::size_t length = repaired.size();
    repaired.append(kLinePadding, ' ');
    wrong = parse_text(std::string_view(repaired).substr(0, length), repaired.size(), take);
    return wrong == kNotUtf8 ? "line is no JSON, skipped" : wrong;
  }

 private:
  static constexpr const char* kNotUtf8 = "not UTF-8";

  template <class Take>
  const char* parse_text(std::string_view text, std::size_t capacity, Take& take) {
    od::document document;
    const auto error =
        parser.iterate(simdjson::padded_string_view(text.data(), text.size(), capacity)).get(document);
    if (error == simdjson::UTF8_ERROR) return kNotUtf8;
    od::object object;
    if (error || document.get_object().get(object)) return "line is no JSON object, skipped";
    return take(object);
  }
};

StreamReader::StreamReader() : state_(std::make_unique<State>()) {}
StreamReader::~StreamReader() = default;

base::Result<std::uint64_t> StreamReader::read_logs(LineReader& lines, std::uint32_t source,
                                                    ReadProblems& problems,
                                                    const runtime::RequestContext& context,
                                                    const LogVisitor& visit) {
  std::uint64_t records = 0;
  Line line;
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) return records;
    if (line.text.empty()) continue;
    if (++records % kCheckEvery == 0) MIDWATCH_TRY_VOID(context.check());
    telemetry::LogRecord record;
    record.ref = {source, line.number};
    const char* wrong = state_->parse(line, problems, [&](od::object object) -> const char* {
      bool has_body = false;
      bool bad_time = false;
      for (auto field : object) {
        std::string_view key;
        od::value value;
        if (field.unescaped_key().get(key) || field.value().get(value)) return "line is no JSON, skipped";
        if (key == "timestamp") {
          bool absent = false;
          if (value.is_null().get(absent) || !absent) {
            record.time = time_of(value);
            bad_time = !record.time;
          }
        } else if (key == "entity") {
          record.entity = text_of(value);
        } else if (key == "body") {
          has_body = true;
          record.body = value.type() == od::json_type::string ? text_of(value) : raw_of(value);
        } else if (key == "severity") {
          record.severity = text_of(value);
        } else if (key == "instance") {
          record.instance = text_of(value);
        } else if (key == "trace_id") {
          record.trace_id = text_of(value);
        } else if (key == "span_id") {
          record.span_id = text_of(value);
        }
      }
      if (!has_body) return "log record without a body, skipped";
      if (record.entity.empty()) return "log record without an entity, skipped";
      if (bad_time) problems.add("log record with an unreadable timestamp, read without time", line.number);
      return nullptr;
    });
    if (wrong == nullptr) {
      visit(record);
    } else {
      problems.add(wrong, line.number);
      problems.count_lost();
    }
  }
}

base::Result<std::uint64_t> StreamReader::read_spans(LineReader& lines, std::uint32_t source,
                                                     ReadProblems& problems,
                                                     const runtime::RequestContext& context,
                                                     const SpanVisitor& visit) {
  std::uint64_t records = 0;
  Line line;
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) return records;
    if (line.text.empty()) continue;
    if (++records % kCheckEvery == 0) MIDWATCH_TRY_VOID(context.check());
    telemetry::Span span;
    span.ref = {source, line.number};
    const char* wrong = state_->parse(line, problems, [&](od::object object) -> const char* {
      std::optional<base::Timestamp> start;
      std::optional<double> duration;
      for (auto field : object) {
        std::string_view key;
        od::value value;
        if (field.unescaped_key().get(key) || field.value().get(value)) return "line is no JSON, skipped";
        if (key == "trace_id") {
          span.trace_id = text_of(value);
        } else if (key == "span_id") {
          span.span_id = text_of(value);
        } else if (key == "parent_span_id") {
          span.parent_span_id = text_of(value);
        } else if (key == "entity") {
          span.entity = text_of(value);
        } else if (key == "name") {
          span.name = text_of(value);
        } else if (key == "start") {
          start = time_of(value);
        } else if (key == "duration_ms") {
          double number = 0;
          if (!value.get_double().get(number)) duration = number;
        } else if (key == "status") {
          const std::string_view status = text_of(value);
          span.status = status == "error" ? telemetry::SpanStatus::kError
                        : status == "ok"  ? telemetry::SpanStatus::kOk
                                          : telemetry::SpanStatus::kUnset;
        } else if (key == "attributes" && value.type() == od::json_type::object) {
          od::object attributes;
          if (value.get_object().get(attributes)) continue;
          std::string_view raw;
          if (attributes.raw_json().get(raw)) continue;
          span.attributes = raw;
          attributes.reset();
          std::string_view instance;
          if (!attributes.find_field_unordered("instance").get_string().get(instance))
            span.instance = instance;
        }
      }
      if (span.trace_id.empty() || span.span_id.empty() || span.entity.empty()) {
        return "span without trace_id, span_id or entity, skipped";
      }
      if (!start || !duration || !(*duration >= 0))
        return "span without a readable start and duration, skipped";
      span.start = *start;
      span.duration = base::duration_from_seconds(*duration / 1e3);
      return nullptr;
    });
    if (wrong == nullptr) {
      visit(span);
    } else {
      problems.add(wrong, line.number);
      problems.count_lost();
    }
  }
}

}  // namespace midwatch::connectors::bundle
