#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"
#include "src/topology/topology.h"

namespace midwatch::observe::state {

/// How long something may take to start before its not being ready is worth a word. Probes begin after some
/// seconds, images of usual size are pulled within a minute.
inline constexpr base::Duration kStarting = std::chrono::seconds(60);

/// An entity's attributes, read by the words of README.md.
class EntityView {
 public:
  EntityView(const topology::Topology& topology, topology::EntityIndex index,
             std::optional<base::Timestamp> now, bool is_alarmed)
      : topology_(topology),
        index_(index),
        entity_(topology.entity(index)),
        now_(now),
        is_alarmed_(is_alarmed) {}

  topology::EntityIndex index() const { return index_; }
  const telemetry::Entity& entity() const { return entity_; }
  const topology::Topology& topology() const { return topology_; }
  /// The kind of what the entity belongs to; its own where it belongs to nobody.
  std::string_view owner_kind() const {
    return topology_.entity(topology_.owner(index_)).attributes.get("platform.kind");
  }
  /// True where the alarm is about the entity or what it belongs to.
  bool is_alarmed() const { return is_alarmed_; }
  std::string_view kind() const { return get("platform.kind"); }
  std::string_view get(std::string_view path) const { return entity_.attributes.get(path); }
  std::optional<double> number(std::string_view path) const { return entity_.attributes.number(path); }
  bool has(std::string_view path) const { return entity_.attributes.find(path) != nullptr; }
  std::optional<base::Timestamp> time(std::string_view path) const;
  std::optional<base::Timestamp> now() const { return now_; }

  /// The names of `container.NAME.…`, ordered.
  std::vector<std::string> containers() const;
  /// The names of `condition.NAME.…`, ordered.
  std::vector<std::string> conditions() const { return names_below("condition."); }

  /// How long ago a time was; nothing where one of the two is unknown, or the time lies so far in the future
  /// that the clock of the record cannot be the one that the window was taken from.
  std::optional<base::Duration> ago(std::string_view path) const;
  /// True for what was made a moment ago.
  bool is_starting() const;

 private:
  std::vector<std::string> names_below(std::string_view prefix) const;

  const topology::Topology& topology_;
  topology::EntityIndex index_;
  const telemetry::Entity& entity_;
  std::optional<base::Timestamp> now_;
  bool is_alarmed_;
};

/// Bytes as Kubernetes and people write a limit: "512Mi", "1Gi", "1000".
std::string memory_words(double bytes);
/// Cores as Kubernetes writes them: "250m", "2".
std::string cpu_words(double cores);

}  // namespace midwatch::observe::state
