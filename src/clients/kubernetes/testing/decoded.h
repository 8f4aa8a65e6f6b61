#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/clients/kubernetes/kubernetes_decoder.h"
#include "src/clients/kubernetes/owner_links.h"
#include "src/clients/kubernetes/reference_links.h"

namespace midwatch::clients::kubernetes::testing {

/// What decoding some outputs gave, for tests. Ages count from 2030-05-01T12:00:00Z.
class Decoded {
 public:
  Decoded(std::initializer_list<std::string_view> outputs) {
    std::uint32_t source = 0;
    for (const auto text : outputs) {
      decode_kubectl_output({text, {source++, 0}, base::parse_rfc3339("2030-05-01T12:00:00Z")}, batch_);
    }
    link_owners(batch_);
    link_references(batch_);
  }

  const telemetry::TelemetryBatch& batch() const { return batch_; }

  /// All attributes of an entity, merged; empty where there is no such entity.
  telemetry::Attributes attributes(std::string_view id) const {
    telemetry::Attributes all;
    for (const auto& e : batch_.entities) {
      if (e.id == id) all.merge(e.attributes);
    }
    return all;
  }
  /// The value of an attribute; "(absent)" where it is not there.
  std::string get(std::string_view id, std::string_view path) const {
    return std::string(attributes(id).get(path, "(absent)"));
  }

  bool related(std::string_view from, std::string_view to, telemetry::RelationKind kind) const {
    for (const auto& r : batch_.relations) {
      if (r.from == from && r.to == to && r.kind == kind) return true;
    }
    return false;
  }

  /// Every dangling reference of an entity as "kind target".
  std::vector<std::string> dangling(std::string_view id) const {
    std::vector<std::string> out;
    const auto all = attributes(id);
    for (const auto& [path, value] : all) {
      if (path.starts_with("dangling.") && path.ends_with(".target"))
        out.push_back(std::string(all.get(path.substr(0, path.size() - 6) + "kind")) + " " + value);
    }
    return out;
  }

 private:
  telemetry::TelemetryBatch batch_;
};

}  // namespace midwatch::clients::kubernetes::testing
