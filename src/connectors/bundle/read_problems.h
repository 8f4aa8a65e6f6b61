#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/connectors/connector.h"

namespace midwatch::connectors::bundle {

/// Collects what was wrong in one file: each kind of problem is counted, and its first places are kept.
class ReadProblems {
 public:
  explicit ReadProblems(std::string file) : file_(std::move(file)) {}

  /// `what` is a short, fixed description of the kind of problem; it must not hold text of the record.
  void add(std::string_view what, std::uint64_t line);

  /// The records lost (skipped), not those repaired.
  std::uint64_t lost() const { return lost_; }
  void count_lost() { ++lost_; }

  /// One gap a kind of problem, in the order of kinds.
  std::vector<model::Gap> gaps() const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    std::vector<std::uint64_t> first_lines;
  };
  std::string file_;
  std::map<std::string, Kind, std::less<>> kinds_;
  std::uint64_t lost_ = 0;
};

}  // namespace midwatch::connectors::bundle
