#include "src/sandbox/wire/rest.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/utf8.h"
#include "src/sandbox/wire/json_shape.h"
#include "src/sandbox/wire/percent.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;

std::vector<std::string_view> segments_of(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return base::split(path, '/');
}

struct Match {
  std::size_t literals = 0;
  Json path = Json::object();  ///< placeholders and what stood there
};

bool has_key(std::string_view query, std::string_view key) {
  const auto pairs = split_query(query, true);
  return std::any_of(pairs.begin(), pairs.end(), [key](const auto& pair) { return pair.first == key; });
}

/// Holds an address against a template such as `/functions/{FunctionName}/policy`, or `/{Bucket}?policy`, in
/// which the key must be there.
std::optional<Match> match(std::string_view uri, const std::vector<std::string_view>& path,
                           std::string_view query) {
  Match out;
  if (const std::size_t mark = uri.find('?'); mark != std::string_view::npos) {
    if (!has_key(query, uri.substr(mark + 1))) return {};
    ++out.literals;
    uri = uri.substr(0, mark);
  }
  const auto wanted = segments_of(uri);
  if (wanted.size() != path.size()) return {};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string_view part = wanted[i];
    if (part.starts_with('{') && part.ends_with('}')) {
      if (path[i].empty()) return {};
      out.path[std::string(part.substr(1, part.size() - 2))] = base::repair_utf8(percent_decode(path[i]));
    } else if (part == path[i]) {
      ++out.literals;
    } else {
      return {};
    }
  }
  return out;
}

Json typed(const std::string& text, const Shape* shape) {
  if (shape == nullptr) return text;
  if (shape->kind == Shape::Kind::kBoolean) return text == "true";
  if (shape->kind == Shape::Kind::kInteger || shape->kind == Shape::Kind::kNumber) {
    const Json number = Json::parse(text, nullptr, false);
    return number.is_number() ? number : Json(text);
  }
  if (shape->kind == Shape::Kind::kTime) return time_as_text(Json(text));
  return text;
}

void read_query(std::string_view query, const Shape* shape, Json& input) {
  if (shape == nullptr) return;
  for (const auto& [key, value] : split_query(query, true)) {
    for (const Member& member : shape->members) {
      if (member.place != "querystring" || member.tag != key) continue;
      const std::string text = base::repair_utf8(value);
      if (member.shape != nullptr && member.shape->kind == Shape::Kind::kList)
        input[member.name].push_back(typed(text, member.shape->item));
      else
        input[member.name] = typed(text, member.shape);
    }
  }
}

void read_path(const Json& path, const Shape* shape, Json& input) {
  for (const auto& [placeholder, value] : path.items()) {
    std::string name = placeholder;
    if (shape != nullptr) {
      for (const Member& member : shape->members) {
        if (member.place == "uri" && member.tag == placeholder) name = member.name;
      }
    }
    input[name] = value;
  }
}

}  // namespace

tl::expected<Route, AccountError> decode_rest(const http::ServerRequest& request,
                                              const std::vector<const Service*>& services) {
  Route route;
  std::optional<Match> best;
  const auto path = segments_of(request.path());
  for (const Service* service : services) {
    if (!service->speaks("rest-json") && !service->speaks("rest-xml")) continue;
    for (const auto& [name, operation] : service->operations) {
      if (operation.method != request.method) continue;
      auto found = match(operation.uri, path, request.query());
      if (!found || (best && best->literals >= found->literals)) continue;
      best = std::move(found);
      route.service = service;
      route.operation = &operation;
    }
  }
  if (!best) {
    return tl::unexpected(AccountError{"UnknownOperationException",
                                       "no operation of the sandbox has this address: " + request.method +
                                           " " + base::printable(request.path(), 200),
                                       404});
  }
  route.input = Json::object();
  if (!request.body.empty() && route.service->speaks("rest-json")) {
    const auto body = base::parse_json(request.body);
    if (!body || !body->is_object())
      return tl::unexpected(AccountError{"SerializationException", "the body is no JSON object", 400});
    route.input = from_body(*body, route.operation->input, BodyNames::kTags);
  }
  read_path(best->path, route.operation->input, route.input);
  read_query(request.query(), route.operation->input, route.input);
  return route;
}

}  // namespace midwatch::sandbox::wire
