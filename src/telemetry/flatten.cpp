#include "src/telemetry/flatten.h"

#include <nlohmann/json.hpp>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::telemetry {
namespace {

constexpr std::size_t kMaxEntries = 5000;
constexpr std::size_t kMaxText = 16UL * 1024;
constexpr std::size_t kMaxPath = 1024;
constexpr std::size_t kMaxTotal = 1024UL * 1024;

class Flattener {
 public:
  explicit Flattener(Attributes& into) : into_(into) {}

  void add(const base::Json& value, const std::string& path, bool secret) {
    if (into_.size() >= kMaxEntries || total_ >= kMaxTotal || path.size() > kMaxPath) {
      complete_ = false;
    } else if (value.is_object() && !value.empty()) {
      for (const auto& [key, inner] : value.items())
        add(inner, join(path, key), secret || base::is_secret_key(key));
    } else if (value.is_array() && !value.empty()) {
      std::size_t i = 0;
      for (const auto& inner : value) add(inner, join(path, std::to_string(i++)), secret);
    } else {
      std::string text = text_of(value, secret);
      total_ += path.size() + text.size();
      into_.set(path, std::move(text));
    }
  }

  bool finish() {
    if (!complete_) into_.set("truncated", "true");
    return complete_;
  }

 private:
  static std::string join(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }

  std::string text_of(const base::Json& value, bool secret) {
    if (value.is_null() || value.is_structured()) return {};
    if (!value.is_string()) return base::dump_json(value);
    if (secret) return std::string(base::kRedacted);
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > kMaxText) complete_ = false;
    return base::redact(base::clip_utf8(text, kMaxText));
  }

  Attributes& into_;
  std::size_t total_ = 0;
  bool complete_ = true;
};

}  // namespace

bool flatten(const base::Json& value, std::string_view prefix, Attributes& into) {
  Flattener flattener(into);
  flattener.add(value, std::string(prefix), false);
  return flattener.finish();
}

}  // namespace midwatch::telemetry
