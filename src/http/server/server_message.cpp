#include "src/base/ascii.h"
#include "src/http/server/server.h"

namespace midwatch::http {

std::string_view ServerRequest::header(std::string_view name) const {
  const std::string wanted = base::to_lower(name);
  for (const auto& [key, value] : headers) {
    if (base::to_lower(key) == wanted) return value;
  }
  return {};
}

std::string_view ServerRequest::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view ServerRequest::query() const {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

}  // namespace midwatch::http
