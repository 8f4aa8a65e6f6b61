#include "src/observe/templates/template_text.h"

#include <algorithm>
#include <string_view>

namespace midwatch::observe::templates {
namespace {

constexpr std::string_view kVariableMark = "<*>";
/// So many groups joined by ":" are an address (MAC, IPv6), not a time or a port.
constexpr std::size_t kAddressGroups = 4;
/// A template is written from so many of its skeletons; more do not make it truer.
constexpr std::size_t kMostMembers = 1000;

/// A column of a skeleton: a word, or a run of variable ones.
struct Column {
  std::size_t first = 0;  // piece
  std::size_t end = 0;
  bool variable = false;
  bool loose = false;
};

/// A skeleton with its pieces by columns.
struct Member {
  std::string_view line;
  std::vector<Piece> pieces;
  std::vector<Column> columns;
  std::uint64_t varied = 0;
};

Member member_of(const Skeleton& s) {
  Member m;
  m.line = s.line;
  m.varied = s.varied;
  tokenize(m.line, m.pieces);
  std::size_t run = 0;
  for (std::size_t i = 0; i < m.pieces.size();) {
    Column c{i, i + 1, is_variable(m.pieces[i].look), false};
    if (c.variable) {
      while (c.end < m.pieces.size() && is_variable(m.pieces[c.end].look)) ++c.end;
      c.loose = run >= Skeleton::kTracked || (s.loose >> run & 1U) != 0;
      ++run;
    }
    m.columns.push_back(c);
    i = c.end;
  }
  return m;
}

std::string_view glue_before(const Member& m, std::size_t piece) {
  const std::size_t begin = piece == 0 ? 0 : m.pieces[piece - 1].end;
  return m.line.substr(begin, m.pieces[piece].begin - begin);
}

class Writer {
 public:
  explicit Writer(const std::vector<Member>& members) : members_(members), first_(members.front()) {}

  std::string run() {
    for (std::size_t c = 0; c < first_.columns.size(); ++c) column(c);
    text_ += first_.pieces.empty() ? first_.line : first_.line.substr(first_.pieces.back().end);
    return std::move(text_);
  }

 private:
  bool all(const auto& holds) const { return std::all_of(members_.begin(), members_.end(), holds); }

  std::string_view word(const Member& m, std::size_t c) const {
    return m.pieces[m.columns[c].first].text(m.line);
  }

  void column(std::size_t c) {
    const Column& own = first_.columns[c];
    const std::string_view glue = glue_before(first_, own.first);
    if (all([&](const Member& m) { return !m.columns[c].variable; })) {
      const std::string_view text = word(first_, c);
      const bool same = all([&](const Member& m) { return word(m, c) == text; });
      text_ += glue;
      text_ += same ? text : kVariableMark;
      return;
    }
    text_ += glue;
    if (own.variable && all([&](const Member& m) { return same_form(m, c); })) {
      pieces(c);
    } else {
      text_ += kVariableMark;
    }
  }

  bool same_form(const Member& m, std::size_t c) const {
    const Column& own = first_.columns[c];
    const Column& other = m.columns[c];
    if (!other.variable || other.loose || other.end - other.first != own.end - own.first) return false;
    for (std::size_t i = 1; i < own.end - own.first; ++i) {
      if (glue_before(m, other.first + i) != glue_before(first_, own.first + i)) return false;
    }
    return true;
  }

  /// A run whose form is the same everywhere.
  void pieces(std::size_t column) {
    const Column& c = first_.columns[column];
    for (std::size_t i = c.first; i < c.end;) {
      // A unit that varies belongs to the number before it.
      if (i > c.first && is_unit(first_.pieces[i].text(first_.line)) && !is_fixed(column, i - c.first)) {
        ++i;
        continue;
      }
      if (i > c.first) text_ += glue_before(first_, i);
      // What is joined without a space is one thing where it is an address or a list.
      std::size_t end = i + 1;
      while (end < c.end && glue_before(first_, end) == glue_before(first_, i + 1)) ++end;
      const std::string_view glue = i + 1 < c.end ? glue_before(first_, i + 1) : std::string_view();
      if (glue == "," || (glue == ":" && end - i >= kAddressGroups)) {
        text_ += kVariableMark;
        i = end;
        continue;
      }
      text_ += is_fixed(column, i - c.first) ? first_.pieces[i].text(first_.line) : kVariableMark;
      ++i;
    }
  }

  /// True where a soft piece is the same in all lines.
  bool is_fixed(std::size_t column, std::size_t offset) const {
    const Piece& own = first_.pieces[first_.columns[column].first + offset];
    if (own.look != Look::kSoft) return false;
    return all([&](const Member& m) {
      const std::size_t piece = m.columns[column].first + offset;
      return piece < Skeleton::kTracked && (m.varied >> piece & 1U) == 0 &&
             m.pieces[piece].text(m.line) == own.text(first_.line);
    });
  }

  const std::vector<Member>& members_;
  const Member& first_;
  std::string text_;
};

}  // namespace

std::string template_text(const std::vector<Skeleton>& skeletons, const std::vector<SkeletonId>& members) {
  std::vector<Member> all;
  for (std::size_t i = 0; i < std::min(members.size(), kMostMembers); ++i)
    all.push_back(member_of(skeletons[members[i]]));
  return Writer(all).run();
}

}  // namespace midwatch::observe::templates
