# SPDX-License-Identifier: MIT
#
# What `cmake --install` puts where, and the two ways in which other projects
# find it: pkg-config (libbounce) and find_package(bounce).
install(FILES libbounce/bounce.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/data/patterns/ DESTINATION ${CMAKE_INSTALL_DATADIR}/libbounce/patterns
    FILES_MATCHING PATTERN "*.rules" PATTERN "order")
install(FILES README.md CHANGELOG.md LICENSE doc/reasons.md doc/rules.md
    DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(EXISTS ${PROJECT_SOURCE_DIR}/doc/output.schema.json)
    install(FILES doc/output.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/libbounce)
endif()
foreach(section IN ITEMS 1 3 5)
    file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/doc/*.${section})
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/bounce)
install(TARGETS bounce_static EXPORT bounce-static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT bounce-static NAMESPACE bounce:: DESTINATION ${package_dir})
if(BUILD_SHARED_LIBS)
    install(TARGETS bounce EXPORT bounce-shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT bounce-shared NAMESPACE bounce:: DESTINATION ${package_dir})
endif()

configure_package_config_file(cmake/bounce-config.cmake.in
    ${PROJECT_BINARY_DIR}/bounce-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bounce-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/bounce-config.cmake ${PROJECT_BINARY_DIR}/bounce-config-version.cmake
    DESTINATION ${package_dir})

# The .pc file finds its tree from where it lies itself, so that a tree may be
# moved; directories outside of the prefix are named as they are.
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(IS_ABSOLUTE ${pc_dir})
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH pc_up /${pc_dir} /)
    string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_up}")
endif()
foreach(dir IN ITEMS libdir includedir)
    string(TOUPPER ${dir} upper)
    set(pc_${dir} ${CMAKE_INSTALL_${upper}})
    if(NOT IS_ABSOLUTE ${pc_${dir}})
        set(pc_${dir} "\${prefix}/${pc_${dir}}")
    endif()
endforeach()
configure_file(cmake/libbounce.pc.in ${PROJECT_BINARY_DIR}/libbounce.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/libbounce.pc DESTINATION ${pc_dir})
