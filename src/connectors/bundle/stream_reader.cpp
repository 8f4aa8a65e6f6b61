#include "src/connectors/bundle/stream_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>

#include <simdjson.h>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/name_table.h"
#include "src/telemetry/number.h"

namespace midwatch::connectors::bundle {
namespace {

namespace od = simdjson::ondemand;

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

/// As deep as base::parse_json goes.
constexpr int kMaxDepth = 200;

/// What simdjson gives as raw JSON reaches to the next token.
std::string_view trimmed(std::string_view json) {
  return json.substr(0, json.find_last_not_of(" \t\r\n") + 1);
}

std::string_view token_of(od::value& value) {
  return trimmed(value.raw_json_token());
}

/// RFC 8259 section 6. simdjson refuses numbers that no machine number holds; they are JSON all the same.
bool is_json_number(std::string_view token) {
  const auto digits = [&token] {
    const std::size_t count = std::min(token.find_first_not_of("0123456789"), token.size());
    token.remove_prefix(count);
    return count;
  };
  const auto take = [&token](std::string_view any) {
    if (token.empty() || any.find(token.front()) == std::string_view::npos) return false;
    token.remove_prefix(1);
    return true;
  };
  take("-");
  const bool leading_zero = token.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (take(".") && digits() == 0) return false;
  if (take("eE")) {
    take("+-");
    if (digits() == 0) return false;
  }
  return token.empty();
}

const ProblemKind* check(od::value value, int depth);

const ProblemKind* check_object(od::object object, int depth) {
  for (auto field : object) {
    std::string_view key;
    od::value inner;
    if (field.unescaped_key().get(key) || field.value().get(inner)) return &problem::kNoJson;
    if (const auto* wrong = check(inner, depth + 1)) return wrong;
  }
  return nullptr;
}

const ProblemKind* check_array(od::array array, int depth) {
  for (auto item : array) {
    od::value inner;
    if (item.get(inner)) return &problem::kNoJson;
    if (const auto* wrong = check(inner, depth + 1)) return wrong;
  }
  return nullptr;
}

/// What is wrong with a value that nobody reads, or nothing: on demand, simdjson would only skip it.
const ProblemKind* check(od::value value, int depth) {
  if (depth > kMaxDepth) return &problem::kTooDeep;
  od::json_type type{};
  if (value.type().get(type)) return &problem::kNoJson;
  switch (type) {
    case od::json_type::object: {
      od::object object;
      return value.get_object().get(object) ? &problem::kNoJson : check_object(object, depth);
    }
    case od::json_type::array: {
      od::array array;
      return value.get_array().get(array) ? &problem::kNoJson : check_array(array, depth);
    }
    case od::json_type::string: {
      std::string_view text;
      return value.get_string().get(text) ? &problem::kNoJson : nullptr;
    }
    case od::json_type::number:
      return is_json_number(token_of(value)) ? nullptr : &problem::kNoJson;
    case od::json_type::boolean: {
      bool truth = false;
      return value.get_bool().get(truth) ? &problem::kNoJson : nullptr;
    }
    case od::json_type::null: {
      bool null = false;
      return value.is_null().get(null) || !null ? &problem::kNoJson : nullptr;
    }
  }
  return &problem::kNoJson;
}

/// The fields of one line, read in the order in which they come. The first thing that makes the line
/// unreadable is kept in `wrong`.
class Field {
 public:
  Field(od::value value, std::string_view key, std::uint64_t line, ReadProblems& problems)
      : value_(value), key_(key), line_(line), problems_(problems) {
    if (value_.type().get(type_)) wrong_ = &problem::kNoJson;
  }

  const ProblemKind* wrong() const { return wrong_; }
  bool is_null() const { return type_ == od::json_type::null; }

  /// A text; numbers and booleans as they are written. Other types are noted and give nothing.
  std::string_view text() {
    std::string_view text;
    if (type_ == od::json_type::string) {
      if (value_.get_string().get(text)) wrong_ = &problem::kNoJson;
      return text;
    }
    if (type_ == od::json_type::number || type_ == od::json_type::boolean) text = token_of(value_);
    if (type_ == od::json_type::object || type_ == od::json_type::array) problems_.wrong_type(key_, line_);
    wrong_ = check(value_, 0);
    return text;
  }

  /// A text, or the JSON of whatever else it is.
  std::string_view text_or_json() {
    if (type_ == od::json_type::object) return object();
    if (type_ != od::json_type::array) return text();
    od::array array;
    std::string_view json;
    if (value_.get_array().get(array) || array.raw_json().get(json) || array.reset().error()) {
      wrong_ = &problem::kNoJson;
      return {};
    }
    wrong_ = check_array(array, 0);
    return trimmed(json);
  }

