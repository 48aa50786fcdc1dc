# SPDX-License-Identifier: MIT
#
# What makes a mistake in C harder to exploit, for all types of build, the
# program and the shared library: each flag that this compiler, linker and
# processor know, added to bounce_flags. -DBOUNCE_HARDEN=OFF leaves all of it out.
#
# tests/check_hardening.py reads it back from what was built; a program that
# links the static library has its own flags for linking.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

# For executables; the objects of both libraries are position-independent anyway.
check_pie_supported(LANGUAGES C)

# bounce_harden_compile(FLAG): adds it where it can be used. An unknown flag, or
# one that has no effect, is a warning only for clang.
function(bounce_harden_compile flag)
    string(MAKE_C_IDENTIFIER "compiles_with${flag}" known)
    set(CMAKE_REQUIRED_FLAGS -Werror)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
        target_compile_options(bounce_flags INTERFACE ${flag})
    endif()
endfunction()

function(bounce_harden_link flag)
    string(MAKE_C_IDENTIFIER "links_with${flag}" known)
    check_linker_flag(C ${flag} ${known})
    if(${known})
        target_link_options(bounce_flags INTERFACE ${flag})
    endif()
endfunction()

# Sets VARIABLE if the C library checks the bounds of copies at this level: from
# 3 on also where the size is known only at run time. glibc warns where it cannot.
function(bounce_check_fortify level variable)
    set(CMAKE_REQUIRED_FLAGS "-Werror -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level}")
    check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" ${variable})
endfunction()

bounce_harden_compile(-fstack-protector-strong)
# A frame of more than a page touches each page, so that it cannot jump the guard.
bounce_harden_compile(-fstack-clash-protection)
# Indirect jumps land at marked places only: x86, and 64-bit ARM.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i[3-6]86)$")
    bounce_harden_compile(-fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    bounce_harden_compile(-mbranch-protection=standard)
endif()

# Needs optimisation, so Debug goes without; AddressSanitizer looks at the same
# calls, and would no longer see them.
if(NOT BOUNCE_SANITIZE AND NOT BOUNCE_FUZZ)
    bounce_check_fortify(3 fortify_3)
    bounce_check_fortify(2 fortify_2)
    set(fortify_level 0)
    if(fortify_3)
        set(fortify_level 3)
    elseif(fortify_2)
        set(fortify_level 2)
    endif()
    # Some distributions' compilers define it themselves.
    target_compile_options(bounce_flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
        $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${fortify_level}>)
endif()

# What the loader fills in is read-only before main(), and no page can be written
# to and executed.
bounce_harden_link(-Wl,-z,relro)
bounce_harden_link(-Wl,-z,now)
bounce_harden_link(-Wl,-z,noexecstack)
