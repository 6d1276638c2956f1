# What is tested is optimised; the tests themselves are run once, and to optimise them takes longer than to run them.
function(compile_quickly target)
  target_compile_options(${target} PRIVATE -O0)
endfunction()

# room(NAME [ROOMS room...] [LIBS target...])
#
# One folder, one namespace, one static library: src/fcrdns/NAME/*.cpp becomes fcrdns_NAME, and every
# *_test.cpp beside the code goes into NAME_test. A room links only the rooms it names, so a call into a
# room further down does not link; tools/check_layers says the same of the includes.
function(room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBS" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/src/fcrdns/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  set(scope PUBLIC)
  if(sources)
    add_library(fcrdns_${name} STATIC ${sources})
  else()
    add_library(fcrdns_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(fcrdns_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ARG_ROOMS PREPEND fcrdns_)
  target_link_libraries(fcrdns_${name} ${scope} ${ARG_ROOMS} ${ARG_LIBS})

  if(FCRDNS_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE fcrdns_${name} GTest::gtest_main)
    compile_quickly(${name}_test)
    target_compile_definitions(${name}_test PRIVATE FCRDNS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}.)
  endif()
endfunction()
