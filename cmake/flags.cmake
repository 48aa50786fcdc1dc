# SPDX-License-Identifier: MIT
#
# The flags with which every target of the project is built: link bounce_flags
# PRIVATE. None of this reaches the programs that use the library.
add_library(bounce_flags INTERFACE)

target_compile_options(bounce_flags INTERFACE
    # For memmem(), memrchr(), strerrordesc_np(); g++ defines it by itself.
    $<$<COMPILE_LANGUAGE:C>:-D_GNU_SOURCE=1>
    # On 32-bit processors: files of 2 GiB and more, and times after 2038.
    -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
    # chunk.h's vectors are passed only between functions of one file; gcc warns
    # that how they are passed depends on whether the processor has SSE.
    -Wno-psabi
    -Wall -Wextra -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${BOUNCE_WERROR}>:-Werror>)

# bounce_runtime_flags: what else must be linked with a library built this way,
# for tests that build programs of their own.
if(BOUNCE_SANITIZE)
    set(bounce_runtime_flags -fsanitize=${BOUNCE_SANITIZE})
    if(BOUNCE_SANITIZE MATCHES "undefined")
        # Without it UBSan only prints, and the test passes anyway.
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
    # gcc 12 believes that members which an initialiser does not name are uninitialised if
    # the struct is copied: recognise.c, resolve_texts.c. -Wmaybe-uninitialized and valgrind
    # look for the same mistake.
    target_compile_options(bounce_flags INTERFACE -fanalyzer -Wno-analyzer-use-of-uninitialized-value)
endif()

if(BOUNCE_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "BOUNCE_FUZZ needs clang: configure with --preset fuzz")
    endif()
    # Coverage for the library; the fuzz targets add the driver themselves.
    # Comparisons are not traced: that took half of the time, and libFuzzer knows the
    # words from dictionaries and seeds.
    target_compile_options(bounce_flags INTERFACE
        -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp)
endif()

if(BOUNCE_COVERAGE)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
        message(FATAL_ERROR "BOUNCE_COVERAGE needs gcc, whose gcov tools/coverage reads: configure with --preset coverage")
    endif()
    # -O0 would be too slow for tests with a time limit.
    set(bounce_runtime_flags --coverage)
    target_compile_options(bounce_flags INTERFACE --coverage -fprofile-update=atomic -Og
        "$<$<COMPILE_LANGUAGE:C>:SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/coverage.h>")
    # The library keeps the symbols of its copy of the runtime to itself.
    target_link_options(bounce_flags INTERFACE --coverage LINKER:--exclude-libs,libgcov.a)
    # Programs that the build itself runs are not tests: their counts go where nobody looks.
    set_property(GLOBAL PROPERTY RULE_LAUNCH_CUSTOM
        "${CMAKE_COMMAND} -E env GCOV_PREFIX=${PROJECT_BINARY_DIR}/counts-of-the-build")
endif()
