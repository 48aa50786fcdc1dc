# SPDX-License-Identifier: MIT
#
# What `cmake --install` puts where, and the two ways in which other projects
# find it: pkg-config (libbounce) and find_package(bounce).
install(FILES libbounce/bounce.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/data/patterns/ DESTINATION ${CMAKE_INSTALL_DATADIR}/libbounce/patterns
    FILES_MATCHING PATTERN "*.rules" PATTERN "order" PATTERN "VERSION" PATTERN "README.md")
install(FILES data/policy doc/output.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/libbounce)

# The documents keep their relative places, so that README and manual can name
# them: doc/rules.md is share/doc/libbounce/doc/rules.md.
file(GLOB documents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/doc/*.md)
install(FILES README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/doc)
install(FILES data/sample.mbox DESTINATION ${CMAKE_INSTALL_DOCDIR}/data)
if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/examples)
    install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
if(TARGET bounce-ledger)
    install(FILES doc/bounce-ledger.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(FILES doc/bounce-classify.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

# ---- generated files: manual pages of the library and of rules,
# completions
set(BOUNCE_BASH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING
    "Where bash looks for completions")
set(BOUNCE_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
    "Where zsh looks for completions")
set(BOUNCE_FISH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d CACHE STRING
    "Where fish looks for completions")
find_program(BOUNCE_PYTHON NAMES python3 DOC "Any Python 3, for manual pages and completions")
if(BOUNCE_PYTHON)
    file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c ${PROJECT_SOURCE_DIR}/ledger/*.c
        ${PROJECT_SOURCE_DIR}/ledger/settings/*.c)
    set(made_man ${PROJECT_BINARY_DIR}/man)
    set(made_completions ${PROJECT_BINARY_DIR}/completions)
    add_custom_command(
        OUTPUT ${made_man}/made
        COMMAND ${BOUNCE_PYTHON} ${PROJECT_SOURCE_DIR}/tools/manual-pages ${PROJECT_SOURCE_DIR} ${made_man}
        COMMAND ${CMAKE_COMMAND} -E touch ${made_man}/made
        DEPENDS ${PROJECT_SOURCE_DIR}/tools/manual-pages ${PROJECT_SOURCE_DIR}/libbounce/bounce.h
            ${PROJECT_SOURCE_DIR}/doc/rules.md ${PROJECT_SOURCE_DIR}/doc/bounce-classify.1
        COMMENT "Making the manual pages of the library and of rules"
        VERBATIM)
    add_custom_command(
        OUTPUT ${made_completions}/made
        COMMAND ${BOUNCE_PYTHON} ${PROJECT_SOURCE_DIR}/tools/completions ${PROJECT_SOURCE_DIR} ${made_completions}
        COMMAND ${CMAKE_COMMAND} -E touch ${made_completions}/made
        DEPENDS ${PROJECT_SOURCE_DIR}/tools/completions ${cli_sources}
        COMMENT "Making the completions"
        VERBATIM)
    add_custom_target(made_documents ALL DEPENDS ${made_man}/made ${made_completions}/made)
    install(DIRECTORY ${made_man}/man3 ${made_man}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR})
    set(completed bounce-classify)
    if(TARGET bounce-ledger)
        list(APPEND completed bounce-ledger)
    endif()
    foreach(name IN LISTS completed)
        install(FILES ${made_completions}/${name} DESTINATION ${BOUNCE_BASH_COMPLETIONS})
        install(FILES ${made_completions}/_${name} DESTINATION ${BOUNCE_ZSH_COMPLETIONS})
        install(FILES ${made_completions}/${name}.fish DESTINATION ${BOUNCE_FISH_COMPLETIONS})
    endforeach()
else()
    message(WARNING "Without Python 3, there are no manual pages of the library and of rules, and no completions.")
endif()

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

# The .pc file finds its tree from its own location, so that a tree can be
# moved; directories outside of the prefix are absolute.
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
# The static library's dependencies are listed directly, not by Requires, which
# would take the shared libraries. GMime is not among them: it is loaded when needed.
list(JOIN GLIB_LDFLAGS " " pc_glib)
list(JOIN PCRE2_LDFLAGS " " pc_pcre2)
set(pc_needs "${pc_glib} ${pc_pcre2} -pthread -ldl")
if(BUILD_SHARED_LIBS)
    set(pc_libs "Libs: -L\${libdir} -lbounce\nLibs.private: ${pc_needs}")
    set(pc_cflags)
else()
    set(pc_libs "Libs: -L\${libdir} -lbounce ${pc_needs}")
    set(pc_cflags " -DBOUNCE_STATIC")
endif()
configure_file(cmake/libbounce.pc.in ${PROJECT_BINARY_DIR}/libbounce.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/libbounce.pc DESTINATION ${pc_dir})

# For programs that are tested with ThreadSanitizer.
install(FILES data/tsan.supp DESTINATION ${CMAKE_INSTALL_DATADIR}/libbounce)