  /// The JSON of an object; `visit`, where given, sees its members that are texts.
  template <class Visit>
  std::string_view object(Visit visit) {
    if (type_ != od::json_type::object) {
      if (type_ != od::json_type::null) problems_.wrong_type(key_, line_);
      wrong_ = check(value_, 0);
      return {};
    }
    od::object object;
    std::string_view json;
    if (value_.get_object().get(object) || object.raw_json().get(json) || object.reset().error()) {
      wrong_ = &problem::kNoJson;
      return {};
    }
    for (auto field : object) {
      std::string_view key;
      od::value inner;
      od::json_type type{};
      if (field.unescaped_key().get(key) || field.value().get(inner) || inner.type().get(type)) {
        wrong_ = &problem::kNoJson;
        return {};
      }
      std::string_view text;
      const bool is_text = type == od::json_type::string;
      const bool is_readable = is_text && !inner.get_string().get(text);
      wrong_ = is_text ? (is_readable ? nullptr : &problem::kNoJson) : check(inner, 1);
      if (wrong_ != nullptr) return {};
      if (is_text) visit(key, text);
    }
    return trimmed(json);
  }
  std::string_view object() {
    return object([](std::string_view, std::string_view) {});
  }

  /// A moment; nothing for null and for what is none (`bad` tells the two apart).
  std::optional<base::Timestamp> time(bool& bad) {
    std::optional<base::Timestamp> time;
    if (type_ == od::json_type::string) {
      time = base::parse_timestamp(text());
    } else {
      if (type_ == od::json_type::number) time = base::parse_epoch_seconds(token_of(value_));
      wrong_ = check(value_, 0);
    }
    bad = !time && type_ != od::json_type::null;
    return time;
  }

  std::optional<double> number() {
    if (type_ == od::json_type::string) return telemetry::parse_number(text());
    wrong_ = check(value_, 0);
    return type_ == od::json_type::number ? telemetry::parse_number(token_of(value_)) : std::nullopt;
  }

  void unknown() {
    problems_.unknown_field(key_, line_);
    wrong_ = check(value_, 0);
  }

 private:
  od::value value_;
  od::json_type type_{};
  std::string_view key_;
  std::uint64_t line_;
  ReadProblems& problems_;
  const ProblemKind* wrong_ = nullptr;
};

}  // namespace

class StreamReader::State {
 public:
  /// Parses one line and hands each field to `take`; says what makes the line unreadable, or nothing.
  template <class Take>
  const ProblemKind* parse(const Line& line, ReadProblems& problems, Take take) {
    if (line.too_long) return &problem::kLineTooLong;
    bool not_utf8 = false;
    const auto* wrong =
        parse_text(line.text, line.text.size() + kLinePadding, line.number, problems, take, not_utf8);
    if (not_utf8) {
      problems.repaired(problem::kNotUtf8, line.number);
      return parse_repaired(base::repair_utf8(line.text), line.number, problems, take);
    }
    if (wrong != &problem::kNoJson) return wrong;
    auto repaired = base::repair_surrogates(line.text);
    if (!repaired) return wrong;
    problems.repaired(problem::kNotUtf8, line.number);
    return parse_repaired(*std::move(repaired), line.number, problems, take);
  }

  std::string_view instance(std::string_view raw, std::uint64_t line, ReadProblems& problems) {
    if (raw.empty()) return {};
    const auto clean = instances_.clean(raw);
    if (!clean) problems.repaired(problem::kTooManyInstances, line);
    return clean.value_or(std::string_view());
  }
  std::optional<std::string_view> entity(std::string_view raw) { return entities_.clean(raw); }

  /// The name of an entity's operation, or kOtherOperations where there are too many.
  std::string_view operation(std::string_view entity, std::string_view name, std::uint64_t line,
                             ReadProblems& problems) {
    operation_key_.assign(entity).append(1, '\0').append(name);
    if (operations_.contains(operation_key_)) return name;
    if (operations_.size() < StreamReader::kMaxOperations) {
      operations_.insert(operation_key_);
      return name;
    }
    problems.repaired(problem::kTooManyOperations, line);
    return StreamReader::kOtherOperations;
  }

 private:
  template <class Take>
  const ProblemKind* parse_repaired(std::string text, std::uint64_t line, ReadProblems& problems,
                                    Take& take) {
    repaired_ = std::move(text);
    const std::size_t length = repaired_.size();
    repaired_.append(kLinePadding, ' ');
    bool not_utf8 = false;
    return parse_text(std::string_view(repaired_).substr(0, length), repaired_.size(), line, problems, take,
                      not_utf8);
  }

  template <class Take>
  const ProblemKind* parse_text(std::string_view text, std::size_t capacity, std::uint64_t line,
                                ReadProblems& problems, Take& take, bool& not_utf8) {
    od::document document;
    const auto error =
        parser_.iterate(simdjson::padded_string_view(text.data(), text.size(), capacity)).get(document);
    not_utf8 = error == simdjson::UTF8_ERROR;
    if (error) return &problem::kNoJson;
    od::json_type type{};
    od::object object;
    if (document.type().get(type)) return &problem::kNoJson;
    if (type != od::json_type::object) return &problem::kNoObject;
    if (document.get_object().get(object)) return &problem::kNoJson;
    for (auto member : object) {
      std::string_view key;
      od::value value;
      if (member.unescaped_key().get(key) || member.value().get(value)) return &problem::kNoJson;
      Field field(value, key, line, problems);
      if (field.wrong() == nullptr) take(key, field);
      if (field.wrong() != nullptr) return field.wrong();
    }
    // Where the object is followed by something, there still is a place to read from.
    return document.current_location().error() ? nullptr : &problem::kNoJson;
  }

