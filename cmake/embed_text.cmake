# SPDX-License-Identifier: MIT
#
# The files of FILES, one after the other, as the text of OUTPUT, a C file: the array NAME and its
# length, as HEADER declares them.
set(text "")
foreach(file IN LISTS FILES)
    file(READ ${file} bytes HEX)
    string(APPEND text "${bytes}0a")
endforeach()
string(REGEX REPLACE "(..)" "0x\\1," bytes "${text}")
string(REGEX REPLACE "(0x0a,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "/* Made by cmake/embed_text.cmake. */
#include \"${HEADER}\"

const char ${NAME}[] = {
${bytes}0};
const size_t ${NAME}_length = sizeof ${NAME} - 1;
")
