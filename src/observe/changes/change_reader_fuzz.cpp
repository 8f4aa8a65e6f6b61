// Reads hostile diffs. The first line names the file, the rest is the diff.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/observe/changes/change_reader.h"

namespace {

midwatch::knowledge::ChangeRules some_rules() {
  midwatch::knowledge::ChangeRules rules;
  rules.settings.push_back({"timeout", {"timeout"}, {}, {}, "s", {}, false});
  rules.settings.push_back({"log_level", {"level"}, {}, {}, "", {"debug", "info"}, false});
  rules.settings.push_back({"cpu_limit", {"cpu"}, {}, {}, "", {}, false});
  rules.lines.push_back({"change.lock.added", {}, {R"(\.lock\()"}, {}, {}, {}, {}, {}, "", 0.9});
  rules.lines.push_back({"change.query_in_loop.added", {}, {R"(query\()"}, {}, {}, {}, {}, {}, "loop", 0.9});
  rules.lines.push_back({"change.query.changed", {}, {}, {R"(SELECT)"}, {}, {}, {}, {}, "", 0.9});
  rules.names.push_back({"field", {R"re(json:"(?P<name>\w+))re"}, {}, true});
  return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  static const knowledge::ChangeRules kRules = some_rules();
  static const observe::changes::ChangeReader kReader(kRules);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  telemetry::ChangeEvent event;
  event.kind = telemetry::ChangeKind::kCommit;
  event.files = {std::string(text.substr(0, end))};
  event.diff = end == std::string_view::npos ? std::string() : std::string(text.substr(end + 1));
  event.has_diff = !event.diff.empty();
  const auto change = kReader.read(event);
  for (const auto& fact : change.facts) {
    const std::string_view quoted = observe::changes::quote(event.diff, change.diff, fact, 300);
    if (event.diff.find(quoted) == std::string::npos || !(fact.strength >= 0 && fact.strength <= 1))
      std::abort();
  }
  return 0;
}
