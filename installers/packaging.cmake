# What "./dev package" packs: two packages, as .tar.gz and .deb. Included before the folders whose
# install() rules it collects; a rule that names no component belongs to the service.

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME sotto-service)

set(CPACK_PACKAGE_NAME sotto)
set(CPACK_PACKAGE_VENDOR "The Sotto authors")
set(CPACK_PACKAGE_CONTACT "The Sotto authors <sotto@sottodns.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Encrypted DNS for the desktop")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENTS_ALL sotto-service)
if(SOTTO_APP)
  list(APPEND CPACK_COMPONENTS_ALL sotto)
endif()

set(CPACK_COMPONENT_SOTTO-SERVICE_DESCRIPTION
"A caching DNS-over-TLS forwarder with a terminal client.
sottod answers DNS queries on this computer and asks the providers of your
choice over TLS, from its cache where it can. sottoctl shows and changes what
it does. This package starts no service and leaves the system's DNS alone.")
set(CPACK_COMPONENT_SOTTO_DESCRIPTION
"A tray icon and a window to switch encrypted DNS on and off, choose providers
and see what is asked. It controls sottod, of the package sotto-service.")

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_NAME sotto-service)
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_DEPENDS ca-certificates)
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_RECOMMENDS publicsuffix) # newer than libpsl's own list
set(CPACK_DEBIAN_SOTTO_PACKAGE_NAME sotto)
set(CPACK_DEBIAN_SOTTO_PACKAGE_DEPENDS "sotto-service (= ${PROJECT_VERSION})")

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${component}"
    COMPONENT ${component}
    RENAME copyright)
endforeach()

include(CPack)
