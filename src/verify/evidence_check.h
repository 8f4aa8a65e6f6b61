#pragma once

#include <optional>
#include <string>

#include "src/verify/reread.h"

namespace midwatch::verify {

/// What is wrong with a piece of evidence; nothing where its record is found again as docs/evidence.md says.
std::optional<std::string> wrong_with(const model::Evidence& evidence, const Reread& reread);

}  // namespace midwatch::verify
