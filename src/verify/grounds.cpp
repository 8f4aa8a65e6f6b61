#include "src/verify/grounds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

#include "src/base/quantity.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::verify {
namespace {

constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();
/// What ends one part of a value and begins the next; a minus or plus tells which side of a diff a line is
/// of.
constexpr std::string_view kSeparators[] = {"<*>", "\\n", " · ", "…", ":", "→", "− ", "+ "};

/// `src/a.go:12`: a file by its ending, and a line.
std::optional<std::pair<std::string_view, unsigned>> place_of(std::string_view value) {
  static const RE2 kPlace(R"re(([^\s:]*\.\w{1,8}):(\d{1,7}))re");
  re2::StringPiece file;
  unsigned line = 0;
  if (!RE2::FullMatch(re2::StringPiece(value.data(), value.size()), kPlace, &file, &line))
    return std::nullopt;
  return std::pair{std::string_view(file.data(), file.size()), line};
}

std::string shown_form(std::string_view text) {
  return base::printable(base::redact(text), kUnbounded);
}

}  // namespace

bool is_quote(std::string_view fact) {
  static constexpr std::array<std::string_view, 8> kQuotes{"sample",   "message", "exception", "location",
                                                           "template", "host",    "image",     "path"};
  return std::find(kQuotes.begin(), kQuotes.end(), fact) != kQuotes.end();
}

void Grounds::add(const ClaimedObservation& o) {
  if (!seen_.insert(o.observation.id).second) return;
  texts_ += o.observation.subject + '\n' + o.observation.entity + '\n';
  if (o.observation.value) texts_ += base::format_quantity(*o.observation.value, o.observation.unit) + '\n';
  if (o.observation.baseline)
    texts_ += base::format_quantity(*o.observation.baseline, o.observation.unit) + '\n';
  for (const auto& id : o.evidence) {
    const auto e = claims_.evidence.find(id);
    if (e == claims_.evidence.end()) continue;
    texts_ += e->second.excerpt + '\n' + e->second.pattern + '\n' + e->second.query + '\n';
    const Place place{e->second.source, e->second.ref.line};
    if (const auto records = reread_.records.find(place); records != reread_.records.end()) {
      for (const auto& record : records->second) texts_ += shown_form(record.text) + '\n';
    }
    if (const auto next = reread_.following.find(e->second.digest); next != reread_.following.end())
      texts_ += shown_form(next->second) + '\n';
  }
}

bool Grounds::holds_part(std::string_view part) const {
  if (part.find_first_not_of(" \t.,;()[]{}\"'") == std::string_view::npos) return true;
  return texts_.find(part) != std::string::npos || reread_.inventory.find(part) != std::string::npos ||
         reread_.knows(part);
}

bool Grounds::holds_place(std::string_view file, unsigned line) const {
  // As tracebacks write it: `File "a.py", line 22`, `a.cs:line 22`, `a.php(22)`.
  const RE2 traced(RE2::QuoteMeta(re2::StringPiece(file.data(), file.size())) +
                       fmt::format(R"(\D{{1,16}}{}(?:\D|$))", line),
                   RE2::Quiet);
  if (RE2::PartialMatch(texts_, traced)) return true;
  static const RE2 kHunk(R"re(@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@)re");
  for (std::size_t at = texts_.find(file); at != std::string::npos; at = texts_.find(file, at + 1)) {
    const std::string_view of_file =
        std::string_view(texts_).substr(at, texts_.find("+++ ", at + file.size()) - at);
    re2::StringPiece rest(of_file.data(), of_file.size());
    unsigned begin[2] = {};
    std::string lines[2];  // empty: one line
    while (RE2::FindAndConsume(&rest, kHunk, &begin[0], &lines[0], &begin[1], &lines[1])) {
      for (const int side : {0, 1}) {
        unsigned count = 1;
        std::from_chars(lines[side].data(), lines[side].data() + lines[side].size(), count);
        if (line >= begin[side] && line - begin[side] < count) return true;
      }
    }
  }
  return false;
}

bool Grounds::hold(std::string_view value) const {
  if (holds_part(value)) return true;
  if (const auto place = place_of(value)) return holds_place(place->first, place->second);
  while (!value.empty()) {
    std::size_t end = value.size();
    std::size_t next = value.size();
    for (const std::string_view separator : kSeparators) {
      const std::size_t at = value.find(separator);
      if (at < end) {
        end = at;
        next = at + separator.size();
      }
    }
    std::string_view part = value.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty() && !holds_part(part)) return false;
    value.remove_prefix(next);
  }
  return true;
}

}  // namespace midwatch::verify
