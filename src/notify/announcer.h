#pragma once

#include <string>
#include <vector>

#include "src/base/ids.h"
#include "src/notify/target.h"
#include "src/store/store.h"

namespace midwatch::notify {

/// Stores what targets are to be told, in the transaction of what happened: it is told if and only if it
/// happened.
///
/// Threads: any number at once. Requires: `ids` outlives it.
class Announcer {
 public:
  /// `address` is that of the server's page as people reach it; empty: messages have no link.
  Announcer(std::vector<Target> targets, std::string address, base::IdGenerator& ids)
      : targets_(std::move(targets)), address_(std::move(address)), ids_(ids) {}

  /// A message for each target that wants the event and, where it keeps records of its own, has one for the
  /// incident. The same is never stored twice: the start of an investigation, each cause of
  /// it, each time that it ended, and each time that an incident was resolved. Errors: of the session.
  base::Result<> announce(store::Session& session, Notice notice) const;

  /// A message to one target that says only that messages arrive; its id. Errors: of the session; kNotFound:
  /// no such target; kUnsupported: its receiver takes notes of incidents that it knows, and nothing else.
  base::Result<std::string> announce_test(store::Session& session, const std::string& target,
                                          const std::string& space, const std::string& by,
                                          base::Timestamp now) const;

 private:
  std::vector<Target> targets_;
  std::string address_;
  base::IdGenerator& ids_;
};

}  // namespace midwatch::notify
