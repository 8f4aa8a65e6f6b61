#include "src/app/watch/journaled_api.h"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/try.h"

namespace midwatch::app {
namespace {

using base::Json;

/// The investigation's own deadline and its end, by the true time.
runtime::RequestContext by_true_time(const runtime::RequestContext& context, const base::Clock& clock) {
  const runtime::RequestContext now(clock, std::nullopt, context.stop());
  const auto left = context.remaining();
  return left ? now.within(*left) : now;
}

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

base::Result<Json> JournaledApi::call(const runtime::RequestContext& context,
                                      const clients::aws::api::ApiRequest& request) {
  MIDWATCH_TRY_VOID(context.check());
  const std::string name = document_of(request);
  std::optional<Json> kept;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    const auto document = session.document(investigation_, name);
    if (!document)
      return document.error().code == base::ErrorCode::kNotFound ? base::Result<>() : document.error();
    MIDWATCH_TRY(kept, base::parse_json(document->body));
    return {};
  }));
  if (kept) return *std::move(kept);
  const auto begun = clock_.steady_now();
  auto answer = account_.call(by_true_time(context, clock_), request);
  if (answer) {
    const store::Document document{investigation_, name, "application/json", base::dump_json(*answer)};
    MIDWATCH_TRY_VOID(store_.write([&](store::Session& session) { return session.put_document(document); }));
  }
  const bool given_up = !answer && answer.error().code == base::ErrorCode::kCancelled;
  if (listener_ && !given_up)
    listener_({request, answer, std::chrono::duration_cast<base::Duration>(clock_.steady_now() - begun)});
  return answer;
}

}  // namespace midwatch::app
