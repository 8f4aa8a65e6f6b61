#include "src/api/problem_words.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/api/problem.h"
#include "src/api/testing/api_fixture.h"
#include "src/base/json_access.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::api {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::header_of;
using testing::json_body;

/// Where the errors are made that somebody in front of the page can meet. What is told only to who starts the
/// server, or to who reads its log, needs no other language.
constexpr auto kSources = std::to_array<const char*>({
    "src/api",
    "src/identity/password.cpp",
    "src/identity/secret.cpp",
    "src/identity/sign_ins.cpp",
    "src/identity/throttle.cpp",
    "src/identity/tokens.cpp",
    "src/identity/turns.cpp",
    "src/identity/users.cpp",
    "src/store/sql_query.cpp",
    "src/store/sql_query.h",
    "src/store/sql_session.cpp",
    "src/store/sql_accounts.cpp",
    "src/app/watch/alarm_intake.cpp",
    "src/app/watch/token_check.cpp",
    "src/app/watch/sandbox_worlds.cpp",
    "src/notify/announcer.cpp",
    "src/intake/example.cpp",
});
/// These make an error of what stands between their parentheses.
constexpr auto kMakers = std::to_array<std::string_view>(
    {"user_error(", "environment_error(", "invalid(", "wrong(", "refused(", "problem("});

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<fs::path> files_of(const std::string& source) {
  const fs::path path = fs::path(MIDWATCH_SOURCE_DIR) / source;
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".cpp") && !name.ends_with("_test.cpp")) files.push_back(entry.path());
  }
  return files;
}

/// The string literals of a call whose arguments begin at `at`, neighbours joined as the compiler does.
std::vector<std::string> literals_of(const std::string& source, std::size_t at) {
  std::vector<std::string> all;
  bool joins = false;
  for (int depth = 1; depth > 0 && at < source.size(); ++at) {
    const char c = source[at];
    if (c == '"') {
      std::string literal;
      for (++at; source[at] != '"'; ++at) {
        if (source[at] == '\\') ++at;
        literal += source[at];
      }
      if (joins) {
        all.back() += literal;
      } else {
        all.push_back(literal);
      }
      joins = true;
      continue;
    }
    if (c == ' ' || c == '\n') continue;
    joins = false;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '\'') at += source[at + 1] == '\\' ? 3 : 2;  // a letter, which may be a parenthesis
  }
  return all;
}

/// All that errors of these sources say.
std::set<std::string> said_in_sources() {
  std::set<std::string> said;
  for (const char* source : kSources) {
    for (const auto& file : files_of(source)) {
      const std::string text = text_of(file);
      EXPECT_FALSE(text.empty()) << file;
      for (const auto maker : kMakers)
        for (std::size_t at = text.find(maker); at != std::string::npos; at = text.find(maker, at + 1))
          for (auto& literal : literals_of(text, at + maker.size())) said.insert(std::move(literal));
    }
  }
  return said;
}

/// Something in each place.
std::string with_places_filled(std::string text) {
  for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", at + 1))
    text.replace(at, 2, "x");
  return text;
}

bool has_letters_of_japanese(std::string_view text) {
  // Hiragana, katakana and most kanji begin with these bytes of UTF-8.
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE3 && byte <= 0xE9;
  });
}

TEST(ProblemCatalogue, HasAllThatErrorsSay) {
  constexpr std::size_t kShortest = 8;  // of a sentence: less is a name or a separator
  const auto said = said_in_sources();
  EXPECT_GT(said.size(), 90U) << "the sources are not read as they were";
  for (const auto& text : said) {
    const std::string example = with_places_filled(text);
    if (example.find(' ') == std::string::npos || example.size() < kShortest) continue;
    // A text that ends in ": " goes on with what the program found.
    EXPECT_TRUE(in_japanese(example) || in_japanese(example + "x")) << "no entry for: " << text;
  }
}

TEST(ProblemCatalogue, HasEachEntryOnceAndWhole) {
  std::set<std::string_view> seen;
  for (const auto& [en, ja] : problem_catalogue()) {
    EXPECT_TRUE(seen.insert(en).second) << en;
    EXPECT_TRUE(has_letters_of_japanese(ja) || en == "webhook") << en;
    std::size_t places = 0;
    for (std::size_t at = en.find("{}"); at != std::string_view::npos; at = en.find("{}", at + 1)) {
      EXPECT_NE(ja.find("{" + std::to_string(places) + "}"), std::string_view::npos) << en;
      ++places;
    }
    EXPECT_EQ(static_cast<std::size_t>(std::count(ja.begin(), ja.end(), '{')), places) << en;
  }
}

