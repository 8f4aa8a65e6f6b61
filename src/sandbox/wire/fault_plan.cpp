#include "src/sandbox/wire/fault_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/sandbox/wire/code_store.h"
#include "src/sandbox/wire/service_model.h"
#include "src/sandbox/world/fields.h"

namespace midwatch::sandbox::wire {
namespace {

using std::chrono::milliseconds;
using world::Faults;
using world::Fields;
using world::Node;

constexpr auto kKinds = std::to_array<std::pair<std::string_view, FaultKind>>({
    {"throttled", FaultKind::kThrottled},
    {"server-error", FaultKind::kServerError},
    {"denied", FaultKind::kDenied},
    {"truncated", FaultKind::kTruncated},
    {"stalled", FaultKind::kStalled},
    {"closed", FaultKind::kClosed},
});

/// Longer than any client waits.
constexpr double kLongestWait = 3600;
/// Larger than any answer is.
constexpr double kMostBytes = 1e9;

std::string operation_key(std::string_view service, std::string_view operation) {
  return fmt::format("{} {}", service, operation);
}

bool is_known(std::string_view pattern) {
  if (pattern == kPackageService || pattern == operation_key(kPackageService, kPackageOperation)) return true;
  return std::any_of(known_services().begin(), known_services().end(), [&](const Service& service) {
    if (pattern == service.name) return true;
    return pattern.starts_with(service.name + " ") &&
           service.operation(pattern.substr(service.name.size() + 1)) != nullptr;
  });
}

/// `3`, `3-5` or `3-`.
bool read_range(std::string_view text, Fault& fault) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto first = std::from_chars(begin, end, fault.first);
  if (first.ec != std::errc() || fault.first == 0) return false;
  if (first.ptr == end) {
    fault.last = fault.first;
    return true;
  }
  if (*first.ptr != '-') return false;
  if (first.ptr + 1 == end) return true;
  const auto last = std::from_chars(first.ptr + 1, end, fault.last);
  return last.ec == std::errc() && last.ptr == end && fault.last >= fault.first;
}

FaultKind read_kind(Fields& fields) {
  const std::string name = fields.text("fault");
  for (const auto& [text, kind] : kKinds) {
    if (text == name) return kind;
  }
  fields.fault(fmt::format(
      "'fault' must be throttled, server-error, denied, truncated, stalled or closed, not '{}'", name));
  return FaultKind::kClosed;
}

milliseconds read_wait(Fields& fields, std::string_view name) {
  constexpr double kMillisecondsInSecond = 1000;
  const double seconds = fields.seconds_or(name, 0);
  if (seconds < 0 || seconds > kLongestWait) {
    fields.fault(fmt::format("'{}' must lie between 0s and 1h", name));
    return {};
  }
  return milliseconds(static_cast<milliseconds::rep>(seconds * kMillisecondsInSecond));
}

/// Reads what only a refusal has.
void read_refusal(const Node& node, Fields& fields, Fault& fault) {
  if (node.find("retry_after") != nullptr) fault.retry_after = read_wait(fields, "retry_after");
  if (node.find("status") == nullptr) return;
  constexpr double kFirst = 400;
  constexpr double kLast = 599;
  const double status = fields.number_or("status", kFirst);
  if (status < kFirst || status > kLast) fields.fault("'status' must lie between 400 and 599");
  fault.status = static_cast<int>(status);
}

Fault read_fault(const Node& node, Faults& wrong) {
  Fields fields(node, wrong, "fault");
  Fault fault;
  fault.kind = read_kind(fields);
  fault.operations = fields.texts("operations");
  for (const std::string& operation : fault.operations) {
    if (!is_known(operation)) {
      fields.fault(
          fmt::format("the sandbox has no '{}'; write a service (logs) or a service and its operation (logs "
                      "FilterLogEvents)",
                      operation));
    }
  }
  const std::string calls = fields.text_or("calls", "1-");
  if (!read_range(calls, fault))
    fields.fault(
        fmt::format("'calls' must be a range that counts from 1, like 3, 3-5 or 3-, not '{}'", calls));
  if (fault.kind == FaultKind::kThrottled || fault.kind == FaultKind::kServerError)
    read_refusal(node, fields, fault);
  if (fault.kind == FaultKind::kStalled) {
    fault.stall = read_wait(fields, "for");
    if (fault.stall == milliseconds(0)) fields.fault("a stalled answer needs 'for', for example 10s");
  }
  if (fault.kind == FaultKind::kTruncated && node.find("bytes") != nullptr) {
    const double bytes = fields.number_or("bytes", 0);
    if (bytes < 0 || bytes > kMostBytes) fields.fault("'bytes' must lie between 0 and 1000000000");
    fault.bytes = static_cast<std::size_t>(std::clamp(bytes, 0.0, kMostBytes));
  }
  return fault;
}

bool applies(const Fault& fault, std::string_view service, std::string_view operation) {
  if (fault.operations.empty()) return true;
  const std::string key = operation_key(service, operation);
  return std::any_of(fault.operations.begin(), fault.operations.end(),
                     [&](const std::string& pattern) { return pattern == service || pattern == key; });
}

}  // namespace

base::Result<std::vector<Fault>> read_fault_plan(std::string_view text, const std::string& path) {
  MIDWATCH_TRY(const Node root, world::read_node(text, path));
  Faults wrong(path);
  std::vector<Fault> faults;
  {
    Fields fields(root, wrong, "fault plan");
    for (const Node& node : fields.list("faults")) faults.push_back(read_fault(node, wrong));
  }
  if (wrong.first()) return *wrong.first();
  return faults;
}

void FaultPlan::set(std::vector<Fault> faults) {
  const std::lock_guard lock(mutex_);
  rules_.clear();
  for (Fault& fault : faults) rules_.push_back({std::move(fault)});
}

std::optional<Fault> FaultPlan::next(std::string_view service, std::string_view operation) {
  const std::lock_guard lock(mutex_);
  std::optional<Fault> found;
  for (Counted& rule : rules_) {
    if (!applies(rule.fault, service, operation)) continue;
    ++rule.calls;
    if (!found && rule.calls >= rule.fault.first && rule.calls <= rule.fault.last) found = rule.fault;
  }
  return found;
}

void spoil(http::ServerResponse& response, const Fault& fault) {
  if (fault.status) response.status = *fault.status;
  if (fault.retry_after) {
    // The header has whole seconds; a shorter wait is rounded up, as nobody may come too early.
    response.set("Retry-After",
                 fmt::format("{}", std::chrono::ceil<std::chrono::seconds>(*fault.retry_after).count()));
  }
  response.delay += fault.stall;
  if (fault.kind == FaultKind::kTruncated)
    response.cut_after = fault.bytes.value_or(response.body.size() / 2);
  response.hang_up = fault.kind == FaultKind::kClosed;
}

}  // namespace midwatch::sandbox::wire
