#pragma once

#include <optional>
#include <string_view>

namespace midwatch::observe::database {

/// What an instance class of a managed database offers.
/// Units: number; bytes.
struct InstanceSize {
  double vcpus = 0;
  double memory = 0;
};

/// The size of an RDS instance class: "db.r6g.2xlarge" has 8 processors and 64 GiB. Nothing for a class that
/// does not follow the naming scheme (serverless, bare metal, mainframe sizes).
/// Source: Amazon RDS User Guide, "Hardware specifications for DB instance classes": the size word counts
///         processors (large is two), the family letter says how much memory goes with one.
std::optional<InstanceSize> instance_size(std::string_view instance_class);

/// The connection limit that a database has where nobody set one.
/// Source: Amazon RDS User Guide, "Quotas and constraints", default of max_connections: PostgreSQL
///         LEAST(memory/9531392, 5000), MySQL and MariaDB memory/12582880. Nothing for other engines.
std::optional<double> default_connection_limit(std::string_view engine, double memory);

}  // namespace midwatch::observe::database
