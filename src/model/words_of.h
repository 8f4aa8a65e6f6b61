#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace midwatch::model {

/// The word of a value in a table that has every value.
template <class Value, std::size_t N>
std::string_view word_of(const std::array<std::pair<Value, std::string_view>, N>& table, Value value) {
  for (const auto& [known, word] : table)
    if (known == value) return word;
  return {};
}

/// The value of a word; nothing where no value has it.
template <class Value, std::size_t N>
std::optional<Value> of_word(const std::array<std::pair<Value, std::string_view>, N>& table,
                             std::string_view word) {
  for (const auto& [value, known] : table)
    if (known == word) return value;
  return std::nullopt;
}

}  // namespace midwatch::model
