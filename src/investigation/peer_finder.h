#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/observation.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::investigation {

/// Finds out who calls whom by what stands in lines: "GET http://stock/v1 failed: connection refused" is a
/// call of `stock`, also where nobody drew that arrow.
///
/// Known addresses: `endpoint.host` of databases and caches; of Kubernetes services the names of their DNS
/// record (NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc, …) and their cluster IP; of pods their IP; and names of
/// other entities. A bare name counts where an address stands: behind "://" or "@", before a port, or as
/// value of a key such as `host` or `upstream`; one of several words ("order-store") in a line of trouble
/// counts anywhere. A name that several entities have counts for none. An address with a port that clients
/// get (32768 and up) is that of a caller. Who gets no answer for names calls the cluster's name server.
/// Threads: one thread.
class PeerFinder {
 public:
  explicit PeerFinder(const std::vector<telemetry::Entity>& entities);
  ~PeerFinder();
  PeerFinder(const PeerFinder&) = delete;
  PeerFinder& operator=(const PeerFinder&) = delete;

  /// A line as it was logged, whatever it says; after the first 20,000 lines nothing more is looked for.
  void read_line(std::string_view speaker, std::string_view text, telemetry::RecordRef ref);
  /// The lines of trouble among observations of logs, and the warnings of platforms.
  void read(const std::vector<model::Observation>& observations);
  void read(const std::vector<telemetry::PlatformEvent>& events);

  /// The calls that were found, each once.
  std::vector<telemetry::Relation> take();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::investigation
