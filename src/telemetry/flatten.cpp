#include "src/telemetry/flatten.h"

#include <nlohmann/json.hpp>

#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::telemetry {
namespace {

constexpr std::size_t kMaxEntries = 5000;
constexpr std::size_t kMaxText = 16UL * 1024;

class Flattener {
 public:
  explicit Flattener(Attributes& into) : into_(into) {}

  void add(const base::Json& value, const std::string& path, bool secret) {
    if (into_.size() >= kMaxEntries) {
      into_.set("truncated", "true");
      return;
    }
    if (value.is_object() && !value.empty()) {
      for (const auto& [key, inner] : value.items())
        add(inner, join(path, key), secret || base::is_secret_key(key));
    } else if (value.is_array() && !value.empty()) {
      std::size_t i = 0;
      for (const auto& inner : value) add(inner, join(path, std::to_string(i++)), secret);
    } else {
      into_.set(path, text_of(value, secret));
    }
  }

 private:
  static std::string join(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }

  static std::string text_of(const base::Json& value, bool secret) {
    if (value.is_null() || value.is_structured()) return {};
    if (value.is_string()) {
      if (secret) return std::string(base::kRedacted);
      return base::redact(base::clip_utf8(value.get_ref<const std::string&>(), kMaxText));
    }
    return base::dump_json(value);
  }

  Attributes& into_;
};

}  // namespace

void flatten(const base::Json& value, std::string_view prefix, Attributes& into) {
  Flattener(into).add(value, std::string(prefix), false);
}

}  // namespace midwatch::telemetry
