# SPDX-License-Identifier: MIT
#
# Writes OUTPUT: each of FILES as an array of char that ends in a NUL byte, named
# sql_file_NAME, with _ for characters that C does not allow in a name.
set(text "/* Made from the folder sql/ by embed_sql.cmake. */\n")
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME_WE)
    string(REGEX REPLACE "[^a-z0-9]" "_" name ${name})
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND text "extern const char sql_file_${name}[];\nconst char sql_file_${name}[] = {\n${bytes}0};\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
