# SPDX-License-Identifier: MIT
#
# Writes the files of FILES, one after the other, into OUTPUT, a C file: as the array NAME with its
# length, as HEADER declares them.
set(text "")
foreach(file IN LISTS FILES)
    file(READ ${file} bytes HEX)
    if(NOT bytes MATCHES "0a$")
        string(APPEND bytes "0a")
    endif()
    string(APPEND text "${bytes}")
endforeach()
string(REGEX REPLACE "(..)" "0x\\1," bytes "${text}")
string(REGEX REPLACE "(0x0a,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "/* Made by cmake/embed_text.cmake. */
#include \"${HEADER}\"

const char ${NAME}[] = {
${bytes}0};
const size_t ${NAME}_length = sizeof ${NAME} - 1;
")
