#include "src/clients/aws/arn.h"

#include <fmt/format.h>

namespace midwatch::clients::aws {

std::string Arn::text() const {
  return fmt::format("arn:{}:{}:{}:{}:{}", partition, service, region, account, resource);
}

std::string_view Arn::name() const {
  const std::size_t last = resource.find_last_of(":/");
  return last == std::string::npos ? std::string_view(resource) : std::string_view(resource).substr(last + 1);
}

std::string_view Arn::path_name() const {
  return std::string_view(resource).substr(resource.rfind('/') + 1);
}

Arn Arn::sibling(std::string_view other_service, std::string_view other_resource) const {
  return {partition, std::string(other_service), region, account, std::string(other_resource)};
}

std::optional<Arn> parse_arn(std::string_view text) {
  constexpr std::string_view kPrefix = "arn:";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  Arn arn;
  for (std::string* part : {&arn.partition, &arn.service, &arn.region, &arn.account}) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    *part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.resource = text;
  if (arn.partition.empty() || arn.service.empty() || arn.resource.empty()) return std::nullopt;
  return arn;
}

std::string unqualified_function(std::string_view text) {
  auto arn = parse_arn(text);
  constexpr std::string_view kFunction = "function:";
  if (!arn || arn->service != "lambda" || !arn->resource.starts_with(kFunction)) return std::string(text);
  const std::size_t qualifier = arn->resource.find(':', kFunction.size());
  if (qualifier != std::string::npos) arn->resource.resize(qualifier);
  return arn->text();
}

}  // namespace midwatch::clients::aws
