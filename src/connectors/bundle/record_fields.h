#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/telemetry/attributes.h"

namespace midwatch::connectors::bundle {

/// Reads the members of one JSON object leniently: an absent or null member gives nothing, one of another
/// type too, and is noted. Texts come bounded (1 MiB) and redacted.
class RecordFields {
 public:
  /// `text` is what `object` was parsed from, and `pointer` the object's place in it (RFC 6901).
  RecordFields(const base::Json& object, std::string_view text, std::string pointer, std::uint64_t line,
               ReadProblems& problems)
      : object_(object), text_(text), pointer_(std::move(pointer)), line_(line), problems_(problems) {}

  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  /// The name of an entity or an instance (name_table.h); of several, each once, ordered.
  std::string entity(std::string_view name) const;
  std::vector<std::string> entities(std::string_view name) const;
  std::optional<double> number(std::string_view name) const;
  /// RFC 3339 text, or epoch seconds as number or text, exact to the nanosecond.
  std::optional<base::Timestamp> time(std::string_view name) const;
  /// An object, flattened.
  telemetry::Attributes attributes(std::string_view name) const;
  /// The object itself, for what has a shape of its own; null where it is absent or no object.
  const base::Json* object(std::string_view name) const;

  /// Notes the members that are not among `known`.
  void note_unknown(std::initializer_list<std::string_view> known) const;

 private:
  const base::Json* member(std::string_view name) const;
  void note_type(std::string_view name) const { problems_.wrong_type(name, line_); }
  std::optional<std::string> text_of(const base::Json& value) const;
  template <class Convert>
  std::vector<std::string> each_text(std::string_view name, Convert convert) const;

  const base::Json& object_;
  std::string_view text_;
  std::string pointer_;
  std::uint64_t line_;
  ReadProblems& problems_;
};

}  // namespace midwatch::connectors::bundle
