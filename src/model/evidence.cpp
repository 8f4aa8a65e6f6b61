#include "src/model/evidence.h"

#include <fmt/format.h>

#include "src/base/digest.h"

namespace midwatch::model {

std::string evidence_id(const Evidence& e) {
  base::Sha256 hash;
  const auto add = [&](std::string_view part) {
    hash.update(fmt::format("{}:", part.size()));
    hash.update(part);
  };
  add(e.source);
  add(e.query);
  add(e.window ? base::format_rfc3339(e.window->start) + "/" + base::format_rfc3339(e.window->end) : "");
  add(e.entity);
  add(e.pattern);
  add(e.digest);
  return "ev-" + hash.finish_hex().substr(0, 16);
}

}  // namespace midwatch::model
