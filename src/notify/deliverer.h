#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "src/base/clock.h"
#include "src/base/log.h"
#include "src/http/http_client.h"
#include "src/notify/requests.h"
#include "src/store/store.h"

namespace midwatch::notify {

/// How often and how fast is tried again.
struct Patience {
  base::Duration first = std::chrono::seconds(2);  ///< after the first attempt; then twice as long each time
  base::Duration longest = std::chrono::minutes(10);
  /// Twelve attempts take half an hour to 40 minutes: a receiver that was restarted is back by then, and what
  /// is older is no longer news to who is on call.
  std::uint32_t attempts = 12;
  base::Duration request = std::chrono::seconds(10);  ///< an attempt at most
  /// After so long an attempt that did not say how it ended is somebody else's: several times `request`.
  base::Duration lease = std::chrono::seconds(60);
  /// Between looks at the store. A look costs a read; people do not notice a second.
  base::Duration look = std::chrono::seconds(1);
};

/// How long to wait after an attempt: doubling, and between half and all of that, so that messages that
/// failed together do not come together again. The same message and attempt always wait the same.
base::Duration delay_after(const Patience& patience, const std::string& message, std::uint32_t attempt);

/// Sends what waits in the outbox. A message is marked before it is sent and after: one that was marked by
/// a process that died may have arrived, and is sent again only to targets that want that (at_least_once);
/// for others it stays `unknown`, for a person.
///
/// Threads: any number at once, also of other processes over the same store.
class Deliverer {
 public:
  struct Parts {
    store::Store& store;
    http::HttpClient& http;
    http::MailClient& mail;
    const base::Clock& clock;
  };

  /// Requires: the parts outlive it.
  Deliverer(const Parts& parts, std::vector<Target> targets, http::AddressGuard guard, Patience patience);

  /// Takes one message that is due and sends it. False where there was none. Errors: of the store.
  base::Result<bool> deliver_next();
  const Patience& patience() const { return patience_; }

 private:
  struct Taken {
    store::OutboxMessage message;
    std::string thread;
  };
  class Sending;
  base::Result<> take(store::Session& session, std::optional<Taken>& taken);
  base::Result<std::optional<store::OutboxMessage>> next_due(store::Session& session);
  Reply send(const Target& target, const Taken& taken);
  void settle(store::OutboxMessage& message, const Target& target, Reply reply) const;

  Parts parts_;
  std::map<std::string, Target, std::less<>> targets_;
  std::vector<std::string> names_;
  http::AddressGuard guard_;
  Patience patience_;
  std::mutex mutex_;
  std::set<std::string> sending_;  ///< ids of what is being sent here: no clock makes it somebody else's
};

/// Threads that deliver until they end, which waits for the attempts that run.
class DeliveryThreads {
 public:
  /// Requires: the deliverer outlives it. The log is told what went wrong with the store.
  DeliveryThreads(Deliverer& deliverer, std::size_t threads, base::Log log);
  ~DeliveryThreads();
  DeliveryThreads(const DeliveryThreads&) = delete;
  DeliveryThreads& operator=(const DeliveryThreads&) = delete;

 private:
  void work(const std::stop_token& stop);

  Deliverer& deliverer_;
  base::Log log_;
  std::mutex mutex_;
  std::condition_variable_any never_;
  std::vector<std::jthread> threads_;
};

}  // namespace midwatch::notify
