#pragma once

#include <map>
#include <string>
#include <string_view>

namespace midwatch::clients::aws {

/// Dimensions of a CloudWatch metric, by name.
using Dimensions = std::map<std::string, std::string, std::less<>>;

/// Whose metric it is.
struct MetricOwner {
  std::string entity;    ///< "service/name" of the resource; empty where the dimensions name none
  Dimensions remaining;  ///< what does not name the resource: AvailabilityZone, Operation, …
};

/// The resource that a metric's namespace and dimensions name: AWS/Lambda with FunctionName=orders is
/// lambda/orders. The id is the alias that the decoders of resources register, so that records meet under one
/// entity. Source: the services' pages "Metrics and dimensions" in the Amazon CloudWatch documentation.
MetricOwner owner_of_metric(std::string_view name_space, Dimensions dimensions);

}  // namespace midwatch::clients::aws
