#include "src/clients/aws/api/credentials/environment.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "src/base/ascii.h"
#include "src/base/utf8.h"

namespace midwatch::clients::aws::api {

Environment Environment::of_process() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  return Environment(std::move(variables));
}

std::string Environment::get(std::string_view name) const {
  const auto found = variables_.find(name);
  return found == variables_.end() ? std::string() : found->second;
}

bool Environment::is_true(std::string_view name) const {
  return base::to_lower(get(name)) == "true";
}

std::string Environment::expanded(std::string_view path) const {
  if (path != "~" && !path.starts_with("~/")) return std::string(path);
  return get("HOME") + std::string(path.substr(1));
}

base::Result<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
  constexpr std::size_t kShownBytes = 200;
  std::error_code failure;
  const std::string shown = base::printable(path, kShownBytes);
  if (!std::filesystem::exists(path, failure))
    return base::user_error(base::ErrorCode::kNotFound, "there is no file " + shown);
  std::ifstream in(path, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (!in.eof() && in.fail()) || !std::filesystem::is_regular_file(path, failure))
    return base::environment_error(base::ErrorCode::kUnavailable, "this file cannot be read: " + shown);
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostBytes)
    return base::user_error(base::ErrorCode::kResourceExhausted, "this file is over 1 MiB: " + shown);
  return text;
}

}  // namespace midwatch::clients::aws::api
