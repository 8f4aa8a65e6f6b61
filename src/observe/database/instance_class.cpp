#include "src/observe/database/instance_class.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "src/telemetry/number.h"

namespace midwatch::observe::database {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
constexpr double kPostgresBytesPerConnection = 9531392.0;
constexpr double kPostgresMostConnections = 5000.0;
constexpr double kMysqlBytesPerConnection = 12582880.0;
/// What is left for the database of the memory of a class, after the operating system and RDS itself.
constexpr double kUsableMemory = 0.93;
/// Burstable classes below "large" have two processors whatever their memory is.
constexpr double kSmallestVcpus = 2.0;

/// GiB of memory that goes with one processor, by the first letter of the family.
std::optional<double> memory_per_vcpu(char family) {
  switch (family) {
    case 'c':
      return 2.0;
    case 't':
    case 'm':
      return 4.0;
    case 'r':
    case 'z':
      return 8.0;
    case 'x':
      return 16.0;
    default:
      return std::nullopt;
  }
}

/// Processors by the size word: large 2, xlarge 4, 2xlarge 8, …
std::optional<double> vcpus_of(std::string_view size) {
  if (size == "large") return kSmallestVcpus;
  constexpr std::string_view kSuffix = "xlarge";
  if (!size.ends_with(kSuffix)) return std::nullopt;
  size.remove_suffix(kSuffix.size());
  if (size.empty()) return 2 * kSmallestVcpus;
  const auto times = telemetry::parse_number(size);
  if (!times || *times <= 0) return std::nullopt;
  return 2 * kSmallestVcpus * *times;
}

}  // namespace

std::optional<InstanceSize> instance_size(std::string_view instance_class) {
  if (instance_class.starts_with("db.") || instance_class.starts_with("cache."))
    instance_class.remove_prefix(instance_class.find('.') + 1);
  const std::size_t dot = instance_class.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto each = memory_per_vcpu(instance_class.front());
  if (!each) return std::nullopt;
  const std::string_view size = instance_class.substr(dot + 1);
  if (instance_class.front() == 't') {
    static constexpr std::array<std::pair<std::string_view, double>, 4> kSmall{
        {{"micro", 1.0}, {"small", 2.0}, {"medium", 4.0}, {"large", 8.0}}};
    for (const auto& [word, gib] : kSmall) {
      if (size == word) return InstanceSize{kSmallestVcpus, gib * kGiB};
    }
  }
  const auto vcpus = vcpus_of(size);
  if (!vcpus) return std::nullopt;
  return InstanceSize{*vcpus, *vcpus * *each * kGiB};
}

std::optional<double> default_connection_limit(std::string_view engine, double memory) {
  memory *= kUsableMemory;
  if (engine.find("postgres") != std::string_view::npos)
    return std::min(kPostgresMostConnections, memory / kPostgresBytesPerConnection);
  if (engine.find("mysql") != std::string_view::npos || engine.find("mariadb") != std::string_view::npos)
    return memory / kMysqlBytesPerConnection;
  return std::nullopt;
}

}  // namespace midwatch::observe::database
