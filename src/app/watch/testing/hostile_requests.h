#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace midwatch::app::testing {

/// A request, and how it is brought to the server.
struct HostileRequest {
  enum class End { kAwait, kReset, kKeepOpen };
  std::string bytes;
  std::vector<std::size_t> pieces{};  ///< lengths of the parts in which it is sent; the rest at once
  End end = End::kAwait;
};

/// Writes requests from the grammar of HTTP/1.1, of each operation and each dialect, with something of each
/// put wrong. `ids` are of things that are there. The same seed gives the same requests.
std::function<HostileRequest()> hostile_requests(std::uint64_t seed, const std::vector<std::string>& ids);

}  // namespace midwatch::app::testing
