#include "src/knowledge/failure_mode.h"

namespace midwatch::knowledge {

bool type_matches(std::string_view pattern, std::string_view type) {
  while (true) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == type;
    if (type.substr(0, star) != pattern.substr(0, star)) return false;
    pattern.remove_prefix(star + 1);
    type.remove_prefix(star);
    if (pattern.empty()) return !type.empty();
    // What follows the star has to match some rest of the type that leaves at least one character for the
    // star.
    for (std::size_t skip = 1; skip < type.size(); ++skip) {
      if (type_matches(pattern, type.substr(skip))) return true;
    }
    return false;
  }
}

}  // namespace midwatch::knowledge
