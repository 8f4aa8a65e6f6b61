#pragma once

#include <string>
#include <string_view>

namespace midwatch::clients::aws {

/// The id of a resource that is known by its type and physical name ("AWS::Lambda::Function", "orders"): its
/// ARN where the name is one, else the alias that the resource's own decoder registers ("lambda/orders").
/// Empty for no name.
std::string id_of_resource(std::string_view type, std::string_view name);

/// The id of what an API call is about, by the service's name in events ("lambda.amazonaws.com") and the name
/// or ARN in its parameters.
std::string id_of_service_resource(std::string_view event_source, std::string_view name);

}  // namespace midwatch::clients::aws
