#include "src/connectors/bundle/read_problems.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/base/utf8.h"

namespace midwatch::connectors::bundle {
namespace {

constexpr std::size_t kShownLines = 3;
constexpr std::size_t kShownNames = 8;
constexpr std::size_t kNameBytes = 160;
constexpr std::size_t kFieldBytes = 64;

}  // namespace

model::Gap gap_about(std::string_view source, std::string en, std::string ja) {
  model::Gap gap;
  gap.source = std::string(source);
  gap.query = gap.source;
  gap.what = {std::move(en), std::move(ja)};
  return gap;
}

void ReadProblems::repaired(const ProblemKind& kind, std::uint64_t line) {
  Kind& counted = kinds_[kind.en];
  counted.ja = kind.ja;
  ++counted.count;
  if (counted.first_lines.size() < kShownLines) counted.first_lines.push_back(line);
}

void ReadProblems::lost(const ProblemKind& kind, std::uint64_t line) {
  repaired(kind, line);
  ++lost_;
}

void ReadProblems::Fields::add(std::string_view name, std::uint64_t line) {
  name = name.substr(0, kFieldBytes);
  const auto at = by_name.find(name);
  if (at != by_name.end()) {
    ++at->second.count;
  } else if (by_name.size() < kMaxFields) {
    by_name.emplace(name, Seen{1, line});
  } else {
    ++others;
  }
}

std::string ReadProblems::Fields::list() const {
  std::vector<std::string> shown;
  for (const auto& [name, seen] : by_name) {
    std::string place = base::printable(name, kFieldBytes);
    if (seen.first_line != kNoLine) {
      const std::string times = seen.count > 1 ? fmt::format(", {}×", seen.count) : std::string();
      place += fmt::format(" (:{}{})", seen.first_line, times);
    }
    shown.push_back(std::move(place));
  }
  if (others > 0) shown.push_back(fmt::format("… ({}×)", others));
  return fmt::format("{}", fmt::join(shown, ", "));
}

void ReadProblems::unknown_field(std::string_view name, std::uint64_t line) {
  unknown_.add(name, line);
}

void ReadProblems::wrong_type(std::string_view name, std::uint64_t line) {
  wrong_.add(name, line);
}

std::vector<model::Gap> ReadProblems::gaps() const {
  std::vector<model::Gap> gaps;
  for (const auto& [en, kind] : kinds_) {
    if (kind.first_lines.front() == kNoLine) {
      gaps.push_back(
          gap_about(file_, fmt::format("{}: {}", file_, en), fmt::format("{}: {}", file_, kind.ja)));
      continue;
    }
    const std::string lines = fmt::format("{}{}", fmt::join(kind.first_lines, ", "),
                                          kind.count > kind.first_lines.size() ? ", …" : "");
    gaps.push_back(gap_about(file_, fmt::format("{}: {} ({} times; line {})", file_, en, kind.count, lines),
                             fmt::format("{}: {}（{} 件、行 {}）", file_, kind.ja, kind.count, lines)));
    gaps.back().query = fmt::format("{}:{}", file_, kind.first_lines.front());
  }
  if (!wrong_.by_name.empty()) {
    gaps.push_back(gap_about(
        file_, fmt::format("{}: fields of another type than expected, left out: {}", file_, wrong_.list()),
        fmt::format("{}: 型が想定と異なるフィールドを省きました: {}", file_, wrong_.list())));
  }
  if (!unknown_.by_name.empty()) {
    gaps.push_back(
        gap_about(file_, fmt::format("{}: fields that nobody reads, ignored: {}", file_, unknown_.list()),
                  fmt::format("{}: 使われないフィールドを無視しました: {}", file_, unknown_.list())));
  }
  return gaps;
}

void MemberProblems::add(const ProblemKind& kind, std::string_view member) {
  Kind& counted = kinds_[kind.en];
  counted.ja = kind.ja;
  ++counted.count;
  counted.names.insert(base::printable(member, kNameBytes));
  if (counted.names.size() > kShownNames) counted.names.erase(std::prev(counted.names.end()));
}

std::vector<model::Gap> MemberProblems::gaps() const {
  std::vector<model::Gap> gaps;
  for (const auto& [en, kind] : kinds_) {
    const auto others = kind.count - std::min<std::uint64_t>(kind.count, kind.names.size());
    const std::string names = fmt::format("{}", fmt::join(kind.names, ", "));
    gaps.push_back(gap_about(
        *kind.names.begin(),
        fmt::format("{}: {}{}", names, en, others > 0 ? fmt::format(" (and {} more)", others) : ""),
        fmt::format("{}: {}{}", names, kind.ja, others > 0 ? fmt::format("（ほか {} 件）", others) : "")));
  }
  return gaps;
}

}  // namespace midwatch::connectors::bundle
