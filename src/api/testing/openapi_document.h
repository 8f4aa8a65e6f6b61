#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json_value.h"
#include "src/base/result.h"

namespace midwatch::api::testing {

/// One operation of the document.
struct Operation {
  std::string id;
  std::string method;  ///< in upper case
  std::string path;
  bool open = false;  ///< anybody may call it
  std::string description;
  std::vector<std::string> query;             ///< its parameters there
  std::map<std::string, base::Json> answers;  ///< status → response, references followed
};

/// Reads openapi.yaml, and holds answers against it.
///
/// Shape: knows the part of JSON Schema that the document uses: $ref, allOf, type, required, properties,
/// additionalProperties, items, enum, format date-time and date. An object with `properties` must have no
/// other members, so that nothing is answered that is not written down.
class OpenApiDocument {
 public:
  static base::Result<OpenApiDocument> read(const std::string& file);

  const std::vector<Operation>& operations() const { return operations_; }
  const Operation& operation(std::string_view id) const;

  /// What is wrong with an answer; empty where nothing is. Any operation may answer with a problem.
  std::string check(const Operation& operation, int status, std::string_view media_type,
                    std::string_view body) const;

 private:
  const base::Json* follow(const base::Json* node) const;
  std::string check_value(const base::Json& schema, const base::Json& value, const std::string& where) const;
  std::string check_object(const base::Json& schema, const base::Json& value, const std::string& where) const;
  void collect(const base::Json& schema, base::Json& whole) const;

  base::Json document_;
  std::vector<Operation> operations_;
};

}  // namespace midwatch::api::testing
