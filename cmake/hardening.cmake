# SPDX-License-Identifier: MIT
#
# Makes mistakes in C harder to exploit, in all build types, for the program and
# the shared library: each of these flags that compiler, linker and processor
# know is added to bounce_flags. -DBOUNCE_HARDEN=OFF leaves all of them out.
#
# tests/check_hardening.py checks what was built; a program that links the
# static library has its own linker flags.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

# For executables; the objects of both libraries are position-independent anyway.
check_pie_supported(LANGUAGES C)

# bounce_harden_compile(FLAG): adds the flag if it can be used. To clang, an
# unknown flag or one without effect is only a warning.
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
# 3 on also where the size is known only at run time. glibc warns if it cannot.
function(bounce_check_fortify level variable)
    set(CMAKE_REQUIRED_FLAGS "-Werror -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level}")
    check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" ${variable})
endfunction()

bounce_harden_compile(-fstack-protector-strong)
# A frame larger than a page touches each of its pages, so that it cannot jump over the guard page.
bounce_harden_compile(-fstack-clash-protection)
# Indirect jumps land at marked places only: x86, and 64-bit ARM.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i[3-6]86)$")
    bounce_harden_compile(-fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    bounce_harden_compile(-mbranch-protection=standard)
endif()

# Needs optimisation, so Debug does without; AddressSanitizer checks the same
# calls, and would not see them any more.
if(NOT BOUNCE_SANITIZE AND NOT BOUNCE_FUZZ)
    bounce_check_fortify(3 fortify_3)
    bounce_check_fortify(2 fortify_2)
    set(fortify_level 0)
    if(fortify_3)
        set(fortify_level 3)
    elseif(fortify_2)
        set(fortify_level 2)
    endif()
    # The compilers of some distributions define it themselves.
    target_compile_options(bounce_flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
        $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${fortify_level}>)
endif()

# What the loader fills in is read-only before main() runs, and no page is both
# writable and executable.
bounce_harden_link(-Wl,-z,relro)
bounce_harden_link(-Wl,-z,now)
bounce_harden_link(-Wl,-z,noexecstack)
