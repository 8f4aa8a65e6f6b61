#include "src/api/problem_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/problem.h"
#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/base/json_access.h"

namespace midwatch::api {
namespace {

// clang-format off
constexpr auto kCatalogue = std::to_array<Wording>({
    // What things are called within a sentence.
    {"incident", "インシデント"},
    {"investigation", "調査"},
    {"alarm", "アラーム"},
    {"notification", "通知"},
    {"space", "スペース"},
    {"user", "ユーザー"},
    {"token", "トークン"},
    {"sign-in", "サインイン"},
    {"feedback", "評価"},
    {"webhook", "Webhook"},
    {"target", "通知先"},
    {"report", "レポート"},
    {"recording", "記録"},
    {"message of the outbox", "送信待ちメッセージ"},
    {"document \"{}\" of", "文書「{0}」:"},
    {"an answer to", "この操作への応答"},
    {"none", "なし"},
    {"every space (*)", "すべてのスペース (*)"},
    {"the space {}", "スペース {0}"},

    // Addresses and parameters.
    {"the address is too long", "アドレスが長すぎます"},
    {"this address knows: {}", "このアドレスで使えるメソッド: {0}"},
    {"there is nothing at {}", "{0} には何もありません"},
    {"the address has no path", "アドレスにパスがありません"},
    {"the address has too many parameters", "アドレスのパラメーターが多すぎます"},
    {"a % is not followed by two hex digits in the address: {}", "アドレスの % の後に 16 進数が 2 桁ありません: {0}"},
    {"a part of the address is not UTF-8: {}", "アドレスに UTF-8 でない部分があります: {0}"},
    {"a part of the address holds a control character: {}", "アドレスに制御文字が含まれています: {0}"},
    {"the parameter {} is unknown; known are: {}", "パラメーター {0} は使えません。使えるもの: {1}"},
    {"the parameter {} is there twice", "パラメーター {0} が重複しています"},
    {"the parameter {} is no time such as 2026-01-31T09:30:00Z: {}", "パラメーター {0} は 2026-01-31T09:30:00Z のような日時で指定してください: {1}"},
    {"the parameter from must be before to", "パラメーター from は to より前の日時にしてください"},
    {"the parameter {} is no whole number from {} to {}: {}", "パラメーター {0} は {1} から {2} までの整数で指定してください: {3}"},
    {"the parameter {} has no such value: {}", "パラメーター {0} にその値は指定できません: {1}"},
    {"\"{}\" continues no list: give what the page before called its next", "「{0}」から一覧を続けられません。前のページの next の値を指定してください"},
    {"the header Last-Event-ID is no sequence of a journal", "Last-Event-ID ヘッダーが経過の番号ではありません"},

    // Bodies.
    {"the body must be JSON: send the header Content-Type: application/json", "本文は JSON にし、ヘッダー Content-Type: application/json を付けてください"},
    {"the body is too long: at most {} bytes", "本文が長すぎます (最大 {0} バイト)"},
    {"the body: {}", "本文を読めません: {0}"},
    {"the body must be a JSON object", "本文は JSON オブジェクトにしてください"},
    {"the member {} of the body {}", "本文の項目 {0}: {1}"},
    {"the member seed of the body must be from 1", "本文の項目 seed: 1 以上にしてください"},
    {"must be text", "文字列にしてください"},
    {"must not be empty", "空にできません"},
    {"is too long: {} characters, at most {}", "長すぎます ({0} 文字、最大 {1} 文字)"},
    {"holds a NUL character", "NUL 文字が含まれています"},
    {"must be one of: {}", "次のいずれかにしてください: {0}"},
    {"must be a list of texts", "文字列のリストにしてください"},
    {"must have 1 to {} items", "1 個以上 {0} 個以下にしてください"},
    {"must be true or false", "true か false にしてください"},
    {"must be a whole number from 0", "0 以上の整数にしてください"},
    {"must be a time such as 2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z のような日時にしてください"},
    {"must be an object", "オブジェクトにしてください"},
    {"is unknown; known are: {}", "使えません。使えるもの: {0}"},
    {"is missing", "必須です"},
    {"start.from and start.to are given together or not at all", "start.from と start.to は両方指定するか、どちらも省いてください"},
    {"start.from must be before start.to", "start.from は start.to より前にしてください"},
    {"the names in start must hold no control characters", "start の名前に制御文字は使えません"},
    {"start holds exactly one of: alarm, latest (true), entity, question", "start には alarm、latest (true)、entity、question のうち 1 つだけを指定してください"},
    {"say what to change: status, held", "変更する項目 (status、held) を指定してください"},
    {"the Idempotency-Key must be at most {} printable ASCII characters without spaces", "Idempotency-Key は空白を含まない ASCII 文字で {0} 文字以内にしてください"},
    {"this Idempotency-Key was used for a request with another body; use a new one", "この Idempotency-Key は別の内容の要求に使われています。新しいものを使ってください"},
    {"send the ETag of the incident as the header If-Match", "インシデントの ETag を If-Match ヘッダーで送ってください"},

    // What is not there.
    {"there is no such {}: {}", "その{0}はありません: {1}"},
    {"there is no {} {}", "その{0}はありません: {1}"},
    {"there is {} {} already", "{0} {1} はすでにあります"},
    {"there is no {} of this name", "この名前の{0}はありません"},
    {"there is no such space", "そのスペースはありません"},
    {"there is no space of this name", "この名前のスペースはありません"},
    {"there is no webhook of this name", "この名前の Webhook はありません"},
    {"there is no target of this name", "この名前の通知先はありません"},
    {"there is no target of this name with buttons", "この名前の、ボタン付きの通知先はありません"},
    {"nobody is told of anything", "通知先が設定されていません"},
    {"there is no such token", "そのトークンはありません"},
    {"there is no such user: {}", "そのユーザーはいません: {0}"},
    {"there is no such failure mode: {}", "その障害モードはありません: {0}"},
    {"this user has no role there", "このユーザーはそこにロールを持っていません"},
    {"this investigation has no {} yet", "この調査にはまだ{0}がありません"},
    {"the sandbox has no such world", "サンドボックスにその世界はありません"},
    {"the sandbox has no world of this name", "サンドボックスにこの名前の世界はありません"},
    {"this server has no sandbox", "このサーバーにサンドボックスはありません"},
    {"no simulated account was started yet", "模擬アカウントはまだ起動されていません"},
    {"the simulated account of this incident has ended; start its world once more", "このインシデントの模擬アカウントは終了しました。もう一度起動してください"},
    {"you have no such session, or not any more", "そのセッションはないか、すでに終わっています"},
    {"it refers to what is not there: {}", "参照先がありません: {0}"},

    // Who may do what.
    {"your role in the space {}, {}, does not allow this", "スペース {0} でのロール {1} では、この操作はできません"},
    {"this needs the role {}, and yours is {}", "この操作にはロール {0} が必要です (現在: {1})"},
    {"no space is open to you; ask an admin", "利用できるスペースがありません。管理者に依頼してください"},
    {"this user also has a role where you are no admin; ask somebody who is one of every space", "このユーザーは、あなたが管理者でないスペースにもロールを持っています。全スペースの管理者に依頼してください"},
    {"this server does not answer to the name \"{}\"; add it to its host names", "このサーバーは「{0}」という名前では応答しません。設定の hosts に追加してください"},
    {"a page of another origin must not change anything here", "ほかのサイトのページからは変更できません"},
    {"a change needs the header {} with the csrf of GET /api/v1/session", "変更には GET /api/v1/session の csrf をヘッダー {0} で送る必要があります"},
    {"sign in, or send 'Authorization: Bearer …' with a token that the server knows", "サインインするか、サーバーが知っているトークンを 'Authorization: Bearer …' で送ってください"},
    {"the server knows no such token, or not any more", "そのトークンは無効か、期限が切れています"},
    {"the request has no signature of Slack", "要求に Slack の署名がありません"},

    // Signing in, passwords, people and tokens.
    {"nobody can sign in to this server", "このサーバーにサインインの仕組みはありません"},
    {"no provider vouches for anybody to this server", "このサーバーに外部の認証サービスは設定されていません"},
    {"nobody is signed in by this request: who comes with a token has no session", "サインインしていません。トークンでの利用にセッションはありません"},
    {"the name or the password is wrong, or this user may not sign in", "名前かパスワードが違うか、このユーザーはサインインできません"},
    {"you are not signed in, or not any more", "サインインしていないか、セッションが終わっています"},
    {"change your password first (changePassword): somebody else chose it", "パスワードがほかの人の発行したもののままです。先に変更してください"},
    {"a provider vouches for you: no password of yours is kept here", "外部の認証サービスでサインインしているため、ここにパスワードはありません"},
    {"the new password is the present one", "新しいパスワードが現在のものと同じです"},
    {"that is not your present password", "現在のパスワードが違います"},
    {"too many tries to sign in failed; try again in {} seconds", "サインインの失敗が続きました。{0} 秒後にもう一度試してください"},
    {"too many sign in at once; try again in a moment", "サインインが集中しています。少し待ってもう一度試してください"},
    {"a password has {} to {} bytes; several words make a good one", "パスワードは {0} バイト以上 {1} バイト以下にしてください。複数の単語を組み合わせると安全です"},
    {"a password is one line of UTF-8", "パスワードは UTF-8 の 1 行にしてください"},
    {"a password must not hold the user's name", "パスワードにユーザー名を含めないでください"},
    {"a password must not be one character again and again", "同じ文字だけのパスワードは使えません"},
    {"there is not enough memory to hash a password", "パスワードを処理するメモリーが足りません"},
    {"this machine gives no random numbers", "このマシンで乱数を生成できません"},
    {"your own password you change with the one that you have (changePassword)", "自分のパスワードは、現在のパスワードを使って変更してください"},
    {"a user's name is of a-z, 0-9 and . _ - @, at most 64, and begins with a letter or a digit: {}", "ユーザー名は a-z、0-9、. _ - @ で 64 文字以内、先頭は英字か数字にしてください: {0}"},
    {"a token's name is of a-z, 0-9 and . _ - @, at most 64, and begins with a letter or a digit", "トークンの名前は a-z、0-9、. _ - @ で 64 文字以内、先頭は英字か数字にしてください"},
    {"a token needs a role in at least one space", "トークンには 1 つ以上のスペースのロールが必要です"},
    {"the token would have ended already", "トークンの期限が過去の日時です"},
    {"it was revoked before", "すでに取り消されています"},
    {"{} would be left without an admin who can sign in; give somebody else the role first", "{0} にサインインできる管理者がいなくなります。先にほかの人へロールを与えてください"},
    {"so far everybody of this machine may do everything, and from the first that is let in by name nobody else: begin with an admin of every space (*)", "今はこのマシンの誰もがすべて操作できますが、最初の 1 人を登録すると、ほかの人は入れなくなります。全スペース (*) の管理者から登録してください"},

    // Incidents, alarms, investigations, notifications.
    {"the incident was changed meanwhile; read it again", "その間にインシデントが変更されました。読み直してください"},
    {"{} {} was changed meanwhile: its version is {} and not {}; read it again", "その間に{0} {1} が変更されました (版 {2}、要求は {3})。読み直してください"},
    {"this alarm is an incident of its own already; there is nothing to undo", "このアラームはすでに独立したインシデントです。取り消すものはありません"},
    {"this message has not failed: it was taken, or is still to be sent", "このメッセージは失敗していません。届いたか、これから送られます"},
    {"{} investigations of this space wait or run already; wait for some to end, or cancel them", "このスペースの調査がすでに {0} 件、待機または実行中です。終わるのを待つか、中止してください"},
    {"this investigation has no answer yet that could be judged", "この調査にはまだ評価できる結論がありません"},
    {"this investigation was told {} things already; start another one", "この調査にはすでに {0} 件の指示があります。新しい調査を始めてください"},
    {"the investigation has ended already; there is nothing to cancel", "調査はすでに終わっています。中止するものはありません"},
    {"investigation {} is not with worker {} any more: it is {}, begun {} times", "調査 {0} はもうワーカー {1} のものではありません (状態 {2}、開始 {3} 回)"},
    {"{} is not the turn of {} any more", "{0} はもう {1} の担当ではありません"},
    {"this receiver takes notes of incidents that it knows itself, so there is nothing to test without one; look at what became of its last message", "この通知先は、自分が知っているインシデントへのメモだけを受け取るため、単独では試せません。最後のメッセージの結果を確認してください"},
    {"only the sender can sign such a message. Let an alarm of its own fire: aws cloudwatch set-alarm-state --alarm-name NAME --state-value ALARM --state-reason rehearsal", "このメッセージに署名できるのは送信元だけです。送信元のアラームを発報させてください: aws cloudwatch set-alarm-state --alarm-name NAME --state-value ALARM --state-reason rehearsal"},
    {"a rehearsal keeps nothing", "予行では何も保存されません"},

    // The store.
    {"database {}: {}", "データベース {0}: {1}"},
    {"the disk is full; free some space, or let less be kept", "ディスクが満杯です。空き容量を増やすか、保存する量を減らしてください"},
    {"the server's disk is full; free some space, or let less be kept", "サーバーのディスクが満杯です。空き容量を増やすか、保存する量を減らしてください"},
    {"it exists already: {}", "すでにあります: {0}"},
    {"another program has kept it locked for {} s", "ほかのプログラムが {0} 秒間ロックしています"},
    {"others have kept it locked for 10 s", "ほかの処理が 10 秒間ロックしています"},
    {"another transaction was in the way", "ほかのトランザクションと競合しました"},
    {"it takes no writes here; name its primary server", "ここには書き込めません。プライマリーサーバーを指定してください"},
    {"{}; give this user the right to", "{0} (データベースのユーザーに権限を与えてください)"},
    {"a key or a name is too long: {}", "キーか名前が長すぎます: {0}"},
    {"a key or a name has {} bytes; {} is the most", "キーか名前が {0} バイトあります (最大 {1} バイト)"},
    {"a value is too long to be kept", "値が長すぎて保存できません"},
    {"the file is no database", "ファイルがデータベースではありません"},
    {"the file is damaged ({}); restore a backup", "ファイルが壊れています ({0})。バックアップから戻してください"},
    {"out of memory", "メモリーが足りません"},

    // The server itself.
    {"the server failed to answer; its log has the reason by the request id", "サーバーが応答できませんでした。理由は、要求 ID でサーバーのログを確認してください"},
});

/// The titles of statuses, by their names in RFC 9110.
constexpr auto kTitles = std::to_array<Wording>({
    {"Bad Request", "要求に誤りがあります"},
    {"Unauthorized", "サインインが必要です"},
    {"Forbidden", "許可されていません"},
    {"Not Found", "見つかりません"},
    {"Method Not Allowed", "このメソッドは使えません"},
    {"Conflict", "競合しています"},
    {"Precondition Failed", "前提が変わりました"},
    {"Content Too Large", "本文が大きすぎます"},
    {"URI Too Long", "アドレスが長すぎます"},
    {"Unsupported Media Type", "この形式は扱えません"},
    {"Misdirected Request", "宛先が違います"},
    {"Unprocessable Content", "内容を処理できません"},
    {"Precondition Required", "前提の指定が必要です"},
    {"Too Many Requests", "要求が多すぎます"},
    {"Internal Server Error", "サーバーの内部エラー"},
    {"Not Implemented", "対応していません"},
    {"Bad Gateway", "外部サービスのエラー"},
    {"Service Unavailable", "一時的に利用できません"},
    {"Gateway Timeout", "外部サービスが時間内に応答しません"},
    {"Insufficient Storage", "保存する容量がありません"},
});
// clang-format on

constexpr std::string_view kPlace = "{}";
constexpr std::string_view kWhere = ": ";
/// Errors hold what somebody sent: it must not make this look for entries within entries without end.
constexpr int kDeepest = 4;

/// What stands in the places of a pattern; nothing where the text does not fit.
std::optional<std::vector<std::string_view>> places_of(std::string_view pattern, std::string_view text) {
  std::vector<std::string_view> places;
  std::size_t place = pattern.find(kPlace);
  const std::string_view first = pattern.substr(0, place);
  if (!text.starts_with(first)) return std::nullopt;
  text.remove_prefix(first.size());
  while (place != std::string_view::npos) {
    pattern.remove_prefix(place + kPlace.size());
    place = pattern.find(kPlace);
    const std::string_view next = pattern.substr(0, place);
    const bool is_last = place == std::string_view::npos;
    if (is_last && !text.ends_with(next)) return std::nullopt;
    const std::size_t at = is_last ? text.size() - next.size() : text.find(next);
    if (at == std::string_view::npos) return std::nullopt;
    places.push_back(text.substr(0, at));
    text.remove_prefix(at + next.size());
  }
  if (!text.empty()) return std::nullopt;
  return places;
}

/// Puts {0}, {1}, … in; what was put in is not looked at again.
std::string filled(std::string_view pattern, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{')) {
    text += pattern.substr(0, at);
    text += values.at(static_cast<std::size_t>(pattern[at + 1] - '0'));
    pattern.remove_prefix(at + std::string_view("{0}").size());
  }
  return text += pattern;
}

std::optional<std::string> by_an_entry(std::string_view english, int deep) {
  if (deep > kDeepest) return std::nullopt;
  const Wording* best = nullptr;
  std::vector<std::string_view> places;
  std::size_t fixed = 0;
  for (const Wording& wording : kCatalogue) {
    auto found = places_of(wording.en, english);
    if (!found) continue;
    const std::size_t letters = wording.en.size() - found->size() * kPlace.size();
    if (best != nullptr && letters <= fixed) continue;
    best = &wording;
    places = *std::move(found);
    fixed = letters;
  }
  if (best == nullptr) return std::nullopt;
  std::vector<std::string> values;
  values.reserve(places.size());
  for (const auto place : places) values.push_back(by_an_entry(place, deep + 1).value_or(std::string(place)));
  return filled(best->ja, values);
}

/// A weight of Accept-Language in thousandths; 1000 where none is written, 0 where it is none.
int weight_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string_view number = base::trim(parameters.substr(at + 2));
  if (number.starts_with('1')) return 1000;
  if (!number.starts_with("0.")) return 0;
  std::string digits(number.substr(2, 3));
  digits.resize(3, '0');
  int weight = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), weight);
  return weight;
}

