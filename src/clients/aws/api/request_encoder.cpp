#include "src/clients/aws/api/request_encoder.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/clients/aws/api/query_form.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

/// Epoch seconds of a time that is written as text; anything else as it is.
Json epoch_seconds(const Json& value) {
  if (!value.is_string()) return value;
  const auto time = base::parse_rfc3339(value.get<std::string>());
  if (!time) return value;
  const auto whole = std::chrono::floor<std::chrono::seconds>(*time);
  if (whole == *time) return whole.time_since_epoch().count();
  return base::to_seconds(*time);
}

/// The input with times as numbers; the keys of a user's map are no members.
Json json_input(const Service& service, std::string_view parent, const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(json_input(service, parent, item));
    return list;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [key, member] : value.items()) {
    const Field* field = find_input(service, parent, key);
    const auto kind = field == nullptr ? FieldKind::kText : field->kind;
    const std::string wire(field == nullptr ? std::string_view(key) : field->wire);
    if (kind == FieldKind::kTime) {
      object[wire] = epoch_seconds(member);
    } else if (kind == FieldKind::kMap) {
      object[wire] = member;
    } else {
      object[wire] = json_input(service, key, member);
    }
  }
  return object;
}

WireRequest encode_json(const Service& service, const Operation& operation, const Json& input) {
  WireRequest request{.method = "POST", .target = "/", .headers = {}, .body = {}};
  const char* type =
      service.protocol == Protocol::kJson10 ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
  request.headers = {{"Content-Type", type},
                     {"X-Amz-Target", fmt::format("{}.{}", service.target_prefix, operation.name)}};
  if (service.query_compatible) request.headers.emplace_back("x-amzn-query-mode", "true");
  request.body = base::dump_json(json_input(service, operation.name, input));
  return request;
}

/// The value of one query parameter: booleans as words, all else as it reads.
std::string query_text(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return base::text(value);
}

/// Replaces each `{Member}` of the path's template; adds those members to `used`.
base::Result<std::string> filled_path(const Operation& operation, const Json& input,
                                      std::set<std::string>& used) {
  std::string path;
  std::string_view rest = operation.path;
  while (true) {
    const auto open = rest.find('{');
    path += rest.substr(0, open);
    if (open == std::string_view::npos) return path;
    const auto close = rest.find('}', open);
    const std::string member(rest.substr(open + 1, close - open - 1));
    const std::string value = query_text(base::at(input, member));
    if (value.empty()) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              fmt::format("{} needs the member {}", operation.name, member));
    }
    path += http::percent_encode(value);
    used.insert(member);
    rest.remove_prefix(close + 1);
  }
}

std::string filled_query(const Operation& operation, const Json& input, std::set<std::string>& used) {
  std::string query;
  const auto add = [&query](std::string_view wire, const Json& value) {
    query += fmt::format("{}{}={}", query.empty() ? "" : "&", http::percent_encode(wire),
                         http::percent_encode(query_text(value)));
  };
  for (const auto pair : base::split_words(operation.query)) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) {
      query += fmt::format("{}{}", query.empty() ? "" : "&", pair);
      continue;
    }
    const std::string member(pair.substr(equals + 1));
    const Json& value = base::at(input, member);
    used.insert(member);
    if (value.is_array()) {
      for (const Json& item : value) add(pair.substr(0, equals), item);
    } else if (!value.is_null()) {
      add(pair.substr(0, equals), value);
    }
  }
  return query;
}

/// Only what reads by GET is asked in REST-XML, so that no body is ever written in it.
base::Result<WireRequest> encode_rest(const Service& service, const Operation& operation, const Json& input) {
  WireRequest request{.method = std::string(operation.method), .target = {}, .headers = {}, .body = {}};
  std::set<std::string> used;
  MIDWATCH_TRY(request.target, filled_path(operation, input, used));
  if (const std::string query = filled_query(operation, input, used); !query.empty())
    request.target += "?" + query;
  if (operation.method == "GET") return request;
  Json body = Json::object();
  for (const auto& [key, value] : input.items())
    if (!used.contains(key)) body[key] = value;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = base::dump_json(json_input(service, operation.name, body));
  return request;
}

WireRequest encode_query(const Service& service, const Operation& operation, const Json& input) {
  return {.method = "POST",
          .target = "/",
          .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
          .body = query_form(service, operation, input)};
}

}  // namespace

base::Result<WireRequest> encode_request(const Service& service, const Operation& operation,
                                         const Json& input) {
  if (!input.is_object() && !input.is_null()) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            fmt::format("the input of {} {} is no object but {}", service.name,
                                        operation.name, input.type_name()));
  }
  const Json& members = input.is_null() ? Json(Json::object()) : input;
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return encode_json(service, operation, members);
    case Protocol::kRestJson:
    case Protocol::kRestXml:
      return encode_rest(service, operation, members);
    case Protocol::kQuery:
    case Protocol::kEc2:
      break;
  }
  return encode_query(service, operation, members);
}

}  // namespace midwatch::clients::aws::api
