# Writes OUTPUT, a C file with one library of Redis functions: SOURCE/lib/*.lua in the order of their names,
# and SOURCE/*.lua, each the body of a function. Run by the build:
# cmake -D SOURCE=… -D OUTPUT=… -P embed.cmake
#
# Library and functions are named after what they are made of, so that two versions of the program can
# run side by side.

# (A backslash before a newline, or a bracket, means something to CMake's lists: text goes through as hex.)
set(hex "")
macro(add_text text)
  string(HEX "${text}" part)
  string(APPEND hex ${part})
endmacro()
macro(add_file file)
  file(READ ${file} part HEX)
  string(APPEND hex ${part})
endmacro()

add_text("local KEYS, ARGV\n")
file(GLOB libs ${SOURCE}/lib/*.lua)
list(SORT libs)
foreach(lib ${libs})
  add_file(${lib})
endforeach()
add_text("
local function verb(name, run)
  redis.register_function(NAME .. '_' .. name, function(keys, args)
    KEYS, ARGV = keys, args
    turn.begin()
    return run()
  end)
end
")
set(verbs "")
file(GLOB scripts ${SOURCE}/*.lua)
list(SORT scripts)
foreach(script ${scripts})
  get_filename_component(verb ${script} NAME_WE)
  list(APPEND verbs ${verb})
  add_text("verb('${verb}', function()\n")
  add_file(${script})
  add_text("end)\n")
endforeach()

string(SHA1 hash ${hex})
string(SUBSTRING ${hash} 0 12 hash)
set(name day21_${hash})
set(body ${hex})
set(hex "")
add_text("#!lua name=${name}\nlocal NAME = '${name}'\n")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}${body}")

set(table "")
foreach(verb ${verbs})
  string(APPEND table "    {\"${verb}\", \"${name}_${verb}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made from store/lua by embed.cmake. */
#include \"store/script.h\"

const char script_library[] = {${bytes}0};
const size_t script_library_length = sizeof script_library - 1;

const struct script scripts[] = {
${table}    {0},
};
")
