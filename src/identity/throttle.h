#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/store/store.h"

namespace midwatch::identity {

/// How many tries fail before somebody has to wait.
///
/// Five mistakes are a person who mistypes; after them a name is tried at most four times an hour, far below
/// the hundred of OWASP ASVS 2.2.1. An address may be a whole office. The wait ends by itself, so that nobody
/// can lock others out for long.
inline constexpr std::uint32_t kTriesOfAUser = 5;
inline constexpr std::uint32_t kTriesOfAnAddress = 20;

/// How long the next try has to wait after so many that failed: half a minute, then twice as long each time,
/// at most a quarter of an hour. Zero within the `free` ones.
base::Duration wait_after(std::uint32_t failed, std::uint32_t free);

/// By what tries are counted. The name itself is not kept: people type passwords into the wrong field. Of an
/// IPv6 address only the network counts, of which one customer has all addresses.
std::string key_of_user(std::string_view name);
std::string key_of_address(const std::string& address);

/// Counts a try as failed before it is made, so that a thousand at once count as a thousand. A clock that is
/// set back makes nobody wait longer than a quarter of an hour.
/// Errors: kRateLimited with the rest of the wait; then nothing is counted.
base::Result<std::uint32_t> begin_try(store::Session& session, const std::string& key, std::uint32_t free,
                                      base::Timestamp now);

/// Takes one back that succeeded.
base::Result<> take_back_try(store::Session& session, const std::string& key);

}  // namespace midwatch::identity
