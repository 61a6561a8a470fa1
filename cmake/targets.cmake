# How every target of mimus is built: warnings are errors, sanitizers and clang-tidy by option.
# Sources are found by name: NAME.cc belongs to the folder's library, NAME_test.cc to its test program,
# NAME_bench.cc to the benchmarks, NAME_fuzz.cc is a libFuzzer target of its own.

function(mimus_options target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What g++ concludes from its own optimised code differs with version and flags, and takes the standard library for
    # wrong (GCC bugs 105651, 105329, 105562). The sanitizers look for the same at run time.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-maybe-uninitialized)
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # RapidJSON 1.1.0 compares its iterators in a way that C++20 finds ambiguous and resolves as meant.
    target_compile_options(${target} PRIVATE -Wno-ambiguous-reversed-operator)
  endif()
  if(MIMUS_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MIMUS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
    target_link_options(${target} PRIVATE -fsanitize=${MIMUS_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND MIMUS_LLD)  # 0.9 s of CPU for a test program, not 3.7
      target_link_options(${target} PRIVATE -fuse-ld=lld)
    endif()
    # RapidJSON 1.1 adds to null when its stack is still empty, which clang calls an overflow.
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND MIMUS_SANITIZE MATCHES "undefined")
      target_compile_options(${target} PRIVATE -fno-sanitize=pointer-overflow)
    endif()
  endif()
  if(MIMUS_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "clang-tidy")
  endif()
endfunction()

# mimus_precompiled(TARGET [HEADER...]): the headers of the standard library that nearly every file includes, and HEADER...,
# are read once for the whole target. Takes off two fifths of what the sanitizer presets compile for. The other presets do
# without, so that each file must still include what it needs.
function(mimus_precompiled target)
  if(NOT MIMUS_PCH)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <variant> <vector> ${ARGN})
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")  # ccache looks at the contents instead
endfunction()

# mimus_library(NAME [FOLDER DIR] LINK ...): the library mimus_NAME of all sources below DIR (default NAME).
function(mimus_library name)
  cmake_parse_arguments(arg "" "FOLDER" "LINK" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
  add_library(mimus_${name} STATIC ${sources})
  mimus_options(mimus_${name})
  if(MIMUS_FUZZ)  # not the test programs: nobody asks what they cover, and a quarter of their compiling went there
    target_compile_options(mimus_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  mimus_precompiled(mimus_${name})
  target_link_libraries(mimus_${name} ${arg_LINK})
endfunction()

# mimus_tests(NAME [FOLDER DIR] LINK ...): one test program of all DIR/**/*_test.cc.
function(mimus_tests name)
  cmake_parse_arguments(arg "" "FOLDER" "LINK" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_FOLDER}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(mimus_${name}_test ${sources})
  mimus_options(mimus_${name}_test)
  mimus_precompiled(mimus_${name}_test <gmock/gmock.h> <gtest/gtest.h>)
  target_compile_options(mimus_${name}_test PRIVATE -O0)  # what they test is optimised; they need a third less to compile
  target_compile_definitions(mimus_${name}_test PRIVATE MIMUS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(mimus_${name}_test PRIVATE mimus_${name} ${arg_LINK} GTest::gmock GTest::gtest_main)
  set_property(GLOBAL APPEND PROPERTY mimus_test_programs mimus_${name}_test)
  if(MIMUS_STAGE)
    set(stage ${MIMUS_STAGE})
  else()
    set(stage unit)
  endif()
  add_test(NAME ${stage}.${name} COMMAND mimus_${name}_test)
  set_tests_properties(${stage}.${name} PROPERTIES LABELS ${stage} TIMEOUT 900)
  if(MIMUS_STAGE)  # started first: up to 100 s each, and one that starts last keeps one core waiting
    set_tests_properties(${stage}.${name} PROPERTIES COST 100)
  endif()
endfunction()

# mimus_fuzzers(NAME...): one program per NAME/**/*_fuzz.cc, linked to mimus_NAME, and a test that runs it for a minute.
# It starts from fixtures/golden/corpus/STEM where there is one; what it finds by itself stays in the build folder.
function(mimus_fuzzers)
  foreach(name ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${name}/*_fuzz.cc)
    foreach(source ${sources})
      get_filename_component(stem ${source} NAME_WE)
      add_executable(${stem} ${source})
      mimus_options(${stem})
      target_compile_options(${stem} PRIVATE -fsanitize=fuzzer-no-link)
      target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(${stem} PRIVATE mimus_${name})
      set(found ${CMAKE_CURRENT_BINARY_DIR}/corpus/${stem})
      file(MAKE_DIRECTORY ${found})
      set(given ${PROJECT_SOURCE_DIR}/fixtures/golden/corpus/${stem})
      if(NOT EXISTS ${given})
        set(given)
      endif()
      add_test(NAME fuzz.${stem} COMMAND ${stem} -max_total_time=60 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
        -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${stem}- ${found} ${given})
      set_tests_properties(fuzz.${stem} PROPERTIES LABELS fuzz TIMEOUT 180 COST 60)
    endforeach()
  endforeach()
endfunction()

# mimus_version(TARGET): defines MIMUS_VERSION and MIMUS_COMMIT for cli/version.cc. A new commit configures anew, which
# compiles that one file.
function(mimus_version target)
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    set(commit "unknown")
  endif()
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --path-format=absolute --git-path logs/HEAD
    OUTPUT_VARIABLE moves OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(EXISTS "${moves}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${moves}")
  endif()
  set_source_files_properties(cli/version.cc PROPERTIES COMPILE_DEFINITIONS
    "MIMUS_VERSION=\"${PROJECT_VERSION}\";MIMUS_COMMIT=\"${commit}\"")
endfunction()
