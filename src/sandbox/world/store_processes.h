#pragma once

#include <string>

#include "src/sandbox/world/scene.h"

namespace midwatch::sandbox::world {

/// Each looks at what was asked of a store in this minute, measures it, and says what clients meet in the
/// next.
void step_database(const std::string& name, const DatabaseSpec& spec, double free_storage, Scene& scene);
void step_table(const std::string& name, const TableSpec& spec, Scene& scene);
void step_host(const std::string& name, const HostSpec& spec, Scene& scene);
void step_nat(const std::string& name, const NatSpec& spec, Scene& scene);

/// The backlog of a queue over time.
class QueueProcess {
 public:
  QueueProcess(const std::string& name, const Timeline<QueueSpec>& spec, Scene& scene);
  void offer();   ///< before consumers run
  void settle();  ///< after they ran

 private:
  std::string name_;
  const Timeline<QueueSpec>& spec_;
  Scene& scene_;
  Random random_;
  double visible_ = 0;
  double dead_ = 0;
  double oldest_ = 0;  ///< s
};

}  // namespace midwatch::sandbox::world
