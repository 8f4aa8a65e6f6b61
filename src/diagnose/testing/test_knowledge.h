#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/knowledge/knowledge_base.h"

namespace midwatch::diagnose::testing {

/// A failure mode of few words.
inline knowledge::FailureMode mode(std::string id, std::vector<knowledge::Sign> signs, double prior = 0.03) {
  knowledge::FailureMode m;
  m.id = std::move(id);
  m.kind = "error";
  m.prior = prior;
  m.generic = true;
  m.title = {m.id + " at {entity}", m.id + " {entity}"};
  m.why = m.title;
  m.signs = std::move(signs);
  return m;
}

inline knowledge::Sign sign(std::string see, double likely, double otherwise) {
  knowledge::Sign s;
  s.see = std::move(see);
  s.likely = likely;
  s.otherwise = otherwise;
  return s;
}

inline knowledge::Sign needed(std::string see, double likely, double otherwise) {
  knowledge::Sign s = sign(std::move(see), likely, otherwise);
  s.needed = true;
  return s;
}

inline knowledge::Sign on(knowledge::Place place, knowledge::Sign s) {
  s.place = place;
  return s;
}

/// Two generic modes that differ in what they make likely, and slowness that travels up.
inline knowledge::KnowledgeBase small_knowledge() {
  knowledge::KnowledgeBase k;
  k.modes.push_back(mode("busy", {sign("metric.cpu.up", 0.9, 0.05), sign("metric.latency.up", 0.5, 0.1)}));
  k.modes.push_back(mode("slow", {sign("metric.latency.up", 0.9, 0.1)}));
  k.propagation.push_back({"metric.latency.*", 0.7});
  k.propagation.push_back({"metric.*", 0.05});
  return k;
}

}  // namespace midwatch::diagnose::testing
