# Writes OUTPUT, a C file with every script of SOURCE/*.lua, each led by all of SOURCE/lib/*.lua in the
# order of their names. Run by the build: cmake -D SOURCE=… -D OUTPUT=… -P embed.cmake

file(GLOB libs ${SOURCE}/lib/*.lua)
list(SORT libs)
set(lib_hex "")
foreach(lib ${libs})
  file(READ ${lib} hex HEX)
  string(APPEND lib_hex ${hex})
endforeach()

set(arrays "")
set(table "")
file(GLOB scripts ${SOURCE}/*.lua)
list(SORT scripts)
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  file(READ ${script} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${lib_hex}${hex}")
  string(APPEND arrays "static const char ${name}[] = {${bytes}0};\n")
  string(APPEND table "    {\"${name}\", ${name}, sizeof ${name} - 1},\n")
endforeach()

file(WRITE ${OUTPUT} "/* Made from store/lua by embed.cmake. */
#include \"store/script.h\"

${arrays}
const struct script_source script_sources[] = {
${table}    {0},
};
")