  od::parser parser_;
  std::string repaired_;
  NameTable entities_;
  NameTable instances_;
  std::unordered_set<std::string> operations_;
  std::string operation_key_;
};

StreamReader::StreamReader() : state_(std::make_unique<State>()) {}
StreamReader::~StreamReader() = default;

namespace {

/// Reads line after line with `read`, which says what makes a line no record, or nothing.
template <class Read>
base::Result<std::uint64_t> for_each_line(LineReader& lines, ReadProblems& problems, Read read) {
  std::uint64_t records = 0;
  Line line;
  while (true) {
    MIDWATCH_TRY(const bool more, lines.next(line));
    if (!more) return records;
    if (line.is_blank()) continue;
    ++records;
    if (const ProblemKind* wrong = read(line); wrong != nullptr) problems.lost(*wrong, line.number);
  }
}

}  // namespace

base::Result<std::uint64_t> StreamReader::read_logs(LineReader& lines, std::uint32_t source,
                                                    ReadProblems& problems, const LogVisitor& visit) {
  return for_each_line(lines, problems, [&](const Line& line) -> const ProblemKind* {
    telemetry::LogRecord record;
    record.ref = {source, line.number};
    bool has_body = false;
    bool bad_time = false;
    std::string_view attribute_instance;
    const auto* wrong = state_->parse(line, problems, [&](std::string_view key, Field& field) {
      if (key == "timestamp") {
        record.time = field.time(bad_time);
      } else if (key == "entity") {
        record.entity = field.text();
      } else if (key == "body") {
        record.body = field.text_or_json();
        has_body = !field.is_null();
      } else if (key == "severity") {
        record.severity = field.text();
      } else if (key == "instance") {
        record.instance = field.text();
      } else if (key == "trace_id") {
        record.trace_id = field.text();
      } else if (key == "span_id") {
        record.span_id = field.text();
      } else if (key == "attributes") {
        record.attributes = field.object([&](std::string_view name, std::string_view text) {
          if (name == "instance") attribute_instance = text;
        });
      } else {
        field.unknown();
      }
    });
    if (wrong != nullptr) return wrong;
    if (!has_body) return &problem::kLogWithoutBody;
    if (record.entity.empty()) return &problem::kLogWithoutEntity;
    const auto entity = state_->entity(record.entity);
    if (!entity) return &problem::kTooManyEntities;
    record.entity = *entity;
    if (record.instance.empty()) record.instance = attribute_instance;
    record.instance = state_->instance(record.instance, line.number, problems);
    if (bad_time) problems.repaired(problem::kLogTime, line.number);
    visit(record);
    return nullptr;
  });
}

base::Result<std::uint64_t> StreamReader::read_spans(LineReader& lines, std::uint32_t source,
                                                     ReadProblems& problems, const SpanVisitor& visit) {
  return for_each_line(lines, problems, [&](const Line& line) -> const ProblemKind* {
    telemetry::Span span;
    span.ref = {source, line.number};
    std::optional<base::Timestamp> start;
    std::optional<double> duration;
    const auto* wrong = state_->parse(line, problems, [&](std::string_view key, Field& field) {
      if (key == "trace_id") {
        span.trace_id = field.text();
      } else if (key == "span_id") {
        span.span_id = field.text();
      } else if (key == "parent_span_id") {
        span.parent_span_id = field.text();
      } else if (key == "entity") {
        span.entity = field.text();
      } else if (key == "name") {
        span.name = field.text();
      } else if (key == "start") {
        bool bad = false;
        start = field.time(bad);
      } else if (key == "duration_ms") {
        duration = field.number();
      } else if (key == "status") {
        const std::string_view status = field.text();
        if (status == "error") span.status = telemetry::SpanStatus::kError;
        if (status == "ok") span.status = telemetry::SpanStatus::kOk;
        if (!status.empty() && span.status == telemetry::SpanStatus::kUnset)
          problems.repaired(problem::kSpanStatus, line.number);
      } else if (key == "attributes") {
        span.attributes = field.object([&](std::string_view name, std::string_view text) {
          if (name == "instance") span.instance = text;
        });
      } else {
        field.unknown();
      }
    });
    if (wrong != nullptr) return wrong;
    if (span.trace_id.empty() || span.span_id.empty() || span.entity.empty())
      return &problem::kSpanWithoutIds;
    if (!start || !duration || !(*duration >= 0)) return &problem::kSpanTime;
    const auto entity = state_->entity(span.entity);
    if (!entity) return &problem::kTooManyEntities;
    span.entity = *entity;
    span.name = state_->operation(span.entity, span.name, line.number, problems);
    span.instance = state_->instance(span.instance, line.number, problems);
    span.start = *start;
    span.duration = base::duration_from_seconds(*duration / 1e3);
    visit(span);
    return nullptr;
  });
}

}  // namespace midwatch::connectors::bundle
