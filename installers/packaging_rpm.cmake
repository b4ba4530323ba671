# The .rpm packages. Their scripts are in rpm/.

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE GPL-3.0-or-later)
set(CPACK_RPM_PACKAGE_GROUP "System Environment/Daemons")
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
set(CPACK_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_SPEC_MORE_DEFINE "%define packager ${CPACK_PACKAGE_CONTACT}")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /usr/sbin /etc /etc/xdg /etc/xdg/autostart
  /usr/lib/systemd /usr/lib/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d
  /usr/share/applications /usr/share/metainfo
  /usr/share/bash-completion /usr/share/bash-completion/completions
  /usr/share/zsh /usr/share/zsh/vendor-completions
  /usr/share/fish /usr/share/fish/vendor_completions.d
  /usr/share/icons /usr/share/icons/hicolor
  /usr/share/man /usr/share/man/man1 /usr/share/man/man8
  /usr/share/polkit-1 /usr/share/polkit-1/actions)
foreach(size IN ITEMS 16x16 22x22 24x24 32x32 48x48 64x64 128x128 256x256 scalable)
  list(APPEND CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /usr/share/icons/hicolor/${size} /usr/share/icons/hicolor/${size}/apps)
endforeach()

set(rpmScripts "${PROJECT_BINARY_DIR}/installers/rpm")
foreach(script IN ITEMS post preun)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/rpm/${script}.in" "${rpmScripts}/${script}" @ONLY)
endforeach()

set(CPACK_RPM_SOTTO-SERVICE_PACKAGE_NAME sotto-service)
# Synopses begin with a small letter in a .deb, with a capital one here.
foreach(synopsis IN ITEMS serviceSynopsis appSynopsis)
  string(SUBSTRING "${${synopsis}}" 0 1 initial)
  string(SUBSTRING "${${synopsis}}" 1 -1 rest)
  string(TOUPPER "${initial}" initial)
  set(${synopsis}Capital "${initial}${rest}")
endforeach()
set(CPACK_RPM_SOTTO-SERVICE_PACKAGE_SUMMARY "${serviceSynopsisCapital}")
set(CPACK_RPM_SOTTO-SERVICE_PACKAGE_REQUIRES "ca-certificates, systemd")
set(CPACK_RPM_SOTTO-SERVICE_POST_INSTALL_SCRIPT_FILE "${rpmScripts}/post")
set(CPACK_RPM_SOTTO-SERVICE_PRE_UNINSTALL_SCRIPT_FILE "${rpmScripts}/preun")
set(CPACK_RPM_SOTTO-SERVICE_POST_UNINSTALL_SCRIPT_FILE "${CMAKE_CURRENT_LIST_DIR}/rpm/postun")
set(CPACK_RPM_SOTTO-SERVICE_USER_FILELIST "%config(noreplace) /etc/sotto/sotto.toml")

set(CPACK_RPM_SOTTO_PACKAGE_NAME sotto)
set(CPACK_RPM_SOTTO_PACKAGE_GROUP "Applications/Internet")
set(CPACK_RPM_SOTTO_PACKAGE_SUMMARY "${appSynopsisCapital}")
set(CPACK_RPM_SOTTO_PACKAGE_REQUIRES "sotto-service = ${PROJECT_VERSION}")
set(CPACK_RPM_SOTTO_USER_FILELIST
  "%config(noreplace) /etc/xdg/autostart/org.sottodns.Sotto.desktop")
