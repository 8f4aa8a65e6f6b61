#include "src/connectors/aws/question.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// One word of a POSIX shell.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@+$";
  const bool plain = !word.empty() && word.find_first_not_of(kPlain) == std::string::npos &&
                     word.find('$') == std::string::npos;
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

void add_option(const std::string& name, const Json& value, std::string& line) {
  if (value.is_boolean()) {
    line += fmt::format(" --{}{}", value.get<bool>() ? "" : "no-", name);
    return;
  }
  line += " --" + name;
  const auto holds_structure = [](const Json& item) { return item.is_structured(); };
  const bool words = value.is_array() && std::none_of(value.begin(), value.end(), holds_structure);
  if (words) {
    for (const Json& item : value) line += " " + shell_word(base::text(item));
    return;
  }
  line += " " + shell_word(value.is_structured() ? base::dump_json(value) : base::text(value));
}

}  // namespace

bool asks_of_everyone(const Question& question) {
  const Json& queries = base::list_at(question.request.input, "MetricDataQueries");
  return std::any_of(queries.begin(), queries.end(),
                     [](const Json& query) { return query.contains("Expression"); });
}

bool asks_for_code(const Question& question) {
  return question.request.service == "lambda" && question.request.operation == "GetFunction";
}

Question following(const Question& asked, const char* service, const char* operation, Json input,
                   double value) {
  Question question;
  question.request = {service, operation, asked.request.region, std::move(input), asked.request.account};
  question.subject = asked.subject;
  question.value = value;
  return question;
}

std::string cli_word(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c)) {
      out += c;
      continue;
    }
    // A capital begins a word after a small letter, and where it ends a row of capitals: DB|Instances.
    const bool after_small = i > 0 && is_lower(name[i - 1]);
    const bool ends_row =
        i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
    if (after_small || ends_row) out += '-';
    out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string command_text(const clients::aws::api::ApiRequest& request) {
  std::string line = fmt::format("aws {} {}", request.service, cli_word(request.operation));
  if (!request.region.empty()) line += " --region " + shell_word(request.region);
  if (request.input.is_object()) {
    for (const auto& [name, value] : request.input.items()) {
      if (name == "PaginationConfig") {
        add_option("max-items", base::at(value, "MaxItems"), line);
      } else {
        add_option(cli_word(name), value, line);
      }
    }
  }
  return line;
}

}  // namespace midwatch::connectors::aws
