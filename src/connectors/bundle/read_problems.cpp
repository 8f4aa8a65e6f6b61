#include "src/connectors/bundle/read_problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kShownLines = 3;

}  // namespace

void ReadProblems::add(std::string_view what, std::uint64_t line) {
  auto at = kinds_.find(what);
  if (at == kinds_.end()) at = kinds_.emplace(std::string(what), Kind{}).first;
  ++at->second.count;
  if (at->second.first_lines.size() < kShownLines) at->second.first_lines.push_back(line);
}

std::vector<model::Gap> ReadProblems::gaps() const {
  std::vector<model::Gap> gaps;
  for (const auto& [what, kind] : kinds_) {
    const std::string lines = fmt::format("{}{}", fmt::join(kind.first_lines, ", "),
                                          kind.count > kind.first_lines.size() ? ", …" : "");
    model::Gap gap;
    gap.source = file_;
    gap.query = fmt::format("{}:{}", file_, kind.first_lines.front());
    gap.what.en = fmt::format("{}: {} ({} times; line {})", file_, what, kind.count, lines);
    gap.what.ja = fmt::format("{}: {}（{} 件、行 {}）", file_, what, kind.count, lines);
    gaps.push_back(std::move(gap));
  }
  return gaps;
}

}  // namespace midwatch::connectors::bundle
