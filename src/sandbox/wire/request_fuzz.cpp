#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "src/sandbox/wire/wire_call.h"

/// Feeds what could follow a valid signature: the first line is `SIGNING METHOD TARGET`, the next up to an
/// empty one are headers, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midwatch;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto take_until = [&rest](char end) {
    const std::string_view part = rest.substr(0, rest.find(end));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return std::string(part);
  };
  http::ServerRequest request;
  const std::string signing = take_until(' ');
  request.method = take_until(' ');
  request.target = take_until('\n');
  for (std::string line = take_until('\n'); !line.empty(); line = take_until('\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos)
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  request.body = std::string(rest);
  const auto call = sandbox::wire::decode_call(request, signing);
  if (call) sandbox::wire::encode_answer(*call, call->input, "id");
  return 0;
}
