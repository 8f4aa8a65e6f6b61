#include "src/intake/certificate_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/try.h"

namespace midwatch::intake {
namespace {

constexpr auto kKept = std::chrono::hours(24);
/// A region signs with one certificate at a time, and changes it yearly.
constexpr std::size_t kMostKept = 64;
constexpr std::size_t kMostAsked = 10;
constexpr auto kAskedWithin = std::chrono::minutes(1);
/// The sender of the message waits meanwhile; SNS does so for 15 seconds.
constexpr auto kPatience = std::chrono::seconds(5);
constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr int kOk = 200;

}  // namespace

base::Result<std::string> FetchedCertificates::certificate(const std::string& url) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(url);
    if (found != kept_.end() && clock_.now() < found->second.fetched + kKept) return found->second.pem;
    MIDWATCH_TRY_VOID(take_turn());
  }
  http::HttpRequest request;
  request.url = url;
  request.timeout = kPatience;
  request.max_body_bytes = kMostBytes;
  auto response = http_.send(runtime::RequestContext::unlimited(clock_), request);
  if (!response) return std::move(response).error().with("fetching a signing certificate");
  if (response->status != kOk) {
    return base::external_error(base::ErrorCode::kUnavailable,
                                fmt::format("no signing certificate came: status {}", response->status));
  }
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kMostKept && !kept_.contains(url)) {
    kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
      return a.second.fetched < b.second.fetched;
    }));
  }
  kept_[url] = {response->body, clock_.now()};
  return std::move(response->body);
}

base::Result<> FetchedCertificates::take_turn() {
  const base::Timestamp now = clock_.now();
  while (!asked_.empty() && asked_.front() + kAskedWithin <= now) asked_.pop_front();
  if (asked_.size() >= kMostAsked) {
    return base::external_error(
        base::ErrorCode::kUnavailable,
        fmt::format("more than {} signing certificates were asked for within a minute", kMostAsked));
  }
  asked_.push_back(now);
  return {};
}

}  // namespace midwatch::intake
