#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/diagnose/case_file.h"
#include "src/telemetry/entity.h"
#include "src/topology/topology.h"

namespace midwatch::diagnose::testing {

/// Puts a case together for tests: who calls whom, what was observed where, what was looked at.
class CaseBuilder {
 public:
  CaseBuilder& calls(const std::string& from, const std::string& to) {
    topology_.relate({from, to, telemetry::RelationKind::kCalls, {}});
    return names(from).names(to);
  }
  CaseBuilder& related(const std::string& a, const std::string& b) {
    topology_.relate({a, b, telemetry::RelationKind::kRelated, {}});
    return names(a).names(b);
  }
  CaseBuilder& contains(const std::string& whole, const std::string& part) {
    topology_.relate({whole, part, telemetry::RelationKind::kContains, {}});
    return names(whole).names(part);
  }
  CaseBuilder& runs_on(const std::string& part, const std::string& host) {
    topology_.relate({part, host, telemetry::RelationKind::kRunsOn, {}});
    return names(part).names(host);
  }
  CaseBuilder& entity(const std::string& id, const std::string& type) {
    telemetry::Entity e;
    e.id = id;
    e.type = type;
    topology_.add(std::move(e));
    return *this;
  }
  CaseBuilder& in_namespace(const std::string& id, const std::string& name_space) {
    telemetry::Entity e;
    e.id = id;
    e.attributes.set("metadata.namespace", name_space);
    topology_.add(std::move(e));
    return *this;
  }
  CaseBuilder& names(const std::string& id) {
    topology_.mention(id);
    return *this;
  }
  CaseBuilder& candidates(std::vector<std::string> ids) {
    file_.scope.candidates = std::move(ids);
    return *this;
  }
  CaseBuilder& alarm(const std::string& entity, const std::string& quantity, double seconds) {
    file_.scope.alarm.entity = entity;
    file_.scope.alarm.time = at(seconds);
    file_.alarm.quantity = quantity;
    file_.alarm.measured = !quantity.empty();
    file_.alarm.strength = 1;
    return *this;
  }
  CaseBuilder& alarm_strength(double strength) {
    file_.alarm.strength = strength;
    return *this;
  }
  /// What the alarm is about by its name, without anybody who measures it.
  CaseBuilder& alarm_quantity(const std::string& quantity) {
    file_.alarm.quantity = quantity;
    file_.scope.alarm.metric = quantity;
    return *this;
  }
  CaseBuilder& looked(const std::string& signal) {
    file_.coverage.signals.insert(signal);
    return *this;
  }
  CaseBuilder& looked_at(const std::string& entity, const std::string& what) {
    file_.coverage.by_entity[entity].insert(what);
    return *this;
  }
  CaseBuilder& sees(const std::string& entity, const std::string& type, double strength = 1.0) {
    model::Observation o;
    o.entity = entity;
    o.type = type;
    o.subject = type;
    o.strength = strength;
    o.id = "o" + std::to_string(file_.observations.size() + 1);
    file_.observations.push_back(std::move(o));
    return *this;
  }
  /// Adds to the last observation.
  CaseBuilder& onset(double seconds) {
    file_.observations.back().onset = at(seconds);
    return *this;
  }
  CaseBuilder& fact(const std::string& name, const std::string& value) {
    file_.observations.back().facts[name] = value;
    return *this;
  }
  /// A record that the last observation rests on.
  CaseBuilder& record(const std::string& id) {
    file_.observations.back().evidence.emplace_back().id = id;
    return *this;
  }
  CaseBuilder& magnitude(double value) {
    file_.observations.back().magnitude = value;
    return *this;
  }
  CaseBuilder& subject(const std::string& value) {
    file_.observations.back().subject = value;
    return *this;
  }

  CaseFile build() {
    file_.topology = std::move(topology_).build();
    return std::move(file_);
  }

  static base::Timestamp at(double seconds) {
    return base::Timestamp{} + std::chrono::hours(24) + base::duration_from_seconds(seconds);
  }

 private:
  topology::TopologyBuilder topology_;
  CaseFile file_;
};

}  // namespace midwatch::diagnose::testing
