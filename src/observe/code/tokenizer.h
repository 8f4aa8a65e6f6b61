#pragma once

#include <vector>

#include "src/observe/code/source.h"

namespace midwatch::observe::code {

/// A file has at most so many tokens; a generated one may have more, which are not read.
inline constexpr std::size_t kMostTokens = 200'000;

/// Splits code into at most so many tokens, without comments. Whatever is no token of the language is a sign
/// of one byte. A template literal is one string, with what it puts in.
std::vector<Token> tokenize(std::string_view content, Language language, std::size_t most);

}  // namespace midwatch::observe::code
