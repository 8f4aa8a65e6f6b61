#include "src/notify/deliverer.h"

#include <algorithm>
#include <optional>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::notify {
namespace {

using store::OutboxMessage;
using store::OutboxState;
using Verdict = Reply::Verdict;

constexpr std::size_t kReasonBytes = 300;

std::string for_people(std::string_view reason) {
  return base::printable(base::redact(reason), kReasonBytes);
}

Reply refused(const base::Error& error) {
  Reply reply;
  reply.verdict = Verdict::kRefused;
  reply.reason = error.describe();
  return reply;
}

/// What became of a message that nobody answered.
Reply unanswered(const base::Error& error, bool departed) {
  Reply reply = refused(error);
  if (departed) {
    reply.verdict = Verdict::kUnclear;
  } else if (error.code != base::ErrorCode::kInvalidArgument &&
             error.code != base::ErrorCode::kPermissionDenied) {
    reply.verdict = Verdict::kAgain;
  }
  return reply;
}

}  // namespace

base::Duration delay_after(const Patience& patience, const std::string& message, std::uint32_t attempt) {
  base::Duration delay = patience.first;
  for (std::uint32_t i = 1; i < attempt && delay < patience.longest; ++i) delay *= 2;
  delay = std::min(delay, patience.longest);
  constexpr std::size_t kDigits = 4;
  constexpr int kHexadecimal = 16;
  constexpr base::Duration::rep kParts = 0x20000;  // four digits are half of it at most
  const std::string digits = base::sha256_hex(fmt::format("{}/{}", message, attempt)).substr(0, kDigits);
  return delay / 2 + delay / kParts * std::stol(digits, nullptr, kHexadecimal);
}

Deliverer::Deliverer(const Parts& parts, std::vector<Target> targets, http::AddressGuard guard,
                     Patience patience)
    : parts_(parts), guard_(std::move(guard)), patience_(patience) {
  for (Target& target : targets) {
    names_.push_back(target.name);
    targets_.emplace(names_.back(), std::move(target));
  }
}

/// Remembers what is being sent as long as it lives.
class Deliverer::Sending {
 public:
  explicit Sending(Deliverer& deliverer) : deliverer_(deliverer) {}
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;
  ~Sending() { set(""); }

  void set(const std::string& id) {
    const std::lock_guard lock(deliverer_.mutex_);
    deliverer_.sending_.erase(id_);
    if (!id.empty()) deliverer_.sending_.insert(id);
    id_ = id;
  }

 private:
  Deliverer& deliverer_;
  std::string id_;
};

/// The first message that is due and is not being sent by another thread.
base::Result<std::optional<OutboxMessage>> Deliverer::next_due(store::Session& session) {
  std::set<std::string> sending;
  {
    const std::lock_guard lock(mutex_);
    sending = sending_;
  }
  MIDWATCH_TRY(auto due, session.due(names_, parts_.clock.now(), sending.size() + 1));
  for (OutboxMessage& message : due)
    if (!sending.contains(message.id)) return std::move(message);
  return std::nullopt;
}

base::Result<bool> Deliverer::deliver_next() {
  if (names_.empty()) return false;
  bool waits = false;
  MIDWATCH_TRY_VOID(parts_.store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(const auto due, next_due(session));
    waits = due.has_value();
    return {};
  }));
  if (!waits) return false;
  Sending sending(*this);
  std::optional<Taken> taken;
  const auto mark = [&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(take(session, taken));
    // Before anybody else can look: writes come one after another.
    sending.set(taken ? taken->message.id : "");
    return {};
  };
  MIDWATCH_TRY_VOID(parts_.store.write(mark));
  if (!taken) return true;
  const Target& target = targets_.find(taken->message.target)->second;
  Reply reply = send(target, *taken);
  MIDWATCH_TRY_VOID(parts_.store.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(OutboxMessage message, session.outbox_message(taken->message.id));
    // Its time ran out meanwhile, and somebody else looks after it.
    if (message.state != OutboxState::kSending || message.attempts != taken->message.attempts) return {};
    settle(message, target, reply);
    return session.update_outbox(message);
  }));
  return true;
}

