# SPDX-License-Identifier: MIT
#
# The files of FILES, one after the other, as the text of OUTPUT, a C file.
set(text "")
foreach(file IN LISTS FILES)
    file(READ ${file} bytes HEX)
    string(APPEND text "${bytes}0a")
endforeach()
string(REGEX REPLACE "(..)" "0x\\1," bytes "${text}")
string(REGEX REPLACE "(0x0a,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "/* Made by cmake/embed_maps.cmake of data/events. */
#include \"events/maps.h\"

const char bounce_builtin_maps[] = {
${bytes}0};
const size_t bounce_builtin_maps_length = sizeof bounce_builtin_maps - 1;
")
