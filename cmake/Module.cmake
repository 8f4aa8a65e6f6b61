# midwatch_module(NAME [DEPS ...] [LIBS ...] [TEST_DEPS ...])
#
# Makes the static library midwatch_NAME of every *.cpp in the calling folder, the test program NAME_test of every
# *_test.cpp, and one fuzz program for every *_fuzz.cpp. DEPS are other modules, LIBS outside libraries.
# The globs re-run by themselves, so a new file needs no edit here.

set(MIDWATCH_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports overlaps of std::string operations that cannot happen (GCC bug 105651).
  list(APPEND MIDWATCH_WARNINGS -Wno-restrict)
else()
  # clang blames std::stable_sort for what libstdc++ 12 uses inside.
  list(APPEND MIDWATCH_WARNINGS -Wno-deprecated-declarations)
endif()

function(midwatch_target_defaults target)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${MIDWATCH_WARNINGS})
  if(MIDWATCH_SANITIZE)
    # What sanitizers add makes GCC warn of values that may be uninitialised; the plain builds see the real ones.
    target_compile_options(${target} PRIVATE -Wno-error=maybe-uninitialized)
    target_compile_options(${target} PUBLIC -fsanitize=${MIDWATCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${MIDWATCH_SANITIZE})
  endif()
  if(MIDWATCH_FUZZ)  # so that libFuzzer sees which code of the libraries an input reaches
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# Every *_fuzz.cpp holds LLVMFuzzerTestOneInput. With MIDWATCH_FUZZ it becomes a libFuzzer program; always, it becomes a
# test that replays its corpus (fuzz/corpus/<target>), so that each crash once found stays found.
function(midwatch_add_fuzz_target source module)
  get_filename_component(name ${source} NAME_WE)
  set(target ${module}_${name})
  if(MIDWATCH_FUZZ)
    add_executable(${target} ${source})
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(${target} PRIVATE midwatch_${module})
    midwatch_target_defaults(${target})
    set_property(GLOBAL APPEND PROPERTY MIDWATCH_FUZZ_TARGETS ${target})
  elseif(MIDWATCH_TESTS)
    add_executable(${target}_replay ${source} ${CMAKE_SOURCE_DIR}/fuzz/replay_main.cpp)
    target_link_libraries(${target}_replay PRIVATE midwatch_${module})
    midwatch_target_defaults(${target}_replay)
    add_test(NAME ${target}_replay COMMAND ${target}_replay ${CMAKE_SOURCE_DIR}/fuzz/corpus/${target})
    set_tests_properties(${target}_replay PROPERTIES LABELS replay)
    set_property(GLOBAL APPEND PROPERTY MIDWATCH_REPLAYS ${target}_replay)
  endif()
endfunction()

function(midwatch_module name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_DEPS;TEST_LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")

  list(TRANSFORM ARG_DEPS PREPEND midwatch_)
  list(TRANSFORM ARG_TEST_DEPS PREPEND midwatch_)
  if(sources)
    add_library(midwatch_${name} STATIC ${sources})
    midwatch_target_defaults(midwatch_${name})
    target_link_libraries(midwatch_${name} PUBLIC ${ARG_DEPS} ${ARG_LIBS})
  else()
    add_library(midwatch_${name} INTERFACE)
    target_link_libraries(midwatch_${name} INTERFACE ${ARG_DEPS} ${ARG_LIBS})
  endif()

  if(MIDWATCH_TESTS AND tests)
    add_executable(${name}_test ${tests})
    midwatch_target_defaults(${name}_test)
    target_link_libraries(${name}_test PRIVATE midwatch_${name} ${ARG_TEST_DEPS} ${ARG_TEST_LIBS} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE MIDWATCH_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  endif()
  foreach(fuzzer ${fuzzers})
    midwatch_add_fuzz_target(${fuzzer} ${name})
  endforeach()
endfunction()
