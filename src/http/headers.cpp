#include "src/base/ascii.h"
#include "src/http/http_client.h"

namespace midwatch::http {

std::string_view header_value(const std::vector<Header>& headers, std::string_view name) {
  const std::string wanted = base::to_lower(name);
  for (const auto& [key, value] : headers)
    if (base::to_lower(key) == wanted) return value;
  return {};
}

}  // namespace midwatch::http
