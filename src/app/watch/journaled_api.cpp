#include "src/app/watch/journaled_api.h"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/try.h"

namespace midwatch::app {
namespace {

using base::Json;
using clients::aws::api::CodePackage;

/// The investigation's own deadline and its end, by the true time.
runtime::RequestContext by_true_time(const runtime::RequestContext& context, const base::Clock& clock) {
  const runtime::RequestContext now(clock, std::nullopt, context.stop());
  const auto left = context.remaining();
  return left ? now.within(*left) : now;
}

struct AnswerForm {
  using Value = Json;
  static constexpr std::string_view kMediaType = "application/json";
  static std::string text(const Json& answer) { return base::dump_json(answer); }
  static base::Result<Json> read(const std::string& text) { return base::parse_json(text); }
};

/// A line of JSON, and the archive after it.
struct PackageForm {
  using Value = CodePackage;
  static constexpr std::string_view kMediaType = "application/octet-stream";
  static std::string text(const CodePackage& package) {
    return base::dump_json(package.function) + "\n" + package.archive;
  }
  static base::Result<CodePackage> read(const std::string& text) {
    const std::size_t line = text.find('\n');
    MIDWATCH_TRY(auto function, base::parse_json(text.substr(0, line)));
    return CodePackage{std::move(function), line == std::string::npos ? "" : text.substr(line + 1)};
  }
};

}  // namespace

std::string JournaledApi::document_of(const clients::aws::api::ApiRequest& request) {
  const Json question{{"account", request.account},
                      {"region", request.region},
                      {"service", request.service},
                      {"input", request.input},
                      {"operation", request.operation}};
  std::string name = fmt::format("answer/{}", base::sha256_hex(base::dump_json(question)));
  const std::lock_guard lock(mutex_);
  return fmt::format("{}/{}", name, ++times_[name]);
}

base::Result<std::optional<std::string>> JournaledApi::kept(const std::string& name) {
  std::optional<std::string> body;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    auto document = session.document(investigation_, name);
    if (document) body = std::move(document->body);
    if (document || document.error().code == base::ErrorCode::kNotFound) return {};
    return std::move(document).error();
  }));
  return body;
}

template <class Value>
base::Result<Value> JournaledApi::noted(base::Result<Value> of_the_store) {
  const std::lock_guard lock(mutex_);
  if (!of_the_store && !problem_) problem_ = of_the_store.error();
  return of_the_store;
}

base::Result<> JournaledApi::kept_all() {
  const std::lock_guard lock(mutex_);
  if (problem_) return *problem_;
  return {};
}

template <class Form, class Ask>
base::Result<typename Form::Value> JournaledApi::answer(const runtime::RequestContext& context,
                                                        const clients::aws::api::ApiRequest& request,
                                                        const Ask& ask) {
  MIDWATCH_TRY_VOID(context.check());
  const std::string name = document_of(request);
  MIDWATCH_TRY(const auto before, noted(kept(name)));
  if (before) return Form::read(*before);
  const auto begun = clock_.steady_now();
  auto answer = ask(by_true_time(context, clock_));
  if (answer) {
    const store::Document document{investigation_, name, std::string(Form::kMediaType), Form::text(*answer)};
    MIDWATCH_TRY_VOID(
        noted(store_.write([&](store::Session& session) { return session.put_document(document); })));
  }
  const bool given_up = !answer && answer.error().code == base::ErrorCode::kCancelled;
  if (listener_ && !given_up) {
    Asked asked{request, std::nullopt,
                std::chrono::duration_cast<base::Duration>(clock_.steady_now() - begun)};
    if (!answer) asked.refused = answer.error();
    listener_(asked);
  }
  return answer;
}

base::Result<Json> JournaledApi::call(const runtime::RequestContext& context,
                                      const clients::aws::api::ApiRequest& request) {
  return answer<AnswerForm>(context, request, [&](const auto& now) { return account_.call(now, request); });
}

base::Result<CodePackage> JournaledApi::fetch_code(const runtime::RequestContext& context,
                                                   const clients::aws::api::ApiRequest& request) {
  return answer<PackageForm>(context, request,
                             [&](const auto& now) { return account_.fetch_code(now, request); });
}

}  // namespace midwatch::app
