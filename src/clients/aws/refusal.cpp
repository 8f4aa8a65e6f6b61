#include "src/clients/aws/refusal.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/time.h"
#include "src/base/utf8.h"

namespace midwatch::clients::aws {
namespace {

constexpr std::size_t kQueryBytes = 400;
constexpr std::size_t kReasonBytes = 300;

/// Services whose actions stand under another name than the CLI's.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kPrefixes{
    {{"elbv2", "elasticloadbalancing"},
     {"s3api", "s3"},
     {"stepfunctions", "states"},
     {"service-quotas", "servicequotas"},
     {"efs", "elasticfilesystem"},
     {"apigatewayv2", "apigateway"},
     {"resourcegroupstaggingapi", "tag"}}};

/// Actions that are named after the thing, where the operation is named after the call.
/// Source: Service Authorization Reference, "Actions defined by Amazon S3"
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kActions{
    {{"s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"},
     {"s3:GetBucketNotificationConfiguration", "s3:GetBucketNotification"},
     {"s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"}}};

/// "describe-db-instances" → "DescribeDbInstances": IAM compares actions without regard to case.
std::string action_word(std::string_view operation) {
  std::string word;
  bool upper = true;
  for (const char c : operation) {
    if (c == '-') {
      upper = true;
      continue;
    }
    word += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return word;
}

/// What kind of refusal it is, by the codes that AWS services use.
struct Kind {
  std::string_view code;  ///< part of the error's code or words
  std::string_view en;
  std::string_view ja;
  bool needs_action;
  bool is_answer = false;  ///< there was an answer, and this is what it lacks
};

constexpr std::array<Kind, 23> kKinds{
    {{"OtherRegion", "it lies in another region", "別のリージョンにあります", false},
     {"AccessDenied", "the permission {} is missing", "権限 {} がありません", true},
     {"UnauthorizedOperation", "the permission {} is missing", "権限 {} がありません", true},
     {"not authorized to perform", "the permission {} is missing", "権限 {} がありません", true},
     {"ExpiredToken", "the credentials have expired", "認証情報の有効期限が切れています", false},
     {"InvalidClientTokenId", "the credentials are not known to AWS", "認証情報が無効です", false},
     {"UnrecognizedClient", "the credentials are not known to AWS", "認証情報が無効です", false},
     {"Unauthenticated", "there are no valid credentials", "有効な認証情報がありません", false},
     {"OptInRequired", "the service or region is not enabled in this account",
      "このアカウントではサービスまたはリージョンが有効になっていません", false},
     {"SubscriptionRequired", "the service is not enabled in this account",
      "このアカウントではサービスが有効になっていません", false},
     {"UnknownRegion", "there is no such region", "リージョンが存在しません", false},
     {"Throttl", "AWS throttled the question", "AWS がリクエストをスロットリングしました", false},
     {"RequestLimitExceeded", "AWS throttled the question", "AWS がリクエストをスロットリングしました",
      false},
     {"DeadlineExceeded", "no answer came before the deadline", "期限までに応答がありませんでした", false},
     {"NotAsked", "it was not asked", "問い合わせを行いませんでした", false},
     {"OutsideSpace", "it lies outside the agent space", "エージェントスペースの範囲外です", false},
     {"NotFound", "there is no such thing", "対象が存在しません", false},
     {"MayBeLate", "it tells of an event minutes later, so that the last ones may be missing; ask again at",
      "反映までに数分かかるため、直近の記録が欠けている可能性があります。再確認の目安", false, true},
     {"OnlyCompiledCode", "only compiled code is in the package, so no line of it can be shown:",
      "パッケージにはコンパイル済みのコードしかなく、行を示せません:", false, true},
     {"NoSourceCode", "no source code that can be read is in the package:",
      "読み取れるソースコードがパッケージにありません:", false, true},
     {"CodeReadInPart", "not all of the code was read, left out are",
      "コードの一部を読みませんでした。対象外:", false, true},
     {"CodeInImage", "the function is an image, whose code is not read:",
      "関数はコンテナイメージで、コードは読みません:", false, true},
     {"ServiceUnavailable", "the service could not be reached", "サービスに接続できませんでした", false}}};

/// The command without its comment sign, bounded and without secrets.
std::string query_of(std::string_view line) {
  const std::size_t start = line.find_first_not_of("#$ \t");
  return base::printable(base::redact(line.substr(std::min(start, line.size()))), kQueryBytes);
}

/// What the text says, without "An error occurred (X) when calling the Y operation: ".
std::string_view reason_of(std::string_view text) {
  constexpr std::string_view kOperation = " operation";
  if (!text.starts_with("An error occurred")) return text;
  const std::size_t at = text.find(kOperation);
  const std::size_t colon = at == std::string_view::npos ? at : text.find(": ", at);
  return colon == std::string_view::npos ? text : text.substr(colon + 2);
}

/// What is ours in a reason, in Japanese; the words of AWS stay as they are.
std::string japanese_reason(std::string_view reason) {
  struct Form {
    RE2 ours;
    const char* japanese;
  };
  static const std::array<Form, 13> kForms{{
      {RE2(R"(^(\S+) (\S+) answered (status \d+|[A-Za-z0-9.]+))"), R"(\1 \2 の応答 \3)"},
      {RE2("; the role lacks the IAM action.*$"), ""},  // it is said which permission is missing
      {RE2("; the bucket lies in ([a-z0-9-]+): ask there$"), R"(。バケットの場所は \1)"},
      {RE2("; the bucket lies in another region$"), ""},
      {RE2("; the clock of this machine is wrong$"), "。このマシンの時計がずれています"},
      {RE2("; the credentials have expired: sign in again$"), "。再度サインインしてください"},
      {RE2("; AWS does not accept these credentials$"), "。AWS がこの認証情報を受け付けません"},
      {RE2("^the deadline came before its turn$"), "順番が来る前に期限に到達"},
      {RE2(R"(^the (\d+) calls of this investigation were used up$)"), R"(呼び出し上限 \1 回に到達)"},
      {RE2("^it names every function of the account$"), "アカウントの全関数が対象となるため"},
      {RE2(R"(^'([^']*)' excludes (\S+)$)"), R"('\1' により \2 を除外)"},
      {RE2(R"(^(\S+) is (?:of account|in) (\S+), which is not in the space$)"),
       R"(\1 はスペース外の \2 にあります)"},
      {RE2(R"(^no stack or tag of the space holds (\S+)$)"),
       R"(スペースのスタックやタグに \1 は含まれません)"},
  }};
  std::string out(reason);
  for (const Form& form : kForms) RE2::Replace(&out, form.ours, form.japanese);
  return out;
}

/// The part of the text that holds the code: "AccessDeniedException", or the whole where none is set off.
std::string_view code_of(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')', std::min(open, text.size()));
  if (!text.starts_with("An error occurred") || close == std::string_view::npos) return text;
  return text.substr(open + 1, close - open - 1);
}

std::string filled(std::string_view phrase, std::string_view action) {
  std::string out(phrase);
  if (const std::size_t at = out.find("{}"); at != std::string::npos) out.replace(at, 2, action);
  return out;
}

/// A list whose emptiness says something, where a time was asked for.
struct Listing {
  std::string_view service;
  std::string_view operation;
  std::string_view member;
  std::string_view en;
  std::string_view ja;
};

constexpr std::array<Listing, 4> kListings{
    {{"logs", "filter-log-events", "events", "no log line", "ログ"},
     {"logs", "get-query-results", "results", "no log line", "ログ"},
     {"cloudtrail", "lookup-events", "Events", "no change recorded by CloudTrail",
      "CloudTrail に記録された変更"},
     {"xray", "get-trace-summaries", "TraceSummaries", "no trace", "トレース"}}};

/// A time of an option as RFC 3339; CloudWatch Logs counts milliseconds.
std::string moment(std::string_view option) {
  constexpr std::size_t kMillisecondDigits = 13;
  if (option.size() >= kMillisecondDigits && option.find_first_not_of("0123456789") == std::string_view::npos)
    option.remove_suffix(option.size() - (kMillisecondDigits - 3));
  const auto time = base::parse_timestamp(option);
  return time ? base::format_rfc3339(*time) : base::printable(option, kReasonBytes);
}

}  // namespace

