#pragma once

#include <string_view>
#include <vector>

namespace midwatch::telemetry {

/// A word of a text that may be somebody's address: letters, digits, dots, dashes, underscores.
struct AddressWord {
  std::string_view text;  ///< borrowed, without dots at its end
  bool stands_as_address =
      false;               ///< behind "://" or "@", before a port, or as value of a key such as `host`
  bool is_client = false;  ///< before a port that clients get (32768 and up): who has it called
};

/// The words of a text that stand as an address, have a dot or a dash within, in their order; others name
/// nobody for sure.
std::vector<AddressWord> address_words(std::string_view text);

}  // namespace midwatch::telemetry
