#pragma once

// The whole of the JSON library, for the few headers whose structures hold a JSON value. Every other header
// includes src/base/json.h, which only declares it: the library takes a second to compile.

#include <nlohmann/json.hpp>

#include "src/base/json.h"  // IWYU pragma: export
