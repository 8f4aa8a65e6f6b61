#include "src/identity/throttle.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/identity/clock_skew.h"

namespace midwatch::identity {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kFirstWait = 30s;
constexpr base::Duration kLongestWait = 15min;
/// Who did not try for so long begins anew.
constexpr base::Duration kForgiven = 1h;
/// Of an IPv6 address: what one customer gets (RFC 6177).
constexpr std::size_t kNetworkBytes = 8;

}  // namespace

base::Duration wait_after(std::uint32_t failed, std::uint32_t free) {
  if (failed < free) return base::Duration::zero();
  base::Duration wait = kFirstWait;
  for (std::uint32_t i = free; i < failed && wait < kLongestWait; ++i) wait *= 2;
  return std::min(wait, kLongestWait);
}

std::string key_of_user(std::string_view name) {
  return "user " + base::sha256_hex(name);
}

std::string key_of_address(const std::string& address) {
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1 && !address.starts_with("::ffff:"))
    return "network " + base::to_hex({bytes.data(), kNetworkBytes});
  return "address " + base::sha256_hex(address);
}

base::Result<std::uint32_t> begin_try(store::Session& session, const std::string& key, std::uint32_t free,
                                      base::Timestamp now) {
  MIDWATCH_TRY(store::Attempts attempts, session.attempts(key));
  if (now - attempts.last >= kForgiven) attempts.count = 0;
  // Where the clock was set back since, the wait would last as long as that. This try may be made; it counts,
  // and the next one waits by today's clock.
  const bool waits = attempts.count >= free && !is_yet_to_come(attempts.last, now);
  const base::Timestamp open = attempts.last + wait_after(attempts.count, free);
  if (waits && now < open) {
    auto refused = base::user_error(base::ErrorCode::kRateLimited,
                                    fmt::format("too many tries to sign in failed; try again in {} seconds",
                                                std::chrono::ceil<std::chrono::seconds>(open - now).count()));
    refused.retry_after = std::chrono::ceil<std::chrono::milliseconds>(open - now);
    return refused;
  }
  ++attempts.count;
  attempts.last = now;
  MIDWATCH_TRY_VOID(session.put_attempts(attempts));
  return attempts.count;
}

base::Result<> take_back_try(store::Session& session, const std::string& key) {
  MIDWATCH_TRY(store::Attempts attempts, session.attempts(key));
  if (attempts.count == 0) return {};
  --attempts.count;
  return session.put_attempts(attempts);
}

}  // namespace midwatch::identity
