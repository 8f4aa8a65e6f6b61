#pragma once

#include <utility>

/// Evaluates an expression that gives a Result; returns its error from the calling function, or goes on with
/// the value. `MIDWATCH_TRY(auto file, open(path));`
#define MIDWATCH_TRY_CONCAT_(a, b) a##b
#define MIDWATCH_TRY_NAME_(line) MIDWATCH_TRY_CONCAT_(midwatch_try_result_, line)
#define MIDWATCH_TRY(declaration, expression)               \
  auto MIDWATCH_TRY_NAME_(__LINE__) = (expression);         \
  if (!MIDWATCH_TRY_NAME_(__LINE__)) {                      \
    return std::move(MIDWATCH_TRY_NAME_(__LINE__)).error(); \
  }                                                         \
  declaration = *std::move(MIDWATCH_TRY_NAME_(__LINE__))

/// The same for a Result<void>.
#define MIDWATCH_TRY_VOID(expression)                              \
  if (auto midwatch_try_void = (expression); !midwatch_try_void) { \
    return std::move(midwatch_try_void).error();                   \
  }
