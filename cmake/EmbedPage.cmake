# cmake -DFOLDER=DIST -DOUTPUT=FILE.cpp -P EmbedPage.cmake
#
# Writes a C++ file that holds every file of a folder, byte for byte, with its compressed twin (NAME.gz) where it has one.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(FILTER files EXCLUDE REGEX "\\.gz$")
list(SORT files)

# Sets `text` to a constant of the bytes of a file.
function(bytes_of file name)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," list "${hex}")
  set(text "constexpr unsigned char ${name}[] = {${list}};\n" PARENT_SCOPE)
endfunction()

set(code "#include \"src/page/page_table.h\"\n\nnamespace midwatch::page {\nnamespace {\n\n")
set(table "")
set(number 0)
foreach(name ${files})
  math(EXPR number "${number} + 1")
  bytes_of(${FOLDER}/${name} kFile${number})
  string(APPEND code "${text}")
  set(gzip "{}")
  if(EXISTS ${FOLDER}/${name}.gz)
    bytes_of(${FOLDER}/${name}.gz kGzip${number})
    string(APPEND code "${text}")
    set(gzip "view_of(kGzip${number})")
  endif()
  string(APPEND table "      {\"/${name}\", view_of(kFile${number}), ${gzip}},\n")
endforeach()
if(table)
  string(APPEND code "template <std::size_t kSize>\nstd::string_view view_of(const unsigned char (&bytes)[kSize]) {\n"
    "  return {reinterpret_cast<const char*>(bytes), kSize};\n}\n\n")
endif()
string(APPEND code "}  // namespace\n\nconst std::vector<EmbeddedFile>& embedded_files() {\n"
  "  static const std::vector<EmbeddedFile> kFiles{\n${table}  };\n  return kFiles;\n}\n\n}  // namespace midwatch::page\n")
file(WRITE ${OUTPUT} "${code}")
