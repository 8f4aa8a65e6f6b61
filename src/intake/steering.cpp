#include "src/intake/steering.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "src/base/ascii.h"
#include "src/base/utf8.h"
#include "src/intake/said.h"
#include "src/intake/window_words.h"

namespace midwatch::intake {
namespace {

using model::Text;

/// An instruction is short; a longer text is something else, such as a log that somebody pasted.
constexpr std::size_t kMostBytes = 500;
constexpr std::size_t kWhatBytes = 120;
constexpr auto kLongestWindow = std::chrono::hours(24);

/// One way to say something. The first that fits counts, so what must not be misread comes first. Group 1 is
/// what it is about.
struct Rule {
  SteeringAction action;
  bool question;  ///< also where it is a question: "other causes?" asks, "is it not the cache?" only wonders
  const char* pattern;
};

// Contractions are written out before: "isn't" is "is not".
constexpr auto kRules = std::to_array<Rule>({
    {SteeringAction::kContinue, true, R"(^(?:do not|never) (?:stop|cancel|abort|give up)\b)"},
    {SteeringAction::kContinue, true, R"((?:止め|やめ|中止し|停止し|中断し)ないで)"},
    {SteeringAction::kContinue, true,
     R"(^(?:continue|go on|go ahead|keep (?:going|looking|searching|investigating)|carry on|resume|proceed)(?: (?:with )?(?:it|now|please|the investigation|this investigation|anyway|investigating))*$)"},
    {SteeringAction::kContinue, true,
     R"(^(?:調査を?|そのまま|引き続き|もう少し|このまま)*(?:続け|続行|継続|再開|進め)[^、]*$)"},
    {SteeringAction::kStop, false,
     R"(^(?:stop|cancel|abort|halt|quit|enough|that is enough)(?: (?:it|this|that|now|here|searching|looking|working|investigating|(?:the |this )?(?:investigation|search|analysis)))*$)"},
    {SteeringAction::kStop, true,
     R"(^(?:もう|いったん|一旦|ここで|調査[をは]?|これ以上)*(?:中止|停止|中断|終了|キャンセル|ストップ|止めて|止めろ|止める|やめて|やめろ|やめる|打ち切って)(?:して|する|しろ|に)?(?:もらえますか|くれますか|ください|下さい|くれ|よい|いい)?$)"},
    {SteeringAction::kPutBack, false,
     R"(^(?:put|bring|take) (.+?) back(?: (?:in|into account|in(?:to)? play|on(?:to)? (?:the )?(?:table|board|list)))?$)"},
    {SteeringAction::kPutBack, false,
     R"(^(?:undo|revoke|cancel|withdraw|lift|remove|reverse|take back) (?:the |that |this |my |our |last )*exclusion(?: (?:of|for) (.+))?$)"},
    {SteeringAction::kPutBack, false,
     R"(^(?:put back|bring back|restore|reinstate|reconsider|readmit|re-?include|un-?exclude|(?:stop|quit) (?:excluding|ignoring|dismissing|ruling out)) (.+)$)"},
    {SteeringAction::kPutBack, false,
     R"(^(?:include|consider|allow|suspect) (.+?) (?:again|after all|once more)$)"},
    {SteeringAction::kPutBack, false,
     R"(^(?:it|the cause|the root cause) (?:may|might|could|can) (?:well )?be (.+?) after all$)"},
    {SteeringAction::kNone, true, R"((?:取り?消さ|解除し|撤回し|戻さ)(?:ない|ず))"},
    {SteeringAction::kPutBack, false,
     R"(^(?:この|その|あの|今の|前の|直前の|最後の|さっきの|先ほどの|(.+?) ?(?:に対する|への|の))?(?:除外|排除)(?:を|は|の)?(?:取り?消|解除|撤回|キャンセル|やめ|元に戻))"},
    {SteeringAction::kPutBack, false,
     R"(^(.+?) ?(?:を|も)(?:再び|もう一度)?(?:原因の?|調査)?(?:候補|対象|仮説)(?:の一覧)?(?:に|へ)(?:戻|復帰|入れ直|含め直|復活))"},
    {SteeringAction::kPutBack, false,
     R"(^(?:やはり|やっぱり)[、 ]*(.+?) ?(?:が|も|は)(?:原因|怪しい|疑わしい)(?:かもしれません|かもしれない|かも|です|だと思います|と思う)?$)"},
    // Negated instructions and what was not planned: nothing changes.
    {SteeringAction::kNone, true,
     R"(\b(?:do not|never|did not|should not|can not|cannot) (?:rule|exclude|ignore|discard|eliminate|forget|read|open|review)\b)"},
    {SteeringAction::kNone, true, R"(\bnot (?:look|check|see|consider|search)\b.*\b(?:code|other|else)\b)"},
    {SteeringAction::kNone, true,
     R"(\b(?:not|never|un)[ -]?(?:yet )?(?:planned|expected|intended|scheduled|intentional|on purpose|approved)\b)"},
    {SteeringAction::kNone, true,
     R"((?:除外|排除|無視)(?:し|する|せ)?(?:ない|なく|ず|な$|べきではない|できない)|外さないで|除かないで)"},
    {SteeringAction::kNone, true,
     R"((?:計画|予定|意図)(?:外|的では|的じゃ|どおりでは|通りでは|では|じゃ|されたものでは|された変更では|して(?:い)?(?:ない|ません)|され(?:て)?(?:い)?(?:ない|ません)))"},
    {SteeringAction::kNone, true, R"((?:コード|ソース).*(?:読ま|見|確認し|調べ)ないで)"},
    {SteeringAction::kPlannedChange, false,
     R"(^(?:the |this |that |our |change |deploy(?:ment)? of )*(.*?) ?(?:was|were|is|are|had been|has been) (?:a |all |also |just |already |fully )?(?:planned|expected|intended|scheduled|intentional|deliberate|on purpose|approved)\b)"},
    {SteeringAction::kPlannedChange, false,
     R"(^(?:we|i|the team) (?:had |have )?(?:planned|scheduled|intended|expected) (?:the |this |that |to do |to )*(.+)$)"},
    {SteeringAction::kPlannedChange, false,
     R"(^(?:変更 ?)?(.*?) ?(?:は|が|も)(?:、)?(?:事前に)?(?:計画|予定|意図)(?:された|され|的|どおり|通り|済み|して|した|の|です|だ))"},
    {SteeringAction::kRuleOut, false, R"(^rule out (.+)$)"},
    {SteeringAction::kRuleOut, false, R"(^rule (.+) out$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(?:exclude|ignore|discard|eliminate|forget(?: about)?|dismiss) (.+)$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(?:stop|quit|do not|never) (?:looking at|look at|blaming|blame|considering|consider|focusing on|focus on|suspecting|suspect|bother with) (.+)$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(.+?) (?:is|was|are|were|can|could) ?not (?:be )?(?:the |a |our |to )?(?:root )?(?:cause|reason|problem|culprit|issue|blame|fault|it|involved|related|responsible|relevant)\b)"},
    {SteeringAction::kRuleOut, false, R"(^(.+?) (?:has|had|have) nothing to do with (?:it|this|that)\b)"},
    {SteeringAction::kRuleOut, false,
     R"(^(.+?) (?:is|was|are|were) (?:completely |perfectly |totally |all )?(?:fine|healthy|ok|okay|innocent|unrelated|irrelevant|ruled out)$)"},
    {SteeringAction::kRuleOut, false,
     R"(^i (?:do not (?:think|believe)|doubt)(?: that)? (?:it|this|that) (?:is|was) (.+)$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(?:no,? )?(?:(?:it|this|that|the cause|the root cause) (?:is|was|can|could) ?not(?: be)?|it can not be|not) (.+)$)"},
    {SteeringAction::kRuleOut, true,
     R"(^(.+?) ?(?:を|は)(?:原因|候補|対象|調査対象)?(?:の候補)?(?:から|より)?(?:除外|排除|無視|除い|外し)(?:して|て|する|で|$))"},
    {SteeringAction::kRuleOut, false,
     R"(^(.+?) ?(?:は|が|も)(?:根本)?(?:原因|犯人|問題|理由)(?:では|じゃ|で)?(?:は|も)?(?:ない|無い|ありません|なさそう|なし)(?:です|よ|と思います|と思う)?$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(.+?) ?(?:は|も)(?:、)?(?:今回は)?(?:無関係|関係(?:は|が)?(?:ない|ありません|なさそう)|正常|シロ|白)(?:です|だ|でした|だった|よ)*$)"},
    {SteeringAction::kRuleOut, false, R"(^(.+?)の可能性は(?:ない|ありません|低い|なさそう)(?:です|よ)?$)"},
    {SteeringAction::kRuleOut, false,
     R"(^(?:原因は)?(.+?) ?(?:では|じゃ)(?:ない|無い|ありません|なさそう)(?:です|よ|と思います|と思う)?$)"},
});

/// What is looked for after the times, which "look at" may be said of, too.
constexpr auto kLaterRules = std::to_array<Rule>({
    {SteeringAction::kReadCode, true,
     R"(\b(?:read|check|look (?:at|into|in|through)|inspect|see|review|open|examine|analy[sz]e|go through)\b.*\b(?:code|source|sources|repo|repository|commits?|diff|implementation)\b)"},
    {SteeringAction::kReadCode, true,
     R"((?:コード|ソース|リポジトリ|差分|コミット|実装|diff).*(?:読|見|確認|調べ|チェック|レビュー|解析))"},
    {SteeringAction::kOtherCauses, true,
     R"(\b(?:other|another|different|alternative|further|more|any|second) (?:possible |likely |potential |plausible )?(?:root )?(?:causes?|reasons?|explanations?|hypothes[ie]s|suspects?|candidates?|possibilit(?:y|ies)|options?)\b)"},
    {SteeringAction::kOtherCauses, true,
     R"(\b(?:something|anything|what|somewhere) else\b|^(?:any )?alternatives$|\belse could\b)"},
    {SteeringAction::kOtherCauses, true,
     R"((?:他|ほか|別|その他)(?:の|に|にも)?(?:考えられる|可能性のある|有力な)?(?:根本)?(?:原因|可能性|要因|理由|仮説|候補|説明))"},
    {SteeringAction::kOtherCauses, true,
     R"(^(?:他|ほか)に(?:は|も)?(?:ない|ありません|考えられ|何か|なにか|あり))"},
});

RE2::Options options() {
  RE2::Options made;
  made.set_case_sensitive(false);
  made.set_log_errors(false);
  return made;
}

/// Compiled once, and never destroyed: sentences may come while the program ends.
template <const auto& kTable>
const std::vector<std::unique_ptr<const RE2>>& compiled() {
  static const auto* const kCompiled = [] {
    auto* all = new std::vector<std::unique_ptr<const RE2>>();
    for (const Rule& rule : kTable) all->push_back(std::make_unique<const RE2>(rule.pattern, options()));
    return all;
  }();
  return *kCompiled;
}

const RE2& polite() {
  // "no" alone is polite nowhere, but "no, it is not the cache" says what "it is not the cache" says.
  static const auto* const kPattern = new RE2(
      R"(^(?:hey|hi|hello|ok|okay|well|so|and|but|also|yes|no|now|then|maybe|actually|@?midwatch|please|pls|just|can you|could you|would you|will you|you should|you can|you may|we should|let us|let's|i want you to|i would like you to|i think|we think|i guess|i am sure|it seems|for now|すみません|いや|でも|では|じゃあ|次は|次に|まず|多分|たぶん|おそらく)(?:[ ,:、!]+|$)(?:that )?)",
      options());
  return *kPattern;
}

/// Words after "it is not" that say how something is, not what it is.
const RE2& state_word() {
  static const auto* const kPattern = new RE2(
      R"(^(?:working|responding|loading|happening|starting|running|connecting|answering|firing|going|helping|getting|making|being|available|reachable|possible|clear|sure|good|great|bad|ok|okay|fine|enough|true|right|correct|wrong|fixed|resolved|solved|done|finished|over|yet|here|there|only|just|even|so|what|why|how|who|when|where|always|helpful|useful|ready|healthy|normal|stable|slow|fast|down|up|nice|like|about|really|a problem|a surprise|an issue|my|too|very|all|sleeping|bad|fair)(?:\b|$))",
      options());
  return *kPattern;
}

/// Leads back to what is said already: "this", "the leading cause".
const RE2& pointing_word() {
  static const auto* const kPattern = new RE2(
      R"(^(?:it|this|that|these|those|this one|that one|this cause|that cause|this hypothesis|the (?:leading|first|top|main|current) (?:cause|hypothesis|suspect|one)|これ|それ|あれ|この原因|その原因|この仮説|この候補|最有力候補|第一候補)$)",
      options());
  return *kPattern;
}

/// Leads to the change that is suspected: "that deploy".
const RE2& change_word() {
  static const auto* const kPattern = new RE2(
      R"(^(?:(?:it|the|this|that|our) )?(?:(?:deploy(?:ment)?|release|change)|(?:この|その|あの)?(?:変更|デプロイ|リリース))$)",
      options());
  return *kPattern;
}

/// Full-width characters as ASCII, every dash and wave between times as `~`, typographic quotes as `'`, white
/// space as single spaces. Contractions are written out.
std::string plain(std::string_view sentence) {
  std::string text = base::repair_utf8(sentence);
  static constexpr auto kReplaced = std::to_array<std::pair<const char*, const char*>>({
      {R"([\s\x{3000}\x{00A0}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]+)", " "},
      {R"([\x{2018}\x{2019}\x{FF07}])", "'"},
      {R"(\s*[\x{2010}-\x{2015}\x{2212}\x{301C}\x{FF5E}\x{FF0D}~]+\s*)", "~"},
      {R"(\b(is|was|do|does|are|were|did|could|would|should|has|have|had)n't\b)", R"(\1 not)"},
      {R"(\bcan't\b)", "can not"},
      {R"(\b(it|that|this|what|here)'s\b)", R"(\1 is)"},
  });
  for (const char32_t wide : U"０１２３４５６７８９：？！") {
    if (wide == 0) continue;
    constexpr char32_t kWideOffset = 0xFEE0;
    std::string bytes;
    bytes += static_cast<char>(0xE0U | (wide >> 12U));
    bytes += static_cast<char>(0x80U | ((wide >> 6U) & 0x3FU));
    bytes += static_cast<char>(0x80U | (wide & 0x3FU));
    for (auto at = text.find(bytes); at != std::string::npos; at = text.find(bytes, at))
      text.replace(at, bytes.size(), 1, static_cast<char>(wide - kWideOffset));
  }
  static const auto* const kPatterns = [] {
    auto* all = new std::vector<std::unique_ptr<const RE2>>();
    for (const auto& [pattern, replacement] : kReplaced)
      all->push_back(std::make_unique<const RE2>(pattern, options()));
    return all;
  }();
  for (std::size_t i = 0; i < kReplaced.size(); ++i)
    RE2::GlobalReplace(&text, *(*kPatterns)[i], kReplaced[i].second);
  return std::string(base::trim(text));
}

/// The sentences of a text: "It is not orders.v2. Look at 01:30~01:45!" has two.
std::vector<std::string> sentences_of(std::string_view text) {
  static const auto* const kEnd = new RE2(R"(((?:[^.!?;。]|[.!?;][^ .!?;])*)([.!?;。]*) ?)", options());
  std::vector<std::string> all;
  re2::StringPiece rest(text.data(), text.size());
  std::string words;
  std::string end;
  while (!rest.empty() && RE2::Consume(&rest, *kEnd, &words, &end)) {
    if (words.empty() && end.empty()) break;
    const bool question = end.find('?') != std::string::npos;
    std::string one(base::trim(words));
    if (!one.empty()) all.push_back(one + (question ? "?" : ""));
  }
  return all;
}

struct What {
  std::string words;
  bool change = false;  ///< the change that is suspected
};

/// What an instruction is about, without what surrounds it.
What what_in(std::string what) {
  static const auto* const kBefore =
      new RE2(R"(^(?:the|a|an|our|your|this is|that|this|those|these|any|あの|その|この)(?: |$))", options());
  static const auto* const kAfter = new RE2(
      R"([ ,]*(?:please|for now|any ?more|now|then|again|as (?:a|the) (?:root )?cause|from the (?:list|candidates)|here|this time|なので|です)$)",
      options());
  const std::string whole(base::trim(what));
  if (RE2::FullMatch(whole, pointing_word())) return {};
  if (RE2::FullMatch(whole, change_word())) return {"", true};
  what = whole;
  while (RE2::Replace(&what, *kAfter, "")) {
  }
  std::string bare = what;
  RE2::Replace(&bare, *kBefore, "");
  if (RE2::FullMatch(what, pointing_word()) || RE2::FullMatch(bare, pointing_word())) return {};
  if (RE2::FullMatch(what, change_word()) || RE2::FullMatch(bare, change_word())) return {"", true};
  const auto is_quote = [](char c) { return c == '"' || c == '\'' || c == '`'; };
  while (!bare.empty() && is_quote(bare.front())) bare.erase(0, 1);
  while (!bare.empty() && is_quote(bare.back())) bare.pop_back();
  return {said(bare, kWhatBytes)};
}

template <const auto& kTable>
std::optional<Steering> by_table(const std::string& sentence, bool question) {
  const auto& patterns = compiled<kTable>();
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const RE2& pattern = *patterns[i];
    std::string what;
    const bool about = pattern.NumberOfCapturingGroups() > 0;
    if (!(about ? RE2::PartialMatch(sentence, pattern, &what) : RE2::PartialMatch(sentence, pattern)))
      continue;
    if (question && !kTable[i].question) return Steering{};
    if (kTable[i].action == SteeringAction::kRuleOut && RE2::PartialMatch(what, state_word()))
      return Steering{};
    What about_what = what_in(std::move(what));
    return Steering{kTable[i].action, std::move(about_what.words), about_what.change};
  }
  return std::nullopt;
}

Steering read_sentence(std::string sentence, base::TimeRange window) {
  const bool asked = sentence.ends_with('?');
  if (asked) sentence.pop_back();
  bool question = asked;
  // A request that is put as a question is none: "could you rule out the cache?"
  static const auto* const kRequest =
      new RE2(R"(\b(?:can|could|would|will) you\b|(?:もらえ|くれ|いただけ|頂け)ます)", options());
  if (asked && RE2::PartialMatch(sentence, *kRequest)) question = false;
  while (RE2::Replace(&sentence, polite(), "")) {
  }
  static const auto* const kPleaseAfter =
      new RE2(R"([ ,、]*(?:please|pls|ください|下さい|お願いします|[か!])+$)", options());
  const bool japanese_question = sentence.ends_with("か");
  RE2::Replace(&sentence, *kPleaseAfter, "");
  static const auto* const kWonders = new RE2(R"((?:ない|無い)(?:の|のか|かな|かも)?$)", options());
  if ((asked || japanese_question) && RE2::PartialMatch(sentence, *kWonders)) question = true;
  if (auto said_first = by_table<kRules>(sentence, question || japanese_question))
    return *std::move(said_first);
  if (const auto range = window_in(sentence, window)) {
    Steering steering{SteeringAction::kWindow};
    steering.window = *range;
    return steering;
  }
  return by_table<kLaterRules>(sentence, question).value_or(Steering{});
}

Text not_understood() {
  return {
      "This was not understood, so nothing changes. Understood is, for example: \"rule out the cache\", "
      "\"put it back\", \"other "
      "causes?\", \"look at 01:30-01:45\", \"read the code\", \"that deploy was planned\", \"stop\", "
      "\"continue\".",
      "指示として理解できなかったため、何も変更しません。例：「キャッシュは原因ではない」「除外を取り消して」"
      "「他の原因は？」「01"
      ":30〜01:45 "
      "を調べて」「コードを読んで」「そのデプロイは計画されたもの」「中止して」「続けて」"};
}

Text answer_of(const Steering& steering) {
  const std::string& what = steering.what;
  switch (steering.action) {
    case SteeringAction::kRuleOut:
      if (what.empty()) {
        return {"The leading cause is ruled out; the others are weighed again.",
                "最有力の原因を除外し、残りの候補を評価し直します。"};
      }
      return {fmt::format("\"{}\" is ruled out; the other causes are weighed again.", what),
              fmt::format("「{}」を原因から除外し、残りの候補を評価し直します。", what)};
    case SteeringAction::kPutBack:
      if (what.empty())
        return {"What was ruled out last is put back, and all are weighed again.",
                "最後の除外を取り消し、全体を評価し直します。"};
      return {fmt::format("\"{}\" is put back, and all are weighed again.", what),
              fmt::format("「{}」の除外を取り消し、全体を評価し直します。", what)};
    case SteeringAction::kOtherCauses:
      return {"Other causes are looked for.", "他の原因を調べます。"};
    case SteeringAction::kWindow: {
      const std::string from = base::format_rfc3339(steering.window->start);
      const std::string to = base::format_rfc3339(steering.window->end);
      return {fmt::format("The time from {} to {} is looked at.", from, to),
              fmt::format("{} から {} までを調べます。", from, to)};
    }
    case SteeringAction::kReadCode:
      return {"The code is read.", "コードを読みます。"};
    case SteeringAction::kPlannedChange:
      if (what.empty())
        return {"The suspected change counts as planned.",
                "疑われている変更を、計画された変更として扱います。"};
      return {fmt::format("\"{}\" counts as a planned change.", what),
              fmt::format("「{}」を計画された変更として扱います。", what)};
    case SteeringAction::kStop:
      return {"The investigation stops.", "調査を中止します。"};
    case SteeringAction::kContinue:
      return {"The investigation goes on.", "調査を続けます。"};
    case SteeringAction::kNone:
      break;
  }
  return not_understood();
}

}  // namespace

Steering understand(std::string_view sentence, base::TimeRange window) {
  Steering steering;
  if (sentence.size() <= kMostBytes) {
    for (std::string& one : sentences_of(plain(sentence))) {
      Steering read = read_sentence(std::move(one), window);
      if (read.action == SteeringAction::kNone) continue;
      steering.further = steering.action != SteeringAction::kNone;
      if (steering.further) break;
      steering = std::move(read);
    }
  }
  if (steering.window && steering.window->length() > kLongestWindow) {
    Steering none;
    none.answer = {"At most 24 hours can be looked at, so nothing changes.",
                   "一度に調べられるのは 24 時間までのため、何も変更しません。"};
    return none;
  }
  steering.answer = answer_of(steering);
  if (steering.further) {
    steering.answer.en += kOnlyThisOne.en;
    steering.answer.ja += kOnlyThisOne.ja;
  }
  return steering;
}

}  // namespace midwatch::intake
