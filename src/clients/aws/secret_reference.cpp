#include "src/clients/aws/secret_reference.h"

#include "src/clients/aws/arn.h"
#include "src/clients/aws/document.h"

namespace midwatch::clients::aws {

std::string SecretReference::attribute() const {
  return "secret:" + entity + "/" + key;
}

SecretReference parse_secret_reference(std::string_view value_from) {
  auto arn = parse_arn(value_from);
  if (!arn) return {named_id("ssm", value_from), {}};
  SecretReference reference;
  constexpr std::string_view kSecret = "secret:";
  if (arn->service == "secretsmanager" && arn->resource.starts_with(kSecret)) {
    const std::size_t end = arn->resource.find(':', kSecret.size());
    if (end != std::string::npos) {
      const std::size_t next = arn->resource.find(':', end + 1);
      reference.key = arn->resource.substr(end + 1, next == std::string::npos ? next : next - end - 1);
      arn->resource.resize(end);
    }
  }
  reference.entity = arn->text();
  return reference;
}

}  // namespace midwatch::clients::aws