TEST(ProblemCatalogue, PutsWhatIsParticularInItsPlace) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"there is no such incident: inc-1", "そのインシデントはありません: inc-1"},
      {"there is no such failure mode: x", "その障害モードはありません: x"},
      {"the member start.pod of the body is unknown; known are: alarm, latest",
       "本文の項目 start.pod: 使えません。使えるもの: alarm, latest"},
      {"the parameter limit is no whole number from 1 to 500: 0",
       "パラメーター limit は 1 から 500 までの整数で指定してください: 0"},
      {"the space shop would be left without an admin who can sign in; give somebody else the role first",
       "スペース shop にサインインできる管理者がいなくなります。先にほかの人へロールを与えてください"},
      {"database /var/m.db: the disk is full; free some space, or let less be kept",
       "データベース /var/m.db: ディスクが満杯です。空き容量を増やすか、保存する量を減らしてください"},
      {"reading shop: you are not signed in, or not any more",
       "reading shop: サインインしていないか、セッションが終わっています"},
      {"there is nothing at /{0}{1}{}", "/{0}{1}{} には何もありません"},
  };
  for (const auto& [english, japanese] : rows) EXPECT_EQ(in_japanese(english), japanese) << english;
  EXPECT_FALSE(in_japanese("something that nobody wrote down"));
  EXPECT_FALSE(in_japanese(""));
  EXPECT_FALSE(in_japanese(std::string(5'000, ':') + " "));
}

TEST(ProblemCatalogue, LooksOnlySoDeepIntoWhatSomebodySent) {
  std::string within;
  std::string behind;
  for (int i = 0; i < 2000; ++i) {
    within += "the body: ";
    behind += "a: ";
  }
  EXPECT_TRUE(in_japanese(within + "end").value_or("").ends_with(within.substr(within.size() - 100) + "end"));
  EXPECT_FALSE(in_japanese(behind + "must not be empty").has_value());
  EXPECT_EQ(in_japanese("a: b: must not be empty"), "a: b: 空にできません");
}

TEST(ProblemLanguage, IsWhatTheBrowserLikesBest) {
  using model::Language;
  const std::vector<std::pair<std::string, Language>> rows{
      {"", Language::kEnglish},
      {"ja", Language::kJapanese},
      {"ja-JP, en;q=0.8", Language::kJapanese},
      {"en-US,en;q=0.9,ja;q=0.8", Language::kEnglish},
      {"fr, ja;q=0.5, en;q=0.4", Language::kJapanese},
      {"ja;q=0, en", Language::kEnglish},
      {"ja;q=0.123456, en;q=0.1", Language::kJapanese},
      {"JA ; q=1.0", Language::kJapanese},
      {"*", Language::kEnglish},
      {"jav", Language::kEnglish},
      {"ja;q=x", Language::kEnglish},
      {",;,;q=,=", Language::kEnglish},
  };
  for (const auto& [header, language] : rows) EXPECT_EQ(preferred_language(header), language) << header;
}

TEST(Problems, AreInTheLanguageOfWhoAsks) {
  testing::ApiUnderTest api(*store::sqlite::open_sqlite(":memory:"));
  const std::pair<std::string, std::string> ja{"Accept-Language", "ja,en;q=0.5"};
  struct Row {
    testing::Request request;
    int status;
    const char* title;
    const char* detail;
  };
  const std::vector<Row> rows{
      {{"GET", "/api/v1/incidents?limit=0", "", {ja}}, 400, "要求に誤りがあります", "整数で指定"},
      {{"GET", "/api/v1/incidents/inc-none", "", {ja}},
       404,
       "見つかりません",
       "そのインシデントはありません"},
      {{"PATCH", "/api/v1/incidents/inc-shop", R"({"status":"resolved"})", {ja}},
       428,
       "前提の指定が必要です",
       "If-Match"},
      {{"GET", "/api/v1/audit", "", {ja}}, 403, "許可されていません", "ロール admin"},
      {{"DELETE", "/api/v1/session", "", {ja}}, 409, "競合しています", "セッションはありません"},
      {{"GET", "/nothing", "", {ja}}, 404, "見つかりません", "/nothing"},
  };
  for (const auto& [request, status, title, detail] : rows) {
    const auto answer = api.send(request);
    EXPECT_EQ(answer.status, status) << request.target;
    EXPECT_EQ(header_of(answer, "Content-Language"), "ja");
    EXPECT_EQ(base::text_at(json_body(answer), "title"), title);
    EXPECT_THAT(base::text_at(json_body(answer), "detail"), HasSubstr(detail));
  }
  const auto plain = api.send({"GET", "/api/v1/incidents/inc-none"});
  EXPECT_EQ(header_of(plain, "Content-Language"), "en");
  EXPECT_EQ(base::text_at(json_body(plain), "title"), "Not Found");
  EXPECT_EQ(header_of(api.send({"GET", "/api/v1/server", "", {ja}}), "Content-Language"), "")
      << "what is no problem is left alone";
}

TEST(Problems, QuoteInEnglishWhatTheCatalogueLacks) {
  http::ServerResponse answer =
      problem_of(base::external_error(base::ErrorCode::kTimeout, "the account said nothing"), "req-1");
  put_problem_into(model::Language::kJapanese, answer);
  EXPECT_EQ(base::text_at(json_body(answer), "title"), "外部サービスが時間内に応答しません");
  EXPECT_EQ(base::text_at(json_body(answer), "detail"), "詳細 (英語): the account said nothing");
}

TEST(Problems, HaveATitleOfEachStatusInJapanese) {
  for (const int status :
       {400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 421, 422, 428, 429, 500, 501, 502, 503, 504, 507}) {
    http::ServerResponse answer = problem(status, "", "req-1");
    put_problem_into(model::Language::kJapanese, answer);
    EXPECT_TRUE(has_letters_of_japanese(base::text_at(json_body(answer), "title"))) << status;
  }
}

}  // namespace
}  // namespace midwatch::api
