#include "src/telemetry/address_words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "src/base/ascii.h"

namespace midwatch::telemetry {
namespace {

/// The first port that Linux gives to clients.
constexpr unsigned kFirstClientPort = 32768;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_of_address(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' || c == '_';
}

bool has_client_port(std::string_view behind) {
  if (!behind.starts_with(':')) return false;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(behind.data() + 1, behind.data() + behind.size(), port);
  return error == std::errc() && port >= kFirstClientPort;
}

void drop_quotes_and_spaces(std::string_view& text) {
  while (text.ends_with('"') || text.ends_with('\'') || text.ends_with(' ')) text.remove_suffix(1);
}

/// "host=", "upstream":", "server: ": what follows such a key is an address.
bool ends_with_key_of_address(std::string_view before) {
  static constexpr std::array<std::string_view, 10> kKeys{
      "host", "hostname", "upstream", "server", "addr", "address", "backend", "peer", "target", "endpoint"};
  drop_quotes_and_spaces(before);
  if (!before.ends_with('=') && !before.ends_with(':')) return false;
  before.remove_suffix(1);
  drop_quotes_and_spaces(before);
  return std::any_of(kKeys.begin(), kKeys.end(), [&](std::string_view key) {
    return before.size() >= key.size() && base::to_lower(before.substr(before.size() - key.size())) == key;
  });
}

bool stands_as_address(std::string_view before, std::string_view behind) {
  return before.ends_with("://") || before.ends_with('@') ||
         (behind.size() > 1 && behind[0] == ':' && is_digit(behind[1])) || ends_with_key_of_address(before);
}

}  // namespace

std::vector<AddressWord> address_words(std::string_view text) {
  std::vector<AddressWord> words;
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < text.size(); begin = end + 1) {
    end = begin;
    while (end < text.size() && is_of_address(text[end])) ++end;
    AddressWord word{text.substr(begin, end - begin), false, false};
    while (word.text.ends_with('.')) word.text.remove_suffix(1);
    if (word.text.empty()) continue;
    const std::string_view behind = text.substr(end);
    word.stands_as_address = stands_as_address(text.substr(0, begin), behind);
    word.is_client = has_client_port(behind);
    if (word.stands_as_address || word.text.find_first_of(".-") != std::string_view::npos)
      words.push_back(word);
  }
  return words;
}

}  // namespace midwatch::telemetry
