#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::knowledge {

/// The words of a text as changes and symptoms are compared by: names whole and in their parts, lower case,
/// and numbers of two digits and more; without what every program says ("error", "return", "the").
///
/// Shape:  ordered, each once; at most 2,000.
std::vector<std::string> telling_words(std::string_view text);

}  // namespace midwatch::knowledge
