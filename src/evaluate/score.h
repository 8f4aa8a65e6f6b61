#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/evaluate/answer.h"
#include "src/evaluate/truth.h"

namespace midwatch::evaluate {

/// An entity as a truth compares it: its aliases applied and, where the truth says so, reduced to its last
/// name without the hash of a pod.
std::string compared_entity(const std::string& entity, const Truth& truth);

/// True where the truth knows the answer at this level.
bool asks(const Truth& truth, std::string_view level);

/// The rank, from 1, of the first right answer among the distinct answers of a level; nothing where there is
/// none. `told` is 1 or nothing. Requires: asks(truth, level).
std::optional<int> rank_of(const Answer& answer, const Truth& truth, std::string_view level);

/// True where a root cause was asserted that is not right, or although nothing was wrong.
bool asserted_wrongly(const Answer& answer, const Truth& truth);

/// True where the change named first is one that is known to be innocent.
bool blames_decoy(const Answer& answer, const Truth& truth);

}  // namespace midwatch::evaluate
