#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/http/server/server.h"
#include "src/model/incident.h"
#include "src/store/store.h"

namespace midwatch::api {

/// What became of a message of a sender.
struct Receipt {
  std::string delivery;
  bool duplicate = false;  ///< it had been stored before
  struct Decided {
    std::string alarm;
    model::Triage triage;
  };
  std::vector<Decided> alarms;
};

/// What would have become of a made-up alarm.
struct Rehearsal {
  std::string proof{};  ///< by which the sender was believed; empty where anybody is
  std::optional<model::Triage> triage{};
};

/// Somebody answered a message by its button, far from here.
struct Pressed {
  std::string by;
  std::vector<std::string> spaces;  ///< of which the message could tell
  std::string key;                  ///< the same for the same press
  std::string investigation;
  std::string says{};                           ///< to the investigation; empty: it judges
  std::optional<model::Judgement> judgement{};  ///< of its answer
  bool helped = false;                          ///< the mitigation did
  model::Language language = model::Language::kEnglish;
  std::string answer_to{};  ///< address for the answer; empty where none is wanted
};

/// A world of the sandbox.
struct SandboxWorld {
  std::string name;
  std::string title;
  std::string space;  ///< in which its incidents are
};

/// What the API needs of the running server beyond its store.
///
/// Threads: any number at once.
class Watch {
 public:
  virtual ~Watch() = default;

  virtual std::vector<std::string> spaces() const = 0;

  /// Checks, stores and triages a message; durable when it returns. Errors: kNotFound: no such webhook;
  /// kUnauthenticated: the signature or the secret is wrong; kMalformed; kUnavailable: not stored.
  virtual base::Result<Receipt> receive(const std::string& webhook, const http::ServerRequest& request) = 0;

  /// Checks and reads the press of a button under a message to a target. Errors: kNotFound: no such target,
  /// or it has no buttons; kUnauthenticated: the signature is wrong or old; kPermissionDenied: whoever
  /// pressed may not; kMalformed.
  virtual base::Result<Pressed> pressed(const std::string& target, const http::ServerRequest& request) = 0;
  /// Sends an answer to whoever pressed, and waits for nothing.
  virtual void answer_press(const Pressed& pressed, const std::string& text) = 0;

  /// Says that an investigation waits in the store, so that a worker looks at once.
  virtual void investigation_queued() = 0;

  /// Says that a running investigation was cancelled or steered, so that its worker looks at once.
  virtual void investigation_changed(const std::string& investigation) = 0;

  /// What the server was told to do, and where that stands. Shape: Settings of openapi.yaml, of all spaces
  /// and without `last`.
  virtual base::Json settings() const = 0;
  /// Takes a made-up alarm by the way of a webhook's alarms, and keeps nothing of it. Errors: as `receive`;
  /// kUnsupported: nobody but the sender can sign.
  virtual base::Result<Rehearsal> rehearse(const std::string& webhook) = 0;
  /// Stores a message to a target that says only that messages arrive; its id. Errors: kNotFound: no such
  /// target; kUnsupported: it takes no such message.
  virtual base::Result<std::string> announce_test(store::Session& session, const std::string& target,
                                                  const std::string& space, const std::string& by) = 0;

  /// Shape: `entities` and `relations`. Errors: kNotFound: no such space; those of the account.
  virtual base::Result<base::Json> topology(const std::string& space, const std::string& entity) = 0;
  virtual base::Result<std::string> topology_as_mermaid(const std::string& space,
                                                        const std::string& entity) = 0;

  /// Shape: midwatch.doctor/v1. Errors: kNotFound: no such space.
  virtual base::Result<base::Json> sources(const std::string& space, model::Language language) = 0;

  /// How many spaces are polled for alarms and cannot be.
  virtual std::size_t polling_failing() const = 0;

  /// Of the sandbox; empty where the server has none.
  virtual std::vector<SandboxWorld> worlds() const = 0;
  /// Lets something break in the sandbox, for an incident that its caller opens: the alarm that went off.
  /// Errors: kNotFound: no sandbox, or no such world.
  virtual base::Result<std::string> break_something(const std::string& incident, const std::string& world,
                                                    std::uint64_t seed) = 0;
};

}  // namespace midwatch::api
