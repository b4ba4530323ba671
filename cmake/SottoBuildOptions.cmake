# Language level, warnings, sanitizers and ccache, for every target of the project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

if(NOT MSVC)
  add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -fstack-protector-strong)
  if(SOTTO_WERROR)
    add_compile_options(-Werror)
  endif()
  if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT SOTTO_SANITIZE)
    add_compile_definitions(_FORTIFY_SOURCE=2)
  endif()
  if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Where all is linked at once, GCC believes of Qt's QHash that it could ask for half of the world.
    add_link_options(-Wno-alloc-size-larger-than)
  endif()
  if(SOTTO_SANITIZE)
    add_compile_options(-fsanitize=${SOTTO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${SOTTO_SANITIZE})
  endif()
endif()

find_program(SOTTO_CCACHE ccache)
if(SOTTO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SOTTO_CCACHE}")
endif()
