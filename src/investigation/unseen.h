#pragma once

#include "src/investigation/gatherer.h"

namespace midwatch::investigation {

/// What nobody could look at because the source has no record of it: one gap a signal, with what was asked
/// for and the window.
std::vector<model::Gap> unseen_signals(const Gathered& gathered);

}  // namespace midwatch::investigation
