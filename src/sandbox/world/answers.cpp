#include "src/sandbox/world/answers.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::sandbox::world {

tl::unexpected<AccountError> refuse(std::string code, std::string message, int status) {
  return tl::unexpected(AccountError{std::move(code), std::move(message), status});
}

std::vector<std::string> wanted(const base::Json& input, std::string_view member) {
  std::vector<std::string> texts;
  for (const base::Json& item : base::list_at(input, member)) texts.push_back(base::text(item));
  return texts;
}

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

base::Timestamp time_or(const base::Json& input, std::string_view member, base::Timestamp otherwise) {
  return base::parse_timestamp(base::text_at(input, member)).value_or(otherwise);
}

std::string time_text(base::Timestamp time) {
  return base::format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(time));
}

const base::Json& documents(const World& world, std::string_view operation) {
  return base::list_at(world.documents, operation);
}

}  // namespace midwatch::sandbox::world
