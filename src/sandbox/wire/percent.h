#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midwatch::sandbox::wire {

/// `text` with every byte but RFC 3986's unreserved ones, and `/` where `keep_slash`, as %XX in upper case.
std::string percent_encode(std::string_view text, bool keep_slash = false);

/// `text` with each %XX as its byte; one that is none stays. `plus_is_space` as forms have it.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

/// The keys and values between `&`, in their order, decoded.
std::vector<std::pair<std::string, std::string>> split_query(std::string_view query,
                                                             bool plus_is_space = false);

}  // namespace midwatch::sandbox::wire
