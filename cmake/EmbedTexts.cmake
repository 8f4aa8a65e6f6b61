# cmake -DOUTPUT=FILE.cpp -DFUNCTION=NAMESPACE::NAME -DTEXTS=A;B;… -P EmbedTexts.cmake
#
# Writes a C++ file whose function gives the texts of the files, in their order.
string(REGEX REPLACE "::[^:]*$" "" namespace "${FUNCTION}")
string(REGEX REPLACE "^.*::" "" name "${FUNCTION}")
set(code "#include <string_view>\n#include <vector>\n\nnamespace ${namespace} {\nstd::vector<std::string_view> ${name}();\nstd::vector<std::string_view> ${name}() {\n  return {\n")
foreach(text_file ${TEXTS})
  file(READ ${text_file} text)
  string(APPEND code "R\"midwatch(${text})midwatch\",\n")
endforeach()
string(APPEND code "  };\n}\n}  // namespace ${namespace}\n")
file(WRITE ${OUTPUT} "${code}")
