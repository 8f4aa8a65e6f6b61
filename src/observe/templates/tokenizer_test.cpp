#include "src/observe/templates/tokenizer.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::templates {
namespace {

/// The words of a line: variable ones in braces, "?" behind a soft one, "~" before a name.
std::string looks(std::string_view line) {
  std::vector<Piece> pieces;
  tokenize(line, pieces);
  std::string out;
  for (const Piece& p : pieces) {
    if (!out.empty()) out += ' ';
    const std::string text(p.text(line));
    out += p.look == Look::kHard   ? "{" + text + "}"
           : p.look == Look::kSoft ? "{" + text + "?}"
           : p.look == Look::kName ? "~" + text
                                   : text;
  }
  return out;
}

std::uint64_t hash_of(std::string_view line) {
  std::vector<Piece> pieces;
  tokenize(line, pieces);
  return skeleton_hash(line, pieces);
}

TEST(Tokenizer, JudgesWordsByWhatTheyLookLike) {
  const struct {
    const char* line;
    const char* looks;
  } cases[] = {
      {"stored order 12 in 3.5 ms", "stored order {12} in {3.5} {ms?}"},
      {"open /var/lib/data failed", "open {/var/lib/data} failed"},
      {R"(loaded C:\Windows\a.dll)", R"(loaded C {\Windows\a.dll})"},
      {"GET https://shop.example/a?b=c, ok", "GET https {shop.example/a?b=c} ok"},
      {"at Sun Jan 5 2026", "at {Sun} {Jan} {5} {2026}"},
      {"port=80 tty=ssh", "port {80} tty {ssh?}"},
      {"session of user alice ended", "session of user {alice?} ended"},
      {"user 'admin' and root", "user {admin} and {root}"},
      {"call() of []", "call {?} of {?}"},
      {"view tag=\"a b\" shown", "view tag {a b?} shown"},
      {"names [a, b, c] and [d]", "names {a, b, c?} and d"},
      {"\"GET /x HTTP/1.1\" 200", "GET {/x HTTP/1.1} {200}"},
      {"failed - now, 5 - 6, 7 -> 8", "failed - now {5} {-?} {6} {7} - {8}"},
      {"handler(12) left", "{handler(12)} left"},
      {"class org.example.shop.Orders failed", "class ~org.example.shop.Orders failed"},
      {"host db.example.internal 10.0.0.1", "host {db.example.internal?} {10.0.0.1}"},
      {"host db.example.internal:5432", "host {db.example.internal} {5432}"},
      {"eth1 ssh2 blk_1234 node-17", "{eth1?} {ssh2?} {blk_1234} {node-17}"},
      {"mac 00:ba:fe:00:11:22", "mac {00} {ba?} {fe?} {00} {11} {22}"},
      {"id deadbeefcafe seen", "id {deadbeefcafe} seen"},
      {"lease 10.0.0.1.", "lease {10.0.0.1}"},
      {"", ""},
      {"=", ""},
      {"\"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(looks(c.line), c.looks) << c.line;
}

TEST(SkeletonHash, IsTheSameForLinesThatDifferInVariableWordsOnly) {
  EXPECT_EQ(hash_of("stored order 12"), hash_of("stored order 13"));
  EXPECT_EQ(hash_of("nodes 1, 2, 3 left"), hash_of("nodes 4 left"));
  EXPECT_NE(hash_of("stored order 12"), hash_of("stored item 12"));
  EXPECT_NE(hash_of("stored order 12"), hash_of("stored order"));
}

TEST(Tokenizer, LooksAtABoundedNumberOfWords) {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "word ";
  std::vector<Piece> pieces;
  tokenize(line, pieces);
  EXPECT_EQ(pieces.size(), kMaxPieces);
}

RC_GTEST_PROP(Tokenizer, FindsOrderedPiecesInAnyBytes, (const std::string& line)) {
  std::vector<Piece> pieces;
  tokenize(line, pieces);
  std::size_t last = 0;
  for (const Piece& p : pieces) {
    RC_ASSERT(p.begin >= last);
    RC_ASSERT(p.begin <= p.end);
    RC_ASSERT(p.end <= line.size());
    last = p.end;
  }
}

}  // namespace
}  // namespace midwatch::observe::templates
