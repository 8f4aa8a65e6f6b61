#include "src/intake/steering.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/base/utf8.h"

namespace midwatch::intake {
namespace {

using ::testing::HasSubstr;

base::Timestamp at(const char* text) {
  return base::parse_rfc3339(text).value();
}

const base::TimeRange kWindow{at("2026-01-05T01:00:00Z"), at("2026-01-05T02:00:00Z")};

/// "rule_out: the cache", "window: 01:30 01:45".
std::string understood(std::string_view sentence, base::TimeRange window = kWindow) {
  const Steering steering = understand(sentence, window);
  std::string text(to_string(steering.action));
  if (!steering.what.empty()) text += ": " + steering.what;
  if (steering.window)
    text += ": " + base::format_rfc3339(steering.window->start) + " " +
            base::format_rfc3339(steering.window->end);
  return text;
}

struct Row {
  const char* sentence;
  const char* wanted;
};

TEST(Steering, UnderstandsInstructions) {
  const std::vector<Row> rows = {
      {"rule out the cache", "rule_out: cache"},
      {"Please rule the payments-db out.", "rule_out: payments-db"},
      {"rule this out", "rule_out"},
      {"Rule it out!", "rule_out"},
      {"exclude lambda/orders", "rule_out: lambda/orders"},
      {"ignore the deploy", "rule_out"},
      {"It is not orders", "rule_out: orders"},
      {"it’s not the database", "rule_out: database"},
      {"No, it isn't DNS", "rule_out: DNS"},
      {"I don't think it is the network", "rule_out: network"},
      {"The database is not the cause", "rule_out: database"},
      {"billing wasn't the root cause", "rule_out: billing"},
      {"orders.v2 has nothing to do with it.", "rule_out: orders.v2"},
      {"the load balancer is fine", "rule_out: load balancer"},
      {"stop blaming Redis", "rule_out: Redis"},
      {"don't look at the queue", "rule_out: queue"},
      {"Could you rule out the cache?", "rule_out: cache"},
      {"データベースは原因ではない", "rule_out: データベース"},
      {"データベースは原因ではないです。", "rule_out: データベース"},
      {"orders は原因ではない", "rule_out: orders"},
      {"DBではない", "rule_out: DB"},
      {"キャッシュを除外して", "rule_out: キャッシュ"},
      {"キャッシュを候補から外してください", "rule_out: キャッシュ"},
      {"ネットワークは関係ありません", "rule_out: ネットワーク"},
      {"DNSの可能性はない", "rule_out: DNS"},
      {"これは原因ではない", "rule_out"},
      {"put it back", "put_back"},
      {"Put this back, please.", "put_back"},
      {"put the cache back on the table", "put_back: cache"},
      {"put back orders-db", "put_back: orders-db"},
      {"undo the exclusion", "put_back"},
      {"take back the exclusion of the cache", "put_back: cache"},
      {"cancel that exclusion", "put_back"},
      {"reconsider the database", "put_back: database"},
      {"consider the network again", "put_back: network"},
      {"it may be Redis after all", "put_back: Redis"},
      {"stop excluding the queue", "put_back: queue"},
      {"Could you put the deploy back?", "put_back"},
      {"put everything back", "put_back: everything"},
      {"除外を取り消して", "put_back"},
      {"この除外を取り消して", "put_back"},
      {"キャッシュの除外を取り消してください", "put_back: キャッシュ"},
      {"データベースの除外を解除して", "put_back: データベース"},
      {"orders-db を候補に戻して", "put_back: orders-db"},
      {"これを候補に戻してください。", "put_back"},
      {"やっぱりキャッシュが原因かもしれない", "put_back: キャッシュ"},
      {"other causes?", "other_causes"},
      {"Look for other causes", "other_causes"},
      {"What else could it be?", "other_causes"},
      {"is there another possible explanation?", "other_causes"},
      {"他の原因を探して", "other_causes"},
      {"ほかに考えられる原因は？", "other_causes"},
      {"別の可能性はありますか？", "other_causes"},
      {"read the code", "read_code"},
      {"Can you check the source code?", "read_code"},
      {"look at the diff of that commit", "read_code"},
      {"コードを読んで", "read_code"},
      {"ソースコードも確認してください", "read_code"},
      {"that deploy was planned", "planned_change"},
      {"The change CHG0012345 was planned", "planned_change: CHG0012345"},
      {"the rollout of web 42 was expected", "planned_change: rollout of web 42"},
      {"we planned the migration", "planned_change: migration"},
      {"変更 CHG0012345 は計画されたものです", "planned_change: CHG0012345"},
      {"そのデプロイは予定どおりです", "planned_change"},
      {"Stop", "stop"},
      {"please stop the investigation.", "stop"},
      {"that's enough", "stop"},
      {"cancel it now", "stop"},
      {"中止して", "stop"},
      {"調査を止めてください。", "stop"},
      {"もうやめて", "stop"},
      {"continue", "continue"},
      {"Don't stop!", "continue"},
      {"OK, keep going please", "continue"},
      {"続けて", "continue"},
      {"調査を続行してください", "continue"},
      {"やめないで", "continue"},
  };
  for (const Row& row : rows) EXPECT_EQ(understood(row.sentence), row.wanted) << row.sentence;
}

TEST(Steering, UnderstandsTimes) {
  const std::vector<Row> rows = {
      {"look at 01:30–01:45", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"1:30 - 1:45", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"check between 01:30 and 01:45 please", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"from 01:30:15 to 01:45", "window: 2026-01-05T01:30:15Z 2026-01-05T01:45:00Z"},
      {"look at 10:30~10:45 JST", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"look at 23:50-00:10", "window: 2026-01-04T23:50:00Z 2026-01-05T00:10:00Z"},
      {"look at 2026-01-03T10:00Z to 2026-01-03 11:00:30+00:00",
       "window: 2026-01-03T10:00:00Z 2026-01-03T11:00:30Z"},
      {"2026-01-05 10:00 から 2026-01-05 11:00 JST", "window: 2026-01-05T01:00:00Z 2026-01-05T02:00:00Z"},
      {"look at 2026-01-03 10:00-11:00", "window: 2026-01-03T10:00:00Z 2026-01-03T11:00:00Z"},
      {"Look one hour earlier", "window: 2026-01-05T00:00:00Z 2026-01-05T02:00:00Z"},
      {"look 30 minutes earlier", "window: 2026-01-05T00:30:00Z 2026-01-05T02:00:00Z"},
      {"go two hours back", "window: 2026-01-04T23:00:00Z 2026-01-05T02:00:00Z"},
      {"half an hour later", "window: 2026-01-05T01:00:00Z 2026-01-05T02:30:00Z"},
      {"look since 00:45", "window: 2026-01-05T00:45:00Z 2026-01-05T02:00:00Z"},
      {"only until 01:20", "window: 2026-01-05T01:00:00Z 2026-01-05T01:20:00Z"},
      {"look around 01:30", "window: 2026-01-05T01:15:00Z 2026-01-05T01:45:00Z"},
      {"look at 01:30-01:30", "window: 2026-01-05T01:15:00Z 2026-01-05T01:45:00Z"},
      {"01:30〜01:45を調べて", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"０１：３０から０１：４５まで見て", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"日本時間の10時半から10時45分を見て", "window: 2026-01-05T01:30:00Z 2026-01-05T01:45:00Z"},
      {"1時間前から調べて", "window: 2026-01-05T00:00:00Z 2026-01-05T02:00:00Z"},
      {"30分前から見てください", "window: 2026-01-05T00:30:00Z 2026-01-05T02:00:00Z"},
      {"1時半頃を調べて", "window: 2026-01-05T01:15:00Z 2026-01-05T01:45:00Z"},
      {"0時45分以降を見て", "window: 2026-01-05T00:45:00Z 2026-01-05T02:00:00Z"},
  };
  for (const Row& row : rows) EXPECT_EQ(understood(row.sentence), row.wanted) << row.sentence;
}

TEST(Steering, ChangesNothingInDoubt) {
  for (const char* sentence : {
           "",
           " ",
           "?",
           "...",
           "thanks, great work",
           "it is not working",
           "It's not only the database",
           "this is not helpful",
           "isn't it the database?",
           "Is it not the cache?",
           "It is not the cache?",
           "don't rule out the cache",
           "never exclude the database",
           "do not read the code",
           "do not put it back",
           "could it be the cache after all?",
           "roll back the deploy",
           "the exclusion was right",
           "除外を取り消さないで",
           "デプロイを戻して",
           "that deploy was not planned",
           "the restart was unplanned",
           "was that deploy planned?",
           "the service stopped responding",
           "why did it stop?",
           "orders stopped at 01:30",
           "look at 25:99-26:00",
           "look at 01:30-01:45 yesterday",
           "昨日の01:30から01:45を見て",
           "look two days earlier",
           "look at 1678-01-01 10:00-11:00",
           "since 10:00 on 2261-12-31",
           "look at 1678-01-01T10:00Z to 2261-01-01T10:00Z",
           "look at 2026-13-41 10:00-11:00",
           "look at 028:30-001:45",
           "look at 2026-01-05T02:00Z to 2026-01-05T01:00Z",
           "look at the dashboard",
           "look from 02:30 until",
           "キャッシュを除外しないで",
           "データベースではないですか？",
           "データベースじゃないの？",
           "計画された変更ではない",
           "予定外の変更です",
           "サービスが停止しています",
           "コードは読まないで",
           "ありがとうございます",
           "'; DROP TABLE incidents; --",
           "<script>alert(1)</script>",
           "$(rm -rf /)",
           "\xff\xfe\xfa",
           "{{7*7}}",
           "IGNORE",
           "rule out",
       }) {
    const Steering steering = understand(sentence, kWindow);
    EXPECT_EQ(understood(sentence), "none") << sentence;
    EXPECT_THAT(steering.answer.en, HasSubstr("nothing changes"));
    EXPECT_THAT(steering.answer.ja, HasSubstr("何も変更しません"));
  }
  EXPECT_EQ(understood("rule out " + std::string(10'000, 'x')), "none");
  EXPECT_EQ(understood("look 600 hours earlier"), "none");
  EXPECT_THAT(understand("look 600 hours earlier", kWindow).answer.en, HasSubstr("At most 24 hours"));
}

TEST(Steering, TakesHostileWordsForWords) {
  EXPECT_EQ(understood("rule out \x1b[31mcache\x1b[0m"), "rule_out: \\u{1b}[31mcache\\u{1b}[0m");
  EXPECT_EQ(understood("rule out <img src=x onerror=alert(1)>"), "rule_out: <img src=x onerror=alert(1)>");
  EXPECT_EQ(understood("rule out password=hunter22"), "rule_out: password=[redacted]");
  EXPECT_EQ(understood("rule out \"the cache\" please"), "rule_out: the cache");
  EXPECT_EQ(understood("rule\n\tout\u3000the\u202ecache"), "rule_out: cache");
}

TEST(Steering, TakesTheFirstOfSeveral) {
  const Steering steering = understand("It is not the cache. Look at 01:30-01:45!", kWindow);
  EXPECT_EQ(steering.action, SteeringAction::kRuleOut);
  EXPECT_EQ(steering.what, "cache");
  EXPECT_THAT(steering.answer.en, HasSubstr("only this one was taken"));
  EXPECT_THAT(steering.answer.ja, HasSubstr("この 1 件だけ"));
  EXPECT_EQ(understood("Thanks. Now read the code."), "read_code");
}

TEST(Steering, SaysWhatItUnderstoodInBothLanguages) {
  const auto answer = [](const char* sentence) { return understand(sentence, kWindow).answer; };
  EXPECT_EQ(answer("rule out the cache").en, "\"cache\" is ruled out; the other causes are weighed again.");
  EXPECT_EQ(answer("rule out the cache").ja, "「cache」を原因から除外し、残りの候補を評価し直します。");
  EXPECT_EQ(answer("01:30-01:45").en,
            "The time from 2026-01-05T01:30:00Z to 2026-01-05T01:45:00Z is looked at.");
  EXPECT_EQ(answer("that deploy was planned").ja, "疑われている変更を、計画された変更として扱います。");
  EXPECT_EQ(answer("put back the cache").en, "\"cache\" is put back, and all are weighed again.");
  EXPECT_EQ(answer("除外を取り消して").ja, "最後の除外を取り消し、全体を評価し直します。");
  EXPECT_EQ(answer("stop").en, "The investigation stops.");
}

RC_GTEST_PROP(Steering, BearsAnything, (const std::string& text, bool prefixed)) {
  const Steering steering = understand(prefixed ? "rule out " + text : text, kWindow);
  RC_ASSERT(base::is_valid_utf8(steering.what));
  RC_ASSERT(steering.what.size() <= 120U);
  RC_ASSERT(!steering.answer.en.empty() && !steering.answer.ja.empty());
  RC_ASSERT(steering.window.has_value() == (steering.action == SteeringAction::kWindow));
}

}  // namespace
}  // namespace midwatch::intake
