#include "src/base/yaml.h"

#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "src/base/try.h"

namespace midwatch::base {
namespace {

/// Deeper than any object of an API is.
constexpr int kMaxDepth = 100;
/// More than 64 MiB of text have; aliases of aliases reach it from a few lines.
constexpr std::size_t kMaxNodes = 4'000'000;

/// Refuses a text at which the parser stands still: yaml-cpp 0.7 gives out empty documents without end where
/// a document begins with a sign that begins nothing (", x").
class StandstillGuard final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos == last_) throw YAML::ParserException(mark, "a document begins with what begins nothing");
    last_ = mark.pos;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
  }
  void OnMapEnd() override {}

 private:
  int last_ = -1;
};

void refuse_standstill(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  StandstillGuard guard;
  while (parser.HandleNextDocument(guard)) {
  }
}

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
    const std::string owned(text);
    refuse_standstill(owned);
    Converter converter;
    Json documents = Json::array();
    for (const YAML::Node& root : YAML::LoadAll(owned)) {
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
