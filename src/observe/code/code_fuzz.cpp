#include <cstdint>
#include <cstdlib>
#include <string>

#include "src/base/utf8.h"
#include "src/observe/code/code_observer.h"

// Any bytes are code, of either language. Everything that is said of them is bounded and printable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  const std::string content = base::repair_utf8({reinterpret_cast<const char*>(data), size});
  topology::TopologyBuilder builder;
  telemetry::Entity entity;
  entity.id = "f";
  entity.attributes.set("Handler", "index.handler");
  entity.attributes.set("limit.timeout", "5");
  entity.attributes.set("container.function.env.DB_HOST", "db.example.internal");
  builder.add(std::move(entity));
  const auto topology = std::move(builder).build();
  std::vector<model::Observation> seen(2);
  seen[0].entity = "f";
  seen[0].type = "sign.null_dereference";
  seen[1].entity = "f";
  seen[1].type = "log.exception.new";
  seen[1].facts["location"] = "/var/task/index.js:2:5";
  const std::vector<observe::code::SourceFile> files{{"f", "index.js", content}, {"f", "index.py", content}};
  constexpr std::size_t kLongest = 1000;
  for (const auto& o : observe::code::observe_code({files, topology, seen, {}}).observations) {
    if (o.evidence.empty() || o.facts.find("location") == o.facts.end()) std::abort();
    for (const auto& [name, value] : o.facts) {
      if (value.size() > kLongest || base::printable(value, kLongest) != value) std::abort();
    }
  }
  return 0;
}
