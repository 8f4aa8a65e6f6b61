#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/resources.h"
#include "src/api/security.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

/// How a report is kept and sent in a format.
struct Format {
  std::string_view name;
  std::string_view ending;  ///< of the document's name
  std::string_view media_type;
};
constexpr std::array<Format, 3> kFormats{{
    {"html", "html", "text/html; charset=utf-8"},
    {"markdown", "md", "text/markdown; charset=utf-8"},
    {"text", "txt", "text/plain; charset=utf-8"},
}};

/// The value in one language: every object that has nothing but `en` and `ja` becomes its part.
base::Json in_language(const base::Json& value, const std::string& language) {
  if (value.is_array()) {
    base::Json items = base::Json::array();
    for (const auto& item : value) items.push_back(in_language(item, language));
    return items;
  }
  if (!value.is_object()) return value;
  if (value.size() == 2 && value.contains("en") && value.contains("ja"))
    return in_language(value[language], language);
  base::Json object = base::Json::object();
  for (const auto& [name, member] : value.items()) object[name] = in_language(member, language);
  return object;
}

base::Result<store::Document> document_of(const ApiDependencies& api, const Call& call,
                                          const std::string& name, std::string_view what) {
  return reading(api.store, [&](store::Session& session) -> base::Result<store::Document> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    auto document = session.document(investigation.id, name);
    if (!document && document.error().code == base::ErrorCode::kNotFound) {
      return base::user_error(base::ErrorCode::kNotFound,
                              fmt::format("this investigation has no {} yet", what));
    }
    return document;
  });
}

Answer json_report_of(const ApiDependencies& api, const Call& call, const std::string& language) {
  MIDWATCH_TRY(auto document, document_of(api, call, "report", "report"));
  http::ServerResponse answer;
  answer.set("Content-Type", "application/json");
  if (language.empty()) {
    answer.body = std::move(document.body);
  } else {
    MIDWATCH_TRY(const auto whole, base::parse_json(document.body));
    answer.body = base::dump_json(in_language(whole, language));
  }
  return answer;
}

}  // namespace

Answer get_report(const ApiDependencies& api, const Call& call) {
  const std::string language = call.parameter("language");
  if (!language.empty() && language != "en" && language != "ja")
    return not_one_of_the_words("language", language);
  const std::string format = call.parameter("format");
  if (format.empty() || format == "json") return json_report_of(api, call, language);
  for (const auto& known : kFormats) {
    if (known.name != format) continue;
    const std::string name = fmt::format("report.{}.{}", language.empty() ? "en" : language, known.ending);
    MIDWATCH_TRY(auto document, document_of(api, call, name, fmt::format("report as {}", known.name)));
    http::ServerResponse answer;
    answer.set("Content-Type", std::string(known.media_type));
    answer.body = std::move(document.body);
    if (known.name == "html") answer.set("Content-Security-Policy", policy_of_document(answer.body));
    return answer;
  }
  return not_one_of_the_words("format", format);
}

Answer get_recording(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(auto document, document_of(api, call, "recording", "recording"));
  http::ServerResponse answer;
  answer.set("Content-Type", "application/gzip");
  answer.set("Content-Disposition",
             fmt::format("attachment; filename=\"midwatch-{}.tar.gz\"", document.investigation));
  answer.body = std::move(document.body);
  return answer;
}

}  // namespace midwatch::api
