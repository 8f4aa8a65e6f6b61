#include "src/sandbox/world/log_filter.h"

#include <algorithm>

namespace midwatch::sandbox::world {

LogFilter::LogFilter(std::string_view pattern) {
  while (!pattern.empty()) {
    if (pattern.front() == ' ') {
      pattern.remove_prefix(1);
      continue;
    }
    std::vector<std::string>* list = &needed_;
    if (pattern.front() == '-') list = &excluded_;
    if (pattern.front() == '?') list = &any_;
    if (list != &needed_) pattern.remove_prefix(1);
    const bool quoted = pattern.starts_with('"');
    if (quoted) pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find(quoted ? '"' : ' '), pattern.size());
    if (end > 0) list->emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
}

bool LogFilter::matches(std::string_view message) const {
  const auto occurs = [&](const std::string& term) { return message.find(term) != std::string_view::npos; };
  return std::all_of(needed_.begin(), needed_.end(), occurs) &&
         std::none_of(excluded_.begin(), excluded_.end(), occurs) &&
         (any_.empty() || std::any_of(any_.begin(), any_.end(), occurs));
}

}  // namespace midwatch::sandbox::world
