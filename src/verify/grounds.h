#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/verify/claims.h"
#include "src/verify/reread.h"

namespace midwatch::verify {

/// True for a fact that quotes a record: it must stand in it. Counts, and words of the vocabulary, are not
/// quotes.
bool is_quote(std::string_view fact);

/// What a sentence or a command may be made of: the words of the records behind some observations, of the
/// small records of the source, and of names.
class Grounds {
 public:
  Grounds(const Claims& claims, const Reread& reread) : claims_(claims), reread_(reread) {}

  /// Adds what an observation says and what the records behind it hold.
  void add(const ClaimedObservation& observation);

  /// True where every part of `value` stands in one of these texts. Parts are separated by line ends,
  /// wildcards of templates, and colons. A place in code (`file:line`) is no such value: it has to stand
  /// there, as a traceback writes it, or in a diff of the file under the head of a hunk that covers the line.
  bool hold(std::string_view value) const;

 private:
  bool holds_part(std::string_view part) const;
  bool holds_place(std::string_view file, unsigned line) const;

  const Claims& claims_;
  const Reread& reread_;
  std::string texts_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace midwatch::verify
