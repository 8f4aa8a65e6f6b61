#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/base/json_value.h"

namespace midwatch::base {

/// Builds a document from what a parser of JSON or CBOR meets. It takes the place of the library's own, which
/// copies all values of an object, with all that is in them, whenever the object grows (its keys are
/// constant, so its members cannot move), and which compares each key of an object with all that came before.
/// Here values move, and the time grows in a line with the document, whoever wrote it. Of keys that occur
/// twice the last value counts.
class JsonBuilder {
 public:
  /// The document; empty after an error.
  Json take() { return std::move(document_); }
  /// Where the input was wrong, counted in bytes; nothing where it was well.
  std::optional<std::size_t> error_at() const { return error_at_; }
  /// True where what was wrong is a number that no double holds.
  bool number_is_too_large() const { return number_is_too_large_; }

  // What the parser calls, as nlohmann::json_sax has it.
  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(Json::number_integer_t value) { return put(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(Json::binary_t& value) { return put(Json::binary(std::move(value))); }
  bool start_object(std::size_t members);
  bool key(std::string& value);
  bool end_object() { return close(); }
  bool start_array(std::size_t items);
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error);

 private:
  /// A list or an object that is not complete.
  struct Open {
    Json value;
    std::string key;                                       ///< of the member that comes next
    std::unordered_map<std::string, std::size_t> numbers;  ///< key → place, once there are many
  };

  bool put(Json value);
  bool close();
  static void add(Open& open, Json value);

  std::vector<Open> open_;
  Json document_;
  std::optional<std::size_t> error_at_;
  bool number_is_too_large_ = false;
};

}  // namespace midwatch::base
