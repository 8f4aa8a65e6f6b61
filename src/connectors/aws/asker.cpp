#include "src/connectors/aws/asker.h"

#include <algorithm>
#include <array>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/service_error.h"
#include "src/clients/aws/arn.h"
#include "src/connectors/aws/code_package.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;

constexpr std::size_t kReasonBytes = 400;
/// Deeper than any answer of AWS is; what lies deeper is left out.
constexpr int kMaxDepth = 100;

void take_secrets_out(Json& value, int depth);

/// A text without secrets. What is a document itself, as the events of CloudTrail and the segments of X-Ray,
/// is read as one; it stays as it is written where it holds none.
std::string without_secrets(const std::string& text, int depth) {
  if (text.starts_with('{')) {
    if (auto document = base::parse_json(text)) {
      Json clean = *document;
      take_secrets_out(clean, depth + 1);
      return clean == *document ? text : base::dump_json(clean);
    }
  }
  return base::redact(text);
}

/// Takes secrets out of an answer before anything keeps it: values under names that hold secrets, also in the
/// form {"name": …, "value": …}, and whatever looks like one in a text.
void take_secrets_out(Json& value, int depth) {
  if (depth > kMaxDepth) {
    value = Json();
    return;
  }
  if (value.is_string()) {
    value = without_secrets(value.get_ref<const std::string&>(), depth);
    return;
  }
  if (value.is_array()) {
    for (Json& item : value) take_secrets_out(item, depth + 1);
    return;
  }
  if (!value.is_object()) return;
  const bool named_secret = base::is_secret_key(base::text_at(value, "name")) && value.contains("value");
  for (auto& [key, member] : value.items()) {
    const bool secret = member.is_string() && (base::is_secret_key(key) || (named_secret && key == "value"));
    if (secret) {
      member = base::kRedacted;
    } else {
      take_secrets_out(member, depth + 1);
    }
  }
}

/// The word that stands for an error in what the AWS CLI prints.
std::string_view code_word(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kPermissionDenied:
      return "AccessDenied";
    case base::ErrorCode::kUnauthenticated:
      return "Unauthenticated";
    case base::ErrorCode::kNotFound:
      return "NotFound";
    case base::ErrorCode::kRateLimited:
      return "Throttling";
    case base::ErrorCode::kTimeout:
    case base::ErrorCode::kCancelled:
      return "DeadlineExceeded";
    case base::ErrorCode::kUnavailable:
      return "ServiceUnavailable";
    case base::ErrorCode::kUnsupported:
      return "NotAsked";
    case base::ErrorCode::kConflict:
      return "OtherRegion";
    default:
      return "Unreadable";
  }
}

/// A resource that has none of what was asked for says so by a refusal, which is an answer: it has none.
/// Source: the errors of these operations in the API references of S3 and Lambda
bool says_none(const Question& question, const base::Error& error) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNone{
      {{"GetBucketPolicy", "NoSuchBucketPolicy"},
       {"GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"},
       {"GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"},
       {"GetPolicy", "ResourceNotFoundException"}}};
  return error.code == base::ErrorCode::kNotFound &&
         std::any_of(kNone.begin(), kNone.end(), [&](const auto& none) {
           return question.request.operation == none.first &&
                  error.message.find(none.second) != std::string::npos;
         });
}

Answer refused(const Question& question, const base::Error& error) {
  Answer answer = unanswered(question, code_word(error.code), error.message);
  answer.passing = base::is_retryable(error.code);
  answer.elsewhere = clients::aws::api::region_named_in(error);
  return answer;
}

Answer answered(const Question& question, Json body) {
  Answer answer;
  answer.question = question;
  answer.command = command_text(question.request);
  answer.answered = true;
  take_secrets_out(body, 0);
  answer.text = fmt::format("# {}\n{}\n", answer.command, base::dump_json_indented(body));
  return answer;
}

/// Files of code lie in a folder of the entity's name (docs/incident-bundle.md).
bool is_folder_name(std::string_view entity) {
  return !entity.empty() && entity.front() != '.' && entity.find('/') == std::string_view::npos &&
         base::printable(entity, kReasonBytes) == entity;
}

}  // namespace

Answer unanswered(const Question& question, std::string_view code, std::string_view why) {
  Answer answer;
  answer.question = question;
  answer.command = command_text(question.request);
  answer.text =
      fmt::format("# {}\n\nAn error occurred ({}) when calling the {} operation: {}\n", answer.command, code,
                  question.request.operation, base::printable(base::redact(why), kReasonBytes));
  return answer;
}

Answer Asker::ask_one(const Question& question) const {
  if (!context_.check()) return unanswered(question, "DeadlineExceeded", "the deadline came before its turn");
  if (asks_for_code(question)) return ask_for_code(question);
  auto body = api_.call(context_, question.request);
  if (body) return answered(question, *std::move(body));
  if (says_none(question, body.error())) return answered(question, Json::object());
  return refused(question, body.error());
}

Answer Asker::ask_for_code(const Question& question) const {
  auto package = api_.fetch_code(context_, question.request);
  if (!package) return refused(question, package.error());
  const Json& function = package->function;
  std::string entity =
      clients::aws::unqualified_function(base::text_at(base::at(function, "Configuration"), "FunctionArn"));
  if (entity.empty()) entity = question.subject;
  Answer answer = answered(question, package->function);
  if (package->archive.empty()) {
    answer.code_fault = "CodeInImage";
    answer.code_detail = base::printable(base::text_at(function, "Code", "ImageUri"), kReasonBytes);
    return answer;
  }
  auto unpacked = unpack_code(package->archive);
  if (!unpacked || !is_folder_name(entity)) {
    answer.code_fault = "NoSourceCode";
    answer.code_detail = unpacked ? "the function's ARN is none" : unpacked.error().message;
    return answer;
  }
  for (CodeFile& file : unpacked->files) {
    file.entity = entity;
    answer.code.push_back(std::move(file));
  }
  answer.code_fault = std::move(unpacked->fault);
  answer.code_detail = std::move(unpacked->detail);
  return answer;
}

std::vector<Answer> Asker::ask(std::vector<Question> questions) {
  const std::size_t allowed = std::min(questions.size(), calls_left());
  std::vector<Answer> answers(questions.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < allowed; i = next++) answers[i] = ask_one(questions[i]);
  };
  {
    std::vector<std::jthread> pool;
    const std::size_t size = std::min<std::size_t>(limits_.parallel, allowed);
    for (std::size_t i = 1; i < size; ++i) pool.emplace_back(work);
    work();
  }
  calls_ += allowed;
  for (std::size_t i = allowed; i < questions.size(); ++i) {
    answers[i] = unanswered(questions[i], "NotAsked",
                            fmt::format("the {} calls of this investigation were used up", limits_.calls));
  }
  return answers;
}

}  // namespace midwatch::connectors::aws
