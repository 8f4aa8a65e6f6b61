#include "src/observe/lines/statement_line.h"

#include <algorithm>
#include <charconv>

namespace midwatch::observe::lines {
namespace {

std::optional<double> number_at(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<StatementLine> read_statement_line(std::string_view line) {
  static constexpr std::string_view kDuration = "duration: ";
  static constexpr std::string_view kQueryTime = "# Query_time: ";
  StatementLine out;
  if (line.starts_with(kDuration)) {
    const auto ms = number_at(line.substr(kDuration.size()));
    const std::size_t unit = line.find(" ms");
    if (!ms || unit == std::string_view::npos) return std::nullopt;
    out.seconds = *ms / 1000;
    // "statement: …", "execute NAME: …", "parse NAME: …", "plan:"
    const std::string_view rest = line.substr(unit + 3);
    const std::size_t colon = rest.find(": ");
    if (colon != std::string_view::npos) out.statement = rest.substr(colon + 2);
    return out;
  }
  // Lines of comment with who and when may stand before it.
  const std::size_t at = line.starts_with('#') ? line.find(kQueryTime) : std::string_view::npos;
  if (at == std::string_view::npos) return std::nullopt;
  line.remove_prefix(at);
  const auto seconds = number_at(line.substr(kQueryTime.size()));
  if (!seconds) return std::nullopt;
  out.seconds = *seconds;
  const std::size_t end = line.find('\n');
  if (end != std::string_view::npos) {
    // The statement stands behind "SET timestamp=…;".
    std::string_view rest = line.substr(end + 1);
    if (rest.starts_with("SET timestamp")) rest = rest.substr(std::min(rest.size(), rest.find('\n')));
    while (!rest.empty() && rest.front() == '\n') rest.remove_prefix(1);
    out.statement = rest;
  }
  return out;
}

}  // namespace midwatch::observe::lines
