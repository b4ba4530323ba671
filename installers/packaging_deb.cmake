# The .deb packages. Their scripts are in debian/.

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(debianFolder "${CMAKE_CURRENT_LIST_DIR}/debian")
set(debianScripts "${PROJECT_BINARY_DIR}/installers/debian")
foreach(script IN ITEMS postinst prerm)
  configure_file("${debianFolder}/sotto-service/${script}.in" "${debianScripts}/${script}"
    @ONLY USE_SOURCE_PERMISSIONS)
endforeach()

set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_NAME sotto-service)
set(CPACK_DEBIAN_SOTTO-SERVICE_DESCRIPTION
  "${serviceSynopsis}\n${CPACK_COMPONENT_SOTTO-SERVICE_DESCRIPTION}")
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_DEPENDS "adduser, ca-certificates")
# polkit asks users for their password; publicsuffix is newer than libpsl's own list.
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_RECOMMENDS "dbus, polkitd, publicsuffix")
set(CPACK_DEBIAN_SOTTO-SERVICE_PACKAGE_CONTROL_EXTRA
  "${debianScripts}/postinst;${debianScripts}/prerm;${debianFolder}/sotto-service/postrm;${debianFolder}/sotto-service/conffiles")

set(CPACK_DEBIAN_SOTTO_PACKAGE_NAME sotto)
set(CPACK_DEBIAN_SOTTO_DESCRIPTION "${appSynopsis}\n${CPACK_COMPONENT_SOTTO_DESCRIPTION}")
set(CPACK_DEBIAN_SOTTO_PACKAGE_DEPENDS
  "sotto-service (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_SOTTO_PACKAGE_CONTROL_EXTRA "${debianFolder}/sotto/conffiles")