/// Marks the first message that is due as being sent; one that was left so by somebody who is gone ends
/// where its target cannot tell the same twice.
base::Result<> Deliverer::take(store::Session& session, std::optional<Taken>& taken) {
  taken.reset();
  MIDWATCH_TRY(auto due, next_due(session));
  if (!due) return {};
  const auto now = parts_.clock.now();
  OutboxMessage& message = *due;
  const Target& target = targets_.find(message.target)->second;
  if (message.state == OutboxState::kSending) {
    message.reason = "the process that sent it ended before it knew whether it arrived";
    if (!target.at_least_once) {
      message.state = OutboxState::kUnknown;
    } else if (message.attempts >= patience_.attempts) {
      message.state = OutboxState::kFailed;
    }
    if (message.state != OutboxState::kSending) {
      message.due = now;
      return session.update_outbox(message);
    }
  }
  message.state = OutboxState::kSending;
  message.due = now + patience_.lease;
  ++message.attempts;
  MIDWATCH_TRY_VOID(session.update_outbox(message));
  MIDWATCH_TRY(auto thread, session.first_receipt(message.incident, message.target));
  taken = Taken{std::move(message), std::move(thread)};
  return {};
}

Reply Deliverer::send(const Target& target, const Taken& taken) {
  const auto notice = notice_of(taken.message.body);
  if (!notice) return refused(notice.error());
  const Attempt attempt{taken.message.id, parts_.clock.now(), taken.thread};
  const auto context = runtime::RequestContext::unlimited(parts_.clock);
  bool departed = false;
  if (target.kind == TargetKind::kEmail) {
    http::Mail mail = mail_of(target, *notice, attempt);
    mail.guard = &guard_;
    mail.departed = &departed;
    mail.timeout = patience_.request;
    const auto code = parts_.mail.post(context, mail);
    return code ? read_mail_reply(*code) : unanswered(code.error(), departed);
  }
  auto request = request_of(target, *notice, attempt);
  if (!request) return refused(request.error());
  request->guard = &guard_;
  request->departed = &departed;
  request->timeout = patience_.request;
  const auto answer = parts_.http.send(context, *request);
  return answer ? read_reply(target.kind, *answer) : unanswered(answer.error(), departed);
}

void Deliverer::settle(OutboxMessage& message, const Target& target, Reply reply) const {
  const auto now = parts_.clock.now();
  message.due = now;
  message.reason = for_people(reply.reason);
  if (reply.verdict == Verdict::kUnclear && target.at_least_once) reply.verdict = Verdict::kAgain;
  switch (reply.verdict) {
    case Verdict::kTaken:
      message.state = OutboxState::kSent;
      message.receipt = std::move(reply.receipt);
      message.body.clear();
      return;
    case Verdict::kRefused:
      message.state = OutboxState::kFailed;
      return;
    case Verdict::kUnclear:
      message.state = OutboxState::kUnknown;
      return;
    case Verdict::kAgain:
      break;
  }
  if (message.attempts >= patience_.attempts) {
    message.state = OutboxState::kFailed;
    message.reason = fmt::format("given up after {} attempts: {}", message.attempts, message.reason);
    return;
  }
  message.state = OutboxState::kWaiting;
  message.due = now + std::max(delay_after(patience_, message.id, message.attempts),
                               reply.wait.value_or(base::Duration::zero()));
}

DeliveryThreads::DeliveryThreads(Deliverer& deliverer, std::size_t threads, base::Log log)
    : deliverer_(deliverer), log_(std::move(log)) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

DeliveryThreads::~DeliveryThreads() {
  for (auto& thread : threads_) thread.request_stop();
}

void DeliveryThreads::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto more = deliverer_.deliver_next();
    if (!more) log_(base::trouble("notifications could not be sent", more.error()));
    if (more && *more) continue;
    std::unique_lock lock(mutex_);
    never_.wait_for(lock, stop, deliverer_.patience().look, [] { return false; });
  }
}

}  // namespace midwatch::notify
