# system_library(NAME HEADER): the target system::NAME for a C library without usable CMake or pkg-config files.
function(system_library name header)
  find_path(${name}_INCLUDE_DIR ${header} REQUIRED)
  find_library(${name}_LIBRARY ${name} REQUIRED)
  add_library(system::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(system::${name} PROPERTIES
    IMPORTED_LOCATION ${${name}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${${name}_INCLUDE_DIR})
endfunction()
