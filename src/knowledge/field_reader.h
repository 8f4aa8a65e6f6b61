#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/model/text.h"

namespace midwatch::knowledge {

/// The first thing that was wrong in a file.
class SchemaErrors {
 public:
  explicit SchemaErrors(std::string path) : path_(std::move(path)) {}
  void add(int line, std::string what);
  const std::optional<base::Error>& first() const { return first_; }

 private:
  std::string path_;
  std::optional<base::Error> first_;
};

/// Reads the members of one map strictly: a member of another shape, a missing needed one and an unknown one
/// are errors with their line.
class FieldReader {
 public:
  FieldReader(const base::Json& map, SchemaErrors& errors, std::string what);
  /// Reports members that nobody asked for.
  ~FieldReader();
  FieldReader(const FieldReader&) = delete;
  FieldReader& operator=(const FieldReader&) = delete;

  bool has(std::string_view name) const;
  std::string text(std::string_view name);  ///< needed
  std::string text_or(std::string_view name, std::string otherwise);
  double number(std::string_view name);  ///< needed
  double number_or(std::string_view name, double otherwise);
  bool boolean_or(std::string_view name, bool otherwise);
  std::vector<std::string> texts(std::string_view name);  ///< a list, or one scalar; absent: empty
  model::Text localized(std::string_view name);           ///< needed: {en, ja}, both
  model::Text localized_or_empty(std::string_view name);
  std::map<std::string, std::string, std::less<>> text_map(std::string_view name);
  /// The maps of a list; absent: empty.
  std::vector<const base::Json*> maps(std::string_view name);
  const base::Json* map(std::string_view name);

  int line() const { return line_; }
  void error(std::string what) { errors_.add(line_, std::move(what)); }

 private:
  const base::Json* find(std::string_view name);

  const base::Json& map_;
  SchemaErrors& errors_;
  std::string what_;
  int line_ = 0;
  std::vector<bool> asked_;  ///< of each member, whether somebody asked for it
};

}  // namespace midwatch::knowledge
