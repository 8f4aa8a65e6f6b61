#pragma once

#include <span>
#include <string_view>

#include "src/clients/aws/api/table/operation.h"

namespace midwatch::clients::aws::api {

using ServiceGetter = const Service& (*)();

/// Every service of the table, sorted by name.
std::span<const ServiceGetter> service_getters();

/// The service of that name, or null.
const Service* find_service(std::string_view name);

/// The operation of that name, or null.
const Operation* find_operation(const Service& service, std::string_view name);

/// What the table says of a member `wire` inside `parent` (the name of a member or of the operation); null
/// where it says nothing.
const Field* find_output(const Service& service, std::string_view parent, std::string_view wire);

/// What the table says of an input member `name` inside `parent`; null where it says nothing.
const Field* find_input(const Service& service, std::string_view parent, std::string_view name);

}  // namespace midwatch::clients::aws::api
