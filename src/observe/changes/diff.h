#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::observe::changes {

enum class LineKind { kContext, kRemoved, kAdded };

struct DiffLine {
  LineKind kind = LineKind::kContext;
  std::string text;      ///< without its mark and its line end
  std::size_t line = 0;  ///< in the new file, of a removed line in the old one; 0 where the diff does not say
  std::size_t offset = 0;  ///< of the line with its mark in the text of the diff
  std::size_t length = 0;
};

/// One stretch of changed lines.
struct Hunk {
  std::string heading;  ///< what the diff prints after the second @@, usually the enclosing function
  std::vector<DiffLine> lines;
};

struct FileDiff {
  std::string path;      ///< in the new tree; of a deleted file, in the old one
  std::string old_path;  ///< where it differs
  bool created = false;
  bool deleted = false;
  bool renamed = false;
  bool binary = false;
  std::vector<Hunk> hunks;
};

struct Diff {
  std::vector<FileDiff> files;
  bool truncated = false;  ///< the text was cut, by its source or by the bounds of the reader
};

/// Reads a unified diff, with git's extended headers or without, and the loose forms that tools of review
/// print: `@@ path @@`, `@@ path: heading`, `@@ heading` and lines that are only marked with + and -.
///
/// Shape:  files in the order of the text; hunks of the same file that lie together belong to one entry.
/// Limits: 1 MiB, 20,000 lines, 4 KiB a line; what lies beyond is left out and `truncated` is set.
/// Errors: none; what is no diff has no files.
/// Source: git-diff(1), "Generating patch text with -p"; POSIX diff -u.
Diff read_diff(std::string_view text, const std::vector<std::string>& files);

}  // namespace midwatch::observe::changes