std::string iam_action(std::string_view service, std::string_view operation) {
  const auto* prefix =
      std::find_if(kPrefixes.begin(), kPrefixes.end(), [&](const auto& p) { return p.first == service; });
  const std::string_view name = prefix == kPrefixes.end() ? service : prefix->second;
  if (name == "apigateway") return "apigateway:GET";
  std::string action = fmt::format("{}:{}", name, action_word(operation));
  const auto* renamed =
      std::find_if(kActions.begin(), kActions.end(), [&](const auto& a) { return a.first == action; });
  return renamed == kActions.end() ? action : std::string(renamed->second);
}

std::string_view refused_action(std::string_view message) {
  constexpr std::string_view kWords = "to perform: ";
  const std::size_t at = message.find(kWords);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + kWords.size());
  const std::string_view action = rest.substr(0, rest.find_first_of(" \t\r\n,;"));
  const bool plain =
      action.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-*") ==
          std::string_view::npos &&
      action.find(':') != std::string_view::npos;
  return plain ? action : std::string_view();
}

telemetry::DecodeNotice refusal_notice(const CommandLine& command, std::string_view line,
                                       std::string_view text, telemetry::RecordRef ref) {
  const std::string query = command.service.empty() ? "a command that is not named" : query_of(line);
  const std::string query_ja = command.service.empty() ? "名前のないコマンド" : query;
  const std::string whole = base::redact(base::trim(reason_of(text)));
  const std::string reason = base::printable(whole, kReasonBytes);
  const std::string reason_ja = base::printable(japanese_reason(whole), kReasonBytes);
  telemetry::DecodeNotice notice;
  notice.ref = ref;
  if (!command.service.empty()) notice.query = query;
  const std::string_view code = code_of(text);
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) {
    return code.find(k.code) != std::string_view::npos ||
           text.substr(0, kReasonBytes).find(k.code) != std::string_view::npos;
  });
  if (kind == kKinds.end()) {
    notice.message = fmt::format("{} gave no answer: {}", query, reason);
    notice.message_ja = fmt::format("{} は応答を返しませんでした: {}", query_ja, reason_ja);
    return notice;
  }
  if (kind->is_answer) {
    notice.message = fmt::format("{}: {} {}", query, kind->en, reason);
    notice.message_ja = fmt::format("{}: {} {}", query_ja, kind->ja, reason_ja);
    return notice;
  }
  std::string action(refused_action(text));
  if (action.empty()) action = iam_action(command.service, command.operation);
  notice.message = fmt::format("{} gave no answer: {} ({})", query, filled(kind->en, action), reason);
  notice.message_ja =
      fmt::format("{} は応答を返しませんでした: {}（{}）", query_ja, filled(kind->ja, action), reason_ja);
  return notice;
}

std::optional<telemetry::DecodeNotice> emptiness_notice(const CommandLine& command, std::string_view line,
                                                        const base::Json& body, telemetry::RecordRef ref) {
  const auto* listing = std::find_if(kListings.begin(), kListings.end(), [&](const Listing& l) {
    return l.service == command.service && l.operation == command.operation;
  });
  if (listing == kListings.end()) return std::nullopt;
  const base::Json& list = base::at(body, listing->member);
  const std::string from = moment(command.option("start-time"));
  const std::string to = moment(command.option("end-time"));
  if (!list.is_array() || !list.empty() || from.empty() || to.empty()) return std::nullopt;
  telemetry::DecodeNotice notice;
  notice.ref = ref;
  notice.query = query_of(line);
  notice.message = fmt::format("{} between {} and {} (asked: {})", listing->en, from, to, notice.query);
  notice.message_ja =
      fmt::format("{} から {} の間に{}はありません（問い合わせ: {}）", from, to, listing->ja, notice.query);
  return notice;
}

}  // namespace midwatch::clients::aws
