# Writes OUTPUT, a C file with every script of SOURCE/*.lua, each led by lib/1_turn.lua and those others of
# SOURCE/lib, in the order of their names, whose noun it or they use ("outbox." for lib/4_outbox.lua):
# what leads a script is run at every call. Run by the build: cmake -D SOURCE=… -D OUTPUT=… -P embed.cmake

file(GLOB libs ${SOURCE}/lib/*.lua)
list(SORT libs)
set(libs_from_last ${libs})
list(REVERSE libs_from_last)

set(arrays "")
set(table "")
file(GLOB scripts ${SOURCE}/*.lua)
list(SORT scripts)
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  file(READ ${script} text)
  set(hex "")
  foreach(lib ${libs_from_last}) # one uses only those before it
    string(REGEX REPLACE ".*/[0-9]+_(.*)[.]lua" "\\1" noun ${lib})
    string(FIND "${text}" "${noun}." used)
    if(noun STREQUAL turn OR NOT used EQUAL -1)
      file(READ ${lib} lib_text)
      file(READ ${lib} lib_hex HEX)
      string(APPEND text "${lib_text}")
      string(PREPEND hex ${lib_hex})
    endif()
  endforeach()
  file(READ ${script} script_hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}${script_hex}")
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
