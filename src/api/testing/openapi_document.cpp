#include "src/api/testing/openapi_document.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/yaml.h"

namespace midwatch::api::testing {
namespace {

using base::Json;

bool has_type(const Json& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  return type == "number" && value.is_number();
}

bool has_format(const std::string& text, std::string_view format) {
  if (format == "date-time") return text.ends_with("Z") && base::parse_rfc3339(text).has_value();
  if (format == "date") return base::parse_rfc3339(text + "T00:00:00Z").has_value();
  return true;
}

}  // namespace

base::Result<OpenApiDocument> OpenApiDocument::read(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  OpenApiDocument document;
  MIDWATCH_TRY(document.document_, base::parse_yaml(text.str()));
  for (const auto& [path, methods] : document.document_["paths"].items()) {
    for (const auto& [method, node] : methods.items()) {
      Operation operation;
      operation.id = base::text_at(node, "operationId");
      operation.method = method;
      std::transform(method.begin(), method.end(), operation.method.begin(),
                     [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      operation.path = path;
      operation.description = base::text_at(node, "description");
      operation.open = node.contains("security") && node["security"].empty();
      for (const auto& parameter : base::list_at(node, "parameters")) {
        const Json& written = *document.follow(&parameter);
        if (base::text_at(written, "in") == "query")
          operation.query.push_back(base::text_at(written, "name"));
      }
      for (const auto& [status, response] : node["responses"].items())
        operation.answers[status] = *document.follow(&response);
      document.operations_.push_back(std::move(operation));
    }
  }
  return document;
}

const Operation& OpenApiDocument::operation(std::string_view id) const {
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const Operation& operation) { return operation.id == id; });
  if (found == operations_.end()) throw std::out_of_range("no operation " + std::string(id));
  return *found;
}

const Json* OpenApiDocument::follow(const Json* node) const {
  const std::string reference = base::text_at(*node, "$ref");
  if (reference.empty()) return node;
  const Json* at = &document_;
  const std::string path = reference.substr(std::string_view("#/").size());
  for (const auto part : base::split(path, '/')) at = &base::at(*at, part);
  if (at->is_null()) throw std::out_of_range("openapi.yaml: a reference to nothing: " + reference);
  return at;
}

std::string OpenApiDocument::check(const Operation& operation, int status, std::string_view media_type,
                                   std::string_view body) const {
  const std::string type(base::trim(media_type.substr(0, media_type.find(';'))));
  const auto written = operation.answers.find(std::to_string(status));
  const bool is_problem = status >= 400 && type == "application/problem+json";
  if (written == operation.answers.end() && !is_problem)
    return "the status " + std::to_string(status) + " is not written down";
  const Json& response =
      written == operation.answers.end() ? document_["components"]["responses"]["Problem"] : written->second;
  const Json& content = base::at(response, "content");
  if (content.is_null()) return body.empty() ? "" : "there is a body where none is written down";
  const Json& schema = base::at(content, type, "schema");
  if (schema.is_null()) return "the media type is not written down: " + type;
  if (!type.ends_with("json")) return "";
  const auto value = base::parse_json(body);
  return value ? check_value(schema, *value, "body") : "the body is no JSON";
}

/// Puts `required` and `properties` of a schema, and of all that it consists of, together.
void OpenApiDocument::collect(const Json& schema, Json& whole) const {
  const Json& node = *follow(&schema);
  for (const auto& part : base::list_at(node, "allOf")) collect(part, whole);
  for (const auto& name : base::list_at(node, "required")) whole["required"].push_back(name);
  if (node.contains("properties")) whole["properties"].update(node["properties"]);
}

std::string OpenApiDocument::check_object(const Json& schema, const Json& value,
                                          const std::string& where) const {
  Json whole{{"required", Json::array()}, {"properties", Json::object()}};
  collect(schema, whole);
  for (const auto& name : whole["required"]) {
    if (!value.contains(base::text(name))) return where + " lacks " + base::text(name);
  }
  const Json& others = base::at(schema, "additionalProperties");
  for (const auto& [name, member] : value.items()) {
    const Json& property = base::at(whole["properties"], name);
    const Json& wanted = property.is_null() && others.is_object() ? others : property;
    if (wanted.is_null()) {
      if (whole["properties"].empty()) continue;
      return where + " has a member that is not written down: " + name;
    }
    if (std::string fault = check_value(wanted, member, where + "." + name); !fault.empty()) return fault;
  }
  return "";
}

std::string OpenApiDocument::check_value(const Json& written, const Json& value,
                                         const std::string& where) const {
  const Json& schema = *follow(&written);
  const std::string type = schema.contains("allOf") ? "object" : base::text_at(schema, "type");
  if (type.empty()) return "";
  if (!has_type(value, type)) return where + " is no " + type;
  if (schema.contains("enum")) {
    const Json& words = schema["enum"];
    if (std::find(words.begin(), words.end(), value) == words.end())
      return where + " is none of the written words: " + base::text(value);
  }
  if (value.is_string() && !has_format(value.get<std::string>(), base::text_at(schema, "format")))
    return where + " has not the written format: " + base::text(value);
  if (value.is_object()) return check_object(schema, value, where);
  if (!value.is_array()) return "";
  std::size_t number = 0;
  for (const auto& item : value) {
    const std::string fault =
        check_value(schema["items"], item, where + "[" + std::to_string(number++) + "]");
    if (!fault.empty()) return fault;
  }
  return "";
}

}  // namespace midwatch::api::testing
