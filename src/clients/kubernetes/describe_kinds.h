#pragma once

#include <string_view>

#include "src/base/json.h"
#include "src/clients/kubernetes/describe_tree.h"

namespace midwatch::clients::kubernetes {

/// Adds what describe shows of an object of a kind that is no pod: spec and status as the API has them. Does
/// nothing for kinds that it does not know.
void read_described_kind(std::string_view kind, const DescribeNode& root, base::Json& object);

/// The kind that a described object's own fields show; empty where they show none.
std::string_view kind_of_described(const DescribeNode& root);

}  // namespace midwatch::clients::kubernetes
