#include "src/base/yaml.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"

namespace midwatch::base {
namespace {

/// Deeper than any object of an API is.
constexpr int kMaxDepth = 100;
/// More than 64 MiB of text have; aliases of aliases reach it from a few lines.
constexpr std::size_t kMaxNodes = 4'000'000;

class Converter {
 public:
  Result<Json> convert(const YAML::Node& node, int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      return user_error(ErrorCode::kResourceExhausted,
                        fmt::format("line {}: nested or repeated beyond any use", node.Mark().line + 1));
    }
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return Json(node.Scalar());
      case YAML::NodeType::Sequence: {
        Json list = Json::array();
        for (const auto& item : node) {
          MIDWATCH_TRY(auto value, convert(item, depth + 1));
          list.push_back(std::move(value));
        }
        return list;
      }
      case YAML::NodeType::Map: {
        Json map = Json::object();
        for (const auto& item : node) {
          if (!item.first.IsScalar()) continue;
          MIDWATCH_TRY(auto value, convert(item.second, depth + 1));
          map[item.first.Scalar()] = std::move(value);
        }
        return map;
      }
      default:
        return Json();
    }
  }

 private:
  std::size_t nodes_ = 0;
};

}  // namespace

Result<Json> parse_yaml(std::string_view text) {
  try {
    Converter converter;
    Json documents = Json::array();
    for (const YAML::Node& root : YAML::LoadAll(std::string(text))) {
      MIDWATCH_TRY(auto document, converter.convert(root, 0));
      if (!document.is_null()) documents.push_back(std::move(document));
    }
    if (documents.size() == 1) return Json(std::move(documents.front()));
    return documents;
  } catch (const YAML::Exception& e) {
    return user_error(ErrorCode::kMalformed,
                      fmt::format("line {}: not valid YAML: {}", e.mark.line + 1, e.msg));
  }
}

}  // namespace midwatch::base
