# SPDX-License-Identifier: MIT
#
# The flags that every target of the project is built with: link bounce_flags
# PRIVATE. Nothing of this reaches the programs that use the library.
add_library(bounce_flags INTERFACE)

target_compile_options(bounce_flags INTERFACE
    # For memmem(), memrchr(), strerrordesc_np(); g++ defines it by itself.
    $<$<COMPILE_LANGUAGE:C>:-D_GNU_SOURCE=1>
    # On a 32-bit processor: files of 2 GiB and more, and of after 2038.
    -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
    # chunk.h's vectors, which are passed between functions of one file only:
    # how would depend on whether the processor has SSE.
    -Wno-psabi
    -Wall -Wextra -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${BOUNCE_WERROR}>:-Werror>)

if(BOUNCE_SANITIZE)
    set(bounce_sanitize_flags -fsanitize=${BOUNCE_SANITIZE})
    if(BOUNCE_SANITIZE MATCHES "undefined")
        # Without it UBSan only prints, and a test passes all the same.
        list(APPEND bounce_sanitize_flags -fno-sanitize-recover=all)
    endif()
    target_compile_options(bounce_flags INTERFACE
        ${bounce_sanitize_flags} -fno-omit-frame-pointer -g)
    target_link_options(bounce_flags INTERFACE ${bounce_sanitize_flags})
endif()

if(BOUNCE_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "BOUNCE_FUZZ needs clang: configure with --preset fuzz")
    endif()
    # Coverage for the library; the fuzz targets add the driver themselves.
    target_compile_options(bounce_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
