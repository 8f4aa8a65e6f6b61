#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/connectors/bundle/problem_kinds.h"
#include "src/model/investigation_record.h"

namespace midwatch::connectors::bundle {

/// A gap about one source, in both languages.
model::Gap gap_about(std::string_view source, std::string en, std::string ja);

/// Collects what was wrong in one file: each kind of problem is counted, and its first lines are kept.
class ReadProblems {
 public:
  explicit ReadProblems(std::string file) : file_(std::move(file)) {}

  /// A record was read in spite of it.
  void repaired(const ProblemKind& kind, std::uint64_t line);
  /// The record is skipped.
  void lost(const ProblemKind& kind, std::uint64_t line);
  /// A field that nobody reads; at most kMaxFields different ones are kept.
  void unknown_field(std::string_view name, std::uint64_t line);
  /// A field whose value is of another type than a record has there; it is left out.
  void wrong_type(std::string_view name, std::uint64_t line);

  /// The records skipped, not those repaired.
  std::uint64_t lost() const { return lost_; }

  /// One gap a kind of problem, one for all fields of wrong types and one for all unknown ones, in a fixed
  /// order.
  std::vector<model::Gap> gaps() const;

  static constexpr std::size_t kMaxFields = 32;
  /// For a file without records: the problem is told without a place.
  static constexpr std::uint64_t kNoLine = 0;

 private:
  struct Kind {
    std::string_view ja;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> first_lines;
  };
  struct Seen {
    std::uint64_t count = 0;
    std::uint64_t first_line = 0;
  };
  struct Fields {
    std::map<std::string, Seen, std::less<>> by_name;
    std::uint64_t others = 0;

    void add(std::string_view name, std::uint64_t line);
    std::string list() const;
  };
  std::string file_;
  std::map<std::string_view, Kind> kinds_;  // by the English text, which lives as long as the program
  Fields unknown_;
  Fields wrong_;
  std::uint64_t lost_ = 0;
};

/// Collects what was wrong with the members of a bundle before any was read: each kind is counted, and its
/// first names are kept, in alphabetical order: nothing depends on the order in which members come.
class MemberProblems {
 public:
  void add(const ProblemKind& kind, std::string_view member);

  /// One gap a kind of problem, in a fixed order.
  std::vector<model::Gap> gaps() const;

 private:
  struct Kind {
    std::string_view ja;
    std::uint64_t count = 0;
    std::set<std::string, std::less<>> names;  // the first by name, at most kShownNames
  };
  std::map<std::string_view, Kind> kinds_;
};

}  // namespace midwatch::connectors::bundle
