#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/diagnose/case_file.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::diagnose {

/// Position of a suspect; suspects are ordered by entity id.
using SuspectIndex = std::uint32_t;

/// Somebody who may be named as root cause.
struct Suspect {
  std::string entity;
  std::string entity_class;
  std::optional<topology::EntityIndex> index;  ///< absent where only an observation names it
};

/// Who is at issue in an incident: the candidates where they are given, else everybody that an observation or
/// the alarm is about, and whom somebody in trouble calls; pods and tasks stand for the workload they belong
/// to.
class Suspects {
 public:
  Suspects(const CaseFile& file, const knowledge::KnowledgeBase& knowledge);

  std::size_t size() const { return all_.size(); }
  const Suspect& operator[](SuspectIndex i) const { return all_[i]; }
  /// The suspect that stands for an entity or one of its instances or parts; nothing for somebody who is no
  /// suspect.
  std::optional<SuspectIndex> find(std::string_view entity) const;

 private:
  std::string canonical(std::string_view entity) const;
  void add_called(std::string_view entity, std::set<std::string>& names) const;

  const CaseFile& file_;
  std::vector<Suspect> all_;
};

}  // namespace midwatch::diagnose
