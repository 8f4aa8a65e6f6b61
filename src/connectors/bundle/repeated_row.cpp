#include "src/connectors/bundle/repeated_row.h"

namespace midwatch::connectors::bundle {
namespace {

bool is_quoted(std::string_view field) {
  return field.starts_with('"');
}

}  // namespace

void RepeatedRow::remember(std::string_view line, const Pair& pair) {
  known_ = line.find('"') == std::string_view::npos;
  if (!known_) return;
  const auto first = static_cast<std::size_t>(pair.first.data() - line.data());
  const auto second = static_cast<std::size_t>(pair.second.data() - line.data());
  before_ = line.substr(0, first);
  between_ = line.substr(first + pair.first.size(), second - first - pair.first.size());
  after_ = line.substr(second + pair.second.size());
}

bool RepeatedRow::read(std::string_view line, Pair& pair) const {
  if (!known_ || !line.starts_with(before_) || !line.ends_with(after_)) return false;
  std::string_view rest = line.substr(before_.size());
  const std::size_t comma = rest.find(',');
  if (comma == std::string_view::npos) return false;
  pair.first = rest.substr(0, comma);
  rest.remove_prefix(comma);
  if (rest.size() < between_.size() + after_.size() || !rest.starts_with(between_)) return false;
  pair.second = rest.substr(between_.size(), rest.size() - between_.size() - after_.size());
  return !is_quoted(pair.first) && !is_quoted(pair.second) && pair.second.find(',') == std::string_view::npos;
}

}  // namespace midwatch::connectors::bundle
