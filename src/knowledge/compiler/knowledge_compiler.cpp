// Turns the folder knowledge/ into a C++ source that holds it as JSON. Fails the build where a file is wrong.
#include <cstdio>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/knowledge/knowledge_base.h"
#include "src/knowledge/yaml_files.h"

namespace {

/// Raw string literals may not be arbitrarily long everywhere; pieces are joined by the compiler.
constexpr std::size_t kPiece = 16000;

int fail(const midwatch::base::Error& error) {
  fmt::print(stderr, "knowledge: {}\n", error.describe());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace midwatch;
  if (argc != 3) {
    fmt::print(stderr, "usage: knowledge_compiler FOLDER OUTPUT.cpp\n");
    return 2;
  }
  const auto files = knowledge::read_yaml_folder(argv[1]);
  if (!files) return fail(files.error());
  if (const auto checked = knowledge::build_knowledge(*files); !checked) return fail(checked.error());
  base::Json document = base::Json::array();
  for (const auto& file : *files) document.push_back({{"path", file.path}, {"content", *file.content}});
  const std::string text = base::dump_json(document);

  std::ofstream out(argv[2]);
  out << "#include \"src/knowledge/embedded_knowledge.h\"\n\nnamespace midwatch::knowledge {\n\n"
      << "std::string_view embedded_knowledge_json() {\n  static constexpr char kText[] =\n";
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + kPiece, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    out << "R\"knowledge(" << std::string_view(text).substr(at, end - at) << ")knowledge\"\n";
    at = end;
  }
  out << ";\n  return {kText, sizeof(kText) - 1};\n}\n\n}  // namespace midwatch::knowledge\n";
  return out.good() ? 0 : 1;
}
