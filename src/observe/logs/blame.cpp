#include "src/observe/logs/blame.h"

#include <algorithm>
#include <cctype>

#include <re2/re2.h>

namespace midwatch::observe::logs {
namespace {

/// Shorter names than this occur in texts by chance.
constexpr std::size_t kNameBytes = 5;

bool is_inside_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

bool mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    // "com.shop.Rates.quote(" names a method, not the service called quote.
    const bool starts = at == 0 || !(is_inside_name(text[at - 1]) || text[at - 1] == '.');
    const bool ends = end >= text.size() || !(is_inside_name(text[end]) || text[end] == '(');
    if (starts && ends) return true;
  }
  return false;
}

/// What clients of HTTP, gRPC and sockets say when a call fails.
const RE2& client_error() {
  static const RE2 kPattern(
      R"re((?i)(HttpServerErrorException|HttpClientErrorException|ResourceAccessException|FeignException|StatusRuntimeException|AxiosError|upstream (connect|request|timed out|prematurely)|bad gateway|(502|503|504) (service|gateway|bad)|ECONNREFUSED|ECONNRESET|error calling|failed to (call|fetch from|reach)|I/O error on (GET|POST|PUT|DELETE)|rpc error: code = (Unavailable|DeadlineExceeded)|due to customer function error))re",
      RE2::Quiet);
  return kPattern;
}

}  // namespace

void Blame::add_name(const std::string& entity) {
  if (entity.size() >= kNameBytes) names_.insert(entity);
}

bool Blame::is_passed_on(const std::string& entity, std::string_view text) const {
  if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), client_error())) return true;
  return std::any_of(names_.begin(), names_.end(),
                     [&](const std::string& name) { return name != entity && mentions(text, name); });
}

}  // namespace midwatch::observe::logs
