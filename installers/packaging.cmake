# What "./dev package" packs: two packages, as .tar.gz, .deb and .rpm. Included before the folders
# whose install() rules it collects; a rule that names no component belongs to the service.

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME sotto-service)

set(CPACK_PACKAGE_NAME sotto)
set(CPACK_PACKAGE_VENDOR "The Sotto authors")
set(CPACK_PACKAGE_CONTACT "The Sotto authors <sotto@sottodns.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "encrypted DNS for the desktop")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
# All libraries are the system's; Qt's set-up would have them looked for beside the programs first.
set(CMAKE_SKIP_INSTALL_RPATH ON)
# Files outside of the prefix (/etc) are packed, too, and never written to this machine's.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_COMPONENTS_ALL sotto-service)
if(SOTTO_APP)
  list(APPEND CPACK_COMPONENTS_ALL sotto)
endif()

set(serviceSynopsis "caching DNS-over-TLS forwarder with a terminal client")
set(CPACK_COMPONENT_SOTTO-SERVICE_DESCRIPTION
"sottod answers DNS queries on this computer and asks the providers of your
choice over TLS, from its cache where it can. sottoctl shows and changes what
it does. Once installed, the service runs and the system's DNS goes through it.
Switching it off or removing the package brings the earlier settings back.")
set(appSynopsis "tray application for encrypted DNS")
set(CPACK_COMPONENT_SOTTO_DESCRIPTION
"A tray icon and a window to switch encrypted DNS on and off, choose providers
and see what is asked. It controls sottod, of the package sotto-service.")

# Shell that scripts of both kinds share.
foreach(snippet IN ITEMS announce give_back hand_over)
  file(READ "${CMAKE_CURRENT_LIST_DIR}/${snippet}.sh" shared)
  string(REGEX REPLACE "^# shellcheck[^\n]*\n#[^\n]*\n#\n" "" shared "${shared}")
  string(TOUPPER "SOTTO_${snippet}" variable)
  set(${variable} "${shared}")
endforeach()

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
include("${CMAKE_CURRENT_LIST_DIR}/packaging_deb.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/packaging_rpm.cmake")

include(CPack)

# sotto_install_compressed(file component folder name): as NAME.gz, the same octets every time.
function(sotto_install_compressed file component folder name)
  find_program(SOTTO_GZIP gzip REQUIRED)
  set(packed "${CMAKE_CURRENT_BINARY_DIR}/${component}/${name}.gz")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${component}")
  execute_process(
    COMMAND "${SOTTO_GZIP}" -9nc "${file}"
    OUTPUT_FILE "${packed}"
    COMMAND_ERROR_IS_FATAL ANY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  install(FILES "${packed}" DESTINATION "${folder}" COMPONENT ${component})
endfunction()

# sotto_install_manual(component page…): each page into its section.
function(sotto_install_manual component)
  foreach(page IN LISTS ARGN)
    cmake_path(GET page EXTENSION LAST_ONLY section)
    string(SUBSTRING "${section}" 1 -1 section)
    cmake_path(GET page FILENAME name)
    sotto_install_compressed("${page}" ${component} "${CMAKE_INSTALL_MANDIR}/man${section}" "${name}")
  endforeach()
endfunction()
