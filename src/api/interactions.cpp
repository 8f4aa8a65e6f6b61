#include <nlohmann/json.hpp>

#include "src/api/problem.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

/// The request that the same person would send to the operation itself.
http::ServerRequest request_of(const Pressed& pressed) {
  base::Json body{{"text", pressed.says}};
  if (pressed.judgement) {
    body = {{"judgement", model::to_string(*pressed.judgement)}};
    if (pressed.helped) body["mitigation_helped"] = true;
  }
  http::ServerRequest request;
  request.method = "POST";
  request.target = "/interactions/" + pressed.investigation;  // by which it is known when it comes again
  request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", pressed.key}};
  request.body = base::dump_json(body);
  return request;
}

/// What whoever pressed is told.
std::string words_of(const Pressed& pressed, const Answer& answer) {
  const bool in_english = pressed.language == model::Language::kEnglish;
  if (!answer)
    return (in_english ? "That was not possible: " : "実行できませんでした: ") + answer.error().message;
  if (pressed.judgement) return in_english ? "Noted, thank you." : "記録しました。";
  const auto body = base::parse_json(answer->body);
  return body ? base::text_at(*body, "answer", in_english ? "en" : "ja") : std::string();
}

}  // namespace

Answer interact(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(const Pressed pressed, api.watch.pressed(call.part("target"), call.request));
  const http::ServerRequest request = request_of(pressed);
  const Caller caller{pressed.by, Role::kOperator, pressed.spaces};
  const Call as_pressed{request, call.request_id, {{"id", pressed.investigation}}, {}, caller};
  Answer answer = pressed.judgement ? give_feedback(api, as_pressed) : steer(api, as_pressed);
  // What is wrong with the store is for the sender to try again; the rest is an answer to a person.
  if (!answer && answer.error().source != base::ErrorSource::kUser) return answer;
  const std::string words = words_of(pressed, answer);
  api.watch.answer_press(pressed, words);
  return json_answer(200, {{"text", words}});
}

}  // namespace midwatch::api
