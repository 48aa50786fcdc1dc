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

# bounce_runtime_flags: what else has to be linked with a library built so, for
# the tests that build programs of their own.
if(BOUNCE_SANITIZE)
    set(bounce_runtime_flags -fsanitize=${BOUNCE_SANITIZE})
    if(BOUNCE_SANITIZE MATCHES "undefined")
        # Without it UBSan only prints, and a test passes all the same.
        list(APPEND bounce_runtime_flags -fno-sanitize-recover=all)
    endif()
    target_compile_options(bounce_flags INTERFACE
        ${bounce_runtime_flags} -fno-omit-frame-pointer -g)
    target_link_options(bounce_flags INTERFACE ${bounce_runtime_flags})
endif()

if(BOUNCE_ANALYSE)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
        message(FATAL_ERROR "BOUNCE_ANALYSE needs gcc: configure with --preset analyse")
    endif()
    # gcc 12 takes members that an initialiser does not name for uninitialised, if the
    # struct is copied: recognise.c, resolve_texts.c. -Wmaybe-uninitialized and valgrind
    # look for the same.
    target_compile_options(bounce_flags INTERFACE -fanalyzer -Wno-analyzer-use-of-uninitialized-value)
endif()

if(BOUNCE_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "BOUNCE_FUZZ needs clang: configure with --preset fuzz")
    endif()
    # Coverage for the library; the fuzz targets add the driver themselves.
    # Comparisons are not traced: that took half of the time, and dictionaries and seeds
    # tell libFuzzer the words.
    target_compile_options(bounce_flags INTERFACE
        -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp)
endif()

if(BOUNCE_COVERAGE)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
        message(FATAL_ERROR "BOUNCE_COVERAGE needs gcc, whose gcov tools/coverage reads: configure with --preset coverage")
    endif()
    # -O0 would be too slow for the tests that have a limit of time.
    set(bounce_runtime_flags --coverage)
    target_compile_options(bounce_flags INTERFACE --coverage -fprofile-update=atomic -Og
        "$<$<COMPILE_LANGUAGE:C>:SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/coverage.h>")
    # The library keeps the names of its copy of the runtime to itself.
    target_link_options(bounce_flags INTERFACE --coverage LINKER:--exclude-libs,libgcov.a)
    # What the build itself runs is no test: its counts go where nobody looks.
    set_property(GLOBAL PROPERTY RULE_LAUNCH_CUSTOM
        "${CMAKE_COMMAND} -E env GCOV_PREFIX=${PROJECT_BINARY_DIR}/counts-of-the-build")
endif()
