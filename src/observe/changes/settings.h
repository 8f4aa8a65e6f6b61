#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/observe/changes/file_role.h"
#include "src/observe/changes/source_lines.h"
#include "src/observe/changes/value.h"

namespace midwatch::observe::changes {

/// A value that a key is given, in code (assignment, argument, constant, comparison) or configuration.
struct Setting {
  std::string key;                   ///< as written; of an argument, the function's name
  std::string comparison;            ///< of a comparison; empty otherwise
  std::size_t position = 0;          ///< which argument; 0 where the key is its own
  std::vector<std::string> words;    ///< of the key, lower case
  std::vector<std::string> context;  ///< of what stands around it: outer keys, receiver, function, file
  Value value;
  std::size_t line = 0;
  std::string code;
  bool argument = false;  ///< the key is a function's name
  bool element = false;   ///< one of a list: its place says nothing
  bool spoken = false;    ///< part of a text for people: an argument of logging or of making an error
};

/// A setting whose value differs; `before` or `after` is absent where it was added or removed.
struct SettingChange {
  std::string key;
  std::vector<std::string> words;
  std::vector<std::string> context;
  std::optional<Setting> before;
  std::optional<Setting> after;
};

/// The settings in the lines of one side (kRemoved or kAdded) of a hunk; the context lines only tell what
/// stands around them.
std::vector<Setting> settings_of(const std::vector<SourceLine>& lines, LineKind side, std::string_view path,
                                 std::string_view heading);

/// Pairs the settings of both sides. What stands on both sides unchanged, moved or not, once or more often,
/// is left out, and so is a value that was given a name.
std::vector<SettingChange> compare_settings(std::vector<Setting> removed, std::vector<Setting> added);

}  // namespace midwatch::observe::changes
