# What most files include, parsed and instantiated once: midwatch_reuse_precompiled(TARGET [TESTS]).
#
# For clang only (MIDWATCH_PRECOMPILED in the presets): there a file of an unoptimised sanitizer build takes a third of its
# time; GCC gains a fifteenth. A file must still include what it uses: the builds with GCC know no precompiled header.

set(MIDWATCH_COMMON_HEADERS
    <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <cstddef> <cstdint> <cstdlib> <deque> <filesystem> <fstream>
    <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map>
    <utility> <vector> <fmt/format.h> <nlohmann/json.hpp> <tl/expected.hpp>)

function(midwatch_precompile target)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled/${target}.cpp "")
  add_library(${target} OBJECT ${CMAKE_BINARY_DIR}/precompiled/${target}.cpp)
  midwatch_target_defaults(${target})
  # A compiler cache can keep what is made with a header that holds no time of its own.
  target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

if(MIDWATCH_PRECOMPILED)
  midwatch_precompile(midwatch_precompiled ${MIDWATCH_COMMON_HEADERS})
  target_link_libraries(midwatch_precompiled PRIVATE fmt::fmt nlohmann_json::nlohmann_json tl::expected)
  set(MIDWATCH_PRECOMPILED_TARGETS midwatch_precompiled)
  if(MIDWATCH_TESTS)
    midwatch_precompile(midwatch_precompiled_tests ${MIDWATCH_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
    target_link_libraries(midwatch_precompiled_tests
                          PRIVATE fmt::fmt nlohmann_json::nlohmann_json tl::expected GTest::gmock GTest::gtest)
    list(APPEND MIDWATCH_PRECOMPILED_TARGETS midwatch_precompiled_tests)
  endif()
endif()
add_custom_target(precompiled DEPENDS ${MIDWATCH_PRECOMPILED_TARGETS})

function(midwatch_reuse_precompiled target)
  if(NOT MIDWATCH_PRECOMPILED)
    return()
  endif()
  set(header midwatch_precompiled)
  if("TESTS" IN_LIST ARGN)
    set(header midwatch_precompiled_tests)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${header})
endfunction()
