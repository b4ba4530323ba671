# When the sources are from, in SOTTO_BUILD_UNIX: a clock that says an earlier time is wrong. Two
# builds of the same sources say the same: what SOURCE_DATE_EPOCH says, else the date of the last
# commit, else, in an unpacked archive, the date below.

# Moved forward with each release: 2026-11-24.
set(SOTTO_BUILD_UNIX 1795478400)

if("$ENV{SOURCE_DATE_EPOCH}" MATCHES "^[0-9]+$")
  set(SOTTO_BUILD_UNIX "$ENV{SOURCE_DATE_EPOCH}")
elseif(EXISTS "${PROJECT_SOURCE_DIR}/.git")
  find_program(SOTTO_GIT git)
  if(SOTTO_GIT)
    execute_process(
      COMMAND "${SOTTO_GIT}" -C "${PROJECT_SOURCE_DIR}" log -1 --format=%ct
      OUTPUT_VARIABLE committed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(committed MATCHES "^[0-9]+$")
      set(SOTTO_BUILD_UNIX "${committed}")
    endif()
  endif()
endif()
