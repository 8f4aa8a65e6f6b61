// Turns the folder knowledge/ into a C++ source that holds it as CBOR, which is read in half the time of
// JSON. Fails the build where a file is wrong.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/knowledge/failure_mode_reader.h"
#include "src/knowledge/knowledge_base.h"
#include "src/knowledge/yaml_files.h"

namespace {

using midwatch::base::Json;

/// String literals may not be arbitrarily long everywhere; pieces are joined by the compiler.
constexpr std::size_t kPiece = 4000;

/// The bytes as a string literal; three octal digits end an escape whatever follows.
std::string literal(const std::uint8_t* bytes, std::size_t count) {
  std::string out = "\"";
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = static_cast<char>(bytes[i]);
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?';
    out += plain ? std::string(1, c) : fmt::format("\\{:03o}", bytes[i]);
  }
  return out + "\"\n";
}

/// A function of the program that gives out these bytes.
std::string function(std::string_view name, const std::vector<std::uint8_t>& bytes) {
  std::string out = fmt::format("std::string_view {}() {{\n  static constexpr char kText[] =\n", name);
  for (std::size_t at = 0; at < bytes.size(); at += kPiece)
    out += literal(bytes.data() + at, std::min(kPiece, bytes.size() - at));
  return out + ";\n  return {kText, sizeof(kText) - 1};\n}\n\n";
}

/// Takes the details of a mode out of its file.
Json take_details(Json& content) {
  Json details = Json::object();
  for (const std::string_view name : midwatch::knowledge::kModeDetails) {
    const auto at = content.find(name);
    if (at == content.end()) continue;
    details[std::string(name)] = std::move(*at);
    content.erase(at);
  }
  return details;
}

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
  Json document = Json::array();
  std::vector<std::uint8_t> details;
  for (const auto& file : *files) {
    Json& item = document.emplace_back(Json{{"path", file.path}, {"content", *file.content}});
    if (!file.path.starts_with("modes/")) continue;
    const std::vector<std::uint8_t> bytes = Json::to_cbor(take_details(item["content"]));
    item["details"] = {details.size(), bytes.size()};
    details.insert(details.end(), bytes.begin(), bytes.end());
  }

  std::ofstream out(argv[2]);
  out << "#include \"src/knowledge/embedded_knowledge.h\"\n\nnamespace midwatch::knowledge {\n\n"
      << function("embedded_knowledge_cbor", Json::to_cbor(document)) << function("embedded_details", details)
      << "}  // namespace midwatch::knowledge\n";
  return out.good() ? 0 : 1;
}