std::string_view header_of(const http::ServerResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

}  // namespace

std::span<const Wording> problem_catalogue() {
  return kCatalogue;
}

std::optional<std::string> in_japanese(std::string_view english) {
  std::size_t begin = 0;
  for (int deep = 0; deep <= kDeepest; ++deep) {
    if (const auto said = by_an_entry(english.substr(begin), 0))
      return std::string(english.substr(0, begin)) + *said;
    const std::size_t where = english.find(kWhere, begin);
    if (where == std::string_view::npos) return std::nullopt;
    begin = where + kWhere.size();
  }
  return std::nullopt;
}

model::Language preferred_language(std::string_view accept_language) {
  int english = 0;
  int japanese = 0;
  for (const auto range : base::split(accept_language, ',')) {
    const std::size_t semicolon = std::min(range.find(';'), range.size());
    const std::string tag = base::to_lower(base::trim(range.substr(0, semicolon)));
    const int weight = weight_of(range.substr(semicolon));
    const auto is = [&](std::string_view language) {
      return tag == language || tag.starts_with(std::string(language) + "-");
    };
    if (is("ja")) japanese = std::max(japanese, weight);
    if (is("en")) english = std::max(english, weight);
  }
  return japanese > english ? model::Language::kJapanese : model::Language::kEnglish;
}

void put_problem_into(model::Language language, http::ServerResponse& response) {
  if (header_of(response, "Content-Type") != kProblemType) return;
  response.set("Content-Language", language == model::Language::kJapanese ? "ja" : "en");
  if (language != model::Language::kJapanese) return;
  auto body = base::parse_json(response.body);
  if (!body) return;
  const std::string title = base::text_at(*body, "title");
  const std::string detail = base::text_at(*body, "detail");
  const auto* const named =
      std::find_if(kTitles.begin(), kTitles.end(), [&](const Wording& known) { return known.en == title; });
  if (named != kTitles.end()) (*body)["title"] = named->ja;
  (*body)["detail"] = in_japanese(detail).value_or(fmt::format("詳細 (英語): {}", detail));
  response.body = base::dump_json(*body);
}

}  // namespace midwatch::api
