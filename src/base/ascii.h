#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace midwatch::base {

/// ASCII letters in lower case, every other byte as it is; no locale is asked.
std::string to_lower(std::string_view text);

/// `text` without spaces, tabs, carriage returns and line feeds at its ends.
std::string_view trim(std::string_view text);

/// The parts of `text` between single separators, each trimmed; empty parts stay.
std::vector<std::string_view> split(std::string_view text, char separator);
template <std::same_as<std::string> Temporary>
void split(Temporary&& text, char separator) = delete;  // the parts would outlive it

/// The parts of `text` between spaces and tabs; none is empty.
std::vector<std::string_view> split_words(std::string_view text);
template <std::same_as<std::string> Temporary>
void split_words(Temporary&& text) = delete;  // the parts would outlive it

}  // namespace midwatch::base
