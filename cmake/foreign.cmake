# SPDX-License-Identifier: MIT
#
# Toolchain for another processor: Debian's cross compiler, its libraries in a
# folder, and qemu-user to run what is built. tests/foreign/run sets all of it.
#
#   FOREIGN_COMPILER  prefix of the compiler: s390x-linux-gnu
#   FOREIGN_MULTIARCH name of its library folders: the same, but i386-linux-gnu for i686-linux-gnu
#   FOREIGN_QEMU      the emulator: qemu-s390x
#   FOREIGN_SYSROOT   the folder with usr/include and usr/lib of that processor
set(foreign_variables FOREIGN_COMPILER FOREIGN_MULTIARCH FOREIGN_QEMU FOREIGN_SYSROOT)
foreach(variable IN LISTS foreign_variables)
    if(NOT ${variable})
        message(FATAL_ERROR "cmake/foreign.cmake: ${variable} is not set")
    endif()
endforeach()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ${foreign_variables})

set(CMAKE_SYSTEM_NAME Linux)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${FOREIGN_COMPILER})
set(CMAKE_C_COMPILER ${FOREIGN_COMPILER}-gcc)
set(CMAKE_CXX_COMPILER ${FOREIGN_COMPILER}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${FOREIGN_MULTIARCH})
set(CMAKE_SYSROOT ${FOREIGN_SYSROOT})
set(CMAKE_CROSSCOMPILING_EMULATOR ${FOREIGN_QEMU} -L ${FOREIGN_SYSROOT})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${FOREIGN_SYSROOT})
set(pkg_config_folders
    ${FOREIGN_SYSROOT}/usr/lib/${FOREIGN_MULTIARCH}/pkgconfig ${FOREIGN_SYSROOT}/usr/share/pkgconfig)
list(JOIN pkg_config_folders ":" pkg_config_folders)
set(ENV{PKG_CONFIG_LIBDIR} ${pkg_config_folders})
