#pragma once

#include <string>
#include <string_view>

namespace midwatch::connectors::bundle {

/// Recognises rows that differ from an earlier one in two columns alone: files of metrics are mostly written
/// series by series, and then only the time and the value of a row have to be looked at.
class RepeatedRow {
 public:
  /// Two columns of a row; `first` comes before `second`.
  struct Pair {
    std::string_view first;
    std::string_view second;
  };

  /// Takes `line` as the row to compare with; `pair` borrows from it. A row with quotes is none that could be
  /// compared byte by byte.
  void remember(std::string_view line, const Pair& pair);
  void forget() { known_ = false; }

  /// The two columns where all else of `line` is as remembered; false where it may not be.
  bool read(std::string_view line, Pair& pair) const;

 private:
  bool known_ = false;
  std::string before_;   ///< with its last comma
  std::string between_;  ///< with its commas
  std::string after_;    ///< with its first comma
};

}  // namespace midwatch::connectors::bundle
