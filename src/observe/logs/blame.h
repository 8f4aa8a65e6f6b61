#pragma once

#include <set>
#include <string>
#include <string_view>

namespace midwatch::observe::logs {

/// Says whether an error lays itself on somebody else: its words name another entity, or are those of a
/// client whose call failed.
class Blame {
 public:
  /// Somebody whom an error may name. Very short names occur in texts by chance and are left out.
  void add_name(const std::string& entity);

  bool is_passed_on(const std::string& entity, std::string_view text) const;

 private:
  std::set<std::string> names_;
};

}  // namespace midwatch::observe::logs
