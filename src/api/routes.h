#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/api/call.h"

namespace midwatch::api {

/// One operation of openapi.yaml.
struct Route {
  std::string_view method;
  std::string_view pattern;    ///< a part in braces stands for any text that is not empty
  std::string_view operation;  ///< its operationId
  std::optional<Role> needs;   ///< nothing: anybody may call it
  std::string_view query;      ///< the parameters that it knows, separated by spaces
  Handler handler;
};

std::span<const Route> routes();

/// What the table says of a request.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: the path is unknown, or does not know the method
  Parameters path;
  std::string allowed;  ///< the methods of the path, separated by commas; empty where it is unknown
};

/// Finds the operation of a path in decoded parts. HEAD is answered as GET.
RouteMatch find_route(std::string_view method, const std::vector<std::string>& path);

}  // namespace midwatch::api
