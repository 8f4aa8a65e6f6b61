#include "src/connectors/bundle/bundle_files.h"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/clock.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"

namespace midwatch::connectors::bundle {
namespace {

using ::testing::AllOf;
using testing::bundle_json;
using testing::Container;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Files;
using testing::gzip;
using ::testing::HasSubstr;
using testing::Members;
using ::testing::Not;
using testing::TarMember;
using testing::TemporaryFolder;
using testing::write_bundle;
using testing::zstd;

const base::ManualClock kClock{base::Timestamp{}};

runtime::RequestContext unlimited() {
  return runtime::RequestContext::unlimited(kClock);
}

base::Result<std::unique_ptr<BundleFiles>> open_bundle(const std::string& path) {
  return BundleFiles::open_bundle(path, unlimited());
}

std::string error_of(const std::string& path) {
  const auto files = open_bundle(path);
  return files ? std::string("opened") : files.error().describe();
}

std::vector<std::string> names_of(const BundleFiles& files) {
  std::vector<std::string> names;
  for (const auto& file : files.files()) names.push_back(file.name);
  return names;
}

std::vector<std::string> gaps_of(const BundleFiles& files) {
  std::vector<std::string> gaps;
  for (const auto& gap : files.gaps()) {
    gaps.push_back(gap.what.en);
    EXPECT_NE(gap.what.en, gap.what.ja);
  }
  return gaps;
}

std::string content_of(const BundleFiles& files, std::string_view name) {
  for (const auto& file : files.files()) {
    if (file.name != name) continue;
    auto source = files.open(file, unlimited());
    if (!source) return "error: " + source.error().describe();
    auto text = read_all(**source, 1 << 30);
    return text ? *text : "error: " + text.error().describe();
  }
  return "no such file";
}

struct Kept {
  Container container;
  Members members;
};

class EachForm : public ::testing::TestWithParam<Kept> {};
INSTANTIATE_TEST_SUITE_P(
    Forms, EachForm,
    ::testing::Values(Kept{Container::kFolder, Members::kPlain}, Kept{Container::kFolder, Members::kGzip},
                      Kept{Container::kFolder, Members::kZstd}, Kept{Container::kTar, Members::kPlain},
                      Kept{Container::kTarGz, Members::kPlain}, Kept{Container::kTarGz, Members::kZstd},
                      Kept{Container::kTarZst, Members::kPlain}, Kept{Container::kTarZst, Members::kGzip}));

TEST_P(EachForm, HasTheSameNamesOrderAndContents) {
  const TemporaryFolder folder;
  const std::string big(6UL << 20U, 'b');  // too large to be kept from the first pass over an archive
  const Files written{{"bundle.json", bundle_json()}, {"logs.ndjson", "l\n"},   {"logs/b.ndjson", "b\n"},
                      {"logs/a.ndjson", "a\n"},       {"metrics.csv", big},     {"raw/kubernetes/x.txt", "k"},
                      {"code/web/注文.ts", "t"},      {"notes.txt", "unknown"}, {"traces.ndjson", ""}};
  const auto files = open_bundle(write_bundle(folder, written, GetParam().container, GetParam().members));
  ASSERT_TRUE(files) << files.error().describe();
  std::vector<std::string> names;
  for (const auto& [name, content] : written) {
    names.push_back(name);
    EXPECT_EQ(content_of(**files, name) == content, true) << name;
  }
  EXPECT_EQ(names_of(**files), names);
  EXPECT_THAT(gaps_of(**files), ElementsAre());
  for (std::uint32_t i = 0; i < (*files)->files().size(); ++i)
    EXPECT_EQ((*files)->position((*files)->files()[i]), i);
  EXPECT_EQ((*files)->signal("logs", ".ndjson").size(), 3U);
  EXPECT_EQ((*files)->signal("metrics", ".csv").size(), 1U);
  EXPECT_TRUE((*files)->signal("changes", ".ndjson").empty());
}

TEST(BundleFiles, PartsAreWhatLiesInTheFolderAndHasTheEnding) {
  const TemporaryFolder folder;
  const auto files = open_bundle(write_bundle(folder,
                                              {{"bundle.json", bundle_json()},
                                               {"metrics/2.csv", ""},
                                               {"metrics/10.csv", ""},
                                               {"metrics/deep/1.csv", ""},
                                               {"metrics/readme.txt", ""},
                                               {"metrics/.2.csv.swp.csv", ""},
                                               {"metricsx.csv", ""},
                                               {"metrics.csv.bak", ""}},
                                              Container::kFolder));
  ASSERT_TRUE(files);
  std::vector<std::string> parts;
  for (const auto& file : (*files)->signal("metrics", ".csv")) parts.push_back(file.name);
  EXPECT_THAT(parts, ElementsAre("metrics/10.csv", "metrics/2.csv", "metrics/deep/1.csv"));
}

TEST(BundleFiles, AnEmptyFolderIsKnown) {
  const TemporaryFolder folder;
  const std::string path = write_bundle(folder, {{"bundle.json", bundle_json()}}, Container::kFolder);
  std::filesystem::create_directories(path + "/logs");
  EXPECT_TRUE((*open_bundle(path))->has_folder("logs"));
  EXPECT_FALSE((*open_bundle(path))->has_folder("metrics"));
  const std::string archive =
      folder.write("a.tar", testing::tar({{"b/bundle.json", bundle_json()}, {"b/logs/", "", '5'}}));
  EXPECT_TRUE((*open_bundle(archive))->has_folder("logs"));
}

TEST(BundleFiles, OfAPlainAndACompressedFormThePlainOneIsRead) {
  const TemporaryFolder folder;
  const auto files = open_bundle(write_bundle(folder,
                                              {{"bundle.json", bundle_json()},
                                               {"logs.ndjson", "plain"},
                                               {"logs.ndjson.gz", gzip("packed")},
                                               {"logs.ndjson.zst", zstd("packed")}},
                                              Container::kFolder));
  ASSERT_TRUE(files);
  EXPECT_EQ(content_of(**files, "logs.ndjson"), "plain");
  EXPECT_THAT(gaps_of(**files), ElementsAre(AllOf(HasSubstr("logs.ndjson"), HasSubstr("plain one is read"))));
}

TEST(BundleFiles, WhatIsNoBundleIsToldWithAdvice) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(folder.path() + "/none"),
              AllOf(HasSubstr("no such file"), HasSubstr("check the path")));
  std::filesystem::create_directories(folder.path() + "/empty");
  EXPECT_THAT(error_of(folder.path() + "/empty"), AllOf(HasSubstr("no bundle.json"), HasSubstr("docs/")));
  EXPECT_THAT(error_of("/dev/null"), HasSubstr("a pipe or a device"));
  folder.write("outer/inner/bundle.json", bundle_json());
  EXPECT_THAT(error_of(folder.path() + "/outer"), HasSubstr("in its folder 'inner': give that"));
  EXPECT_THAT(error_of(folder.write("x.json", bundle_json())),
              HasSubstr("give the folder that holds bundle.json"));
  EXPECT_THAT(error_of(folder.write("x.zip", "PK\x03\x04zip")), HasSubstr("zip archive: unpack it"));
  EXPECT_THAT(error_of(folder.write("x.7z", "7z\xBC\xAF'\x1C")), HasSubstr("7z archive: unpack it"));
  EXPECT_THAT(error_of(folder.write("x.tar.xz", std::string("\xFD"
                                                            "7zXZ\0",
                                                            6))),
              HasSubstr("pack it as .tar.gz or .tar.zst"));
  EXPECT_THAT(error_of(folder.write("x.tar", "")), HasSubstr("it is empty"));
  EXPECT_THAT(error_of(folder.write("y.tar", "what is this")), HasSubstr("damaged tar archive, or none"));
  EXPECT_THAT(error_of(folder.write("y.tar.gz", gzip("what is this"))),
              HasSubstr("damaged tar archive, or none"));
  EXPECT_THAT(error_of(folder.write("z.tar.gz", gzip(testing::tar({{"a", "b"}})))),
              HasSubstr("no bundle.json"));
}

TEST(FolderFiles, LinksAndSpecialFilesAreNotFollowed) {
  const TemporaryFolder folder;
  folder.write("secret.txt", "secret");
  const std::string path = write_bundle(folder, {{"bundle.json", bundle_json()}}, Container::kFolder);
  std::filesystem::create_symlink(folder.path() + "/secret.txt", path + "/logs.ndjson");
  std::filesystem::create_directory_symlink(folder.path(), path + "/raw");
  ASSERT_EQ(::mkfifo((path + "/events.ndjson").c_str(), 0600), 0);
  const auto files = open_bundle(path);
  ASSERT_TRUE(files);
  EXPECT_THAT(names_of(**files), ElementsAre("bundle.json"));
  EXPECT_THAT(gaps_of(**files), ElementsAre(AllOf(HasSubstr("events.ndjson"), HasSubstr("pipe")),
                                            AllOf(HasSubstr("logs.ndjson, raw"), HasSubstr("link"))));
}

TEST(FolderFiles, WhatMayNotBeReadIsNamed) {
  const TemporaryFolder folder;
  const std::string path =
      write_bundle(folder, {{"bundle.json", bundle_json()}, {"logs/a.ndjson", "{}"}, {"events.ndjson", "{}"}},
                   Container::kFolder);
  ASSERT_EQ(::chmod((path + "/logs").c_str(), 0), 0);
  ASSERT_EQ(::chmod((path + "/events.ndjson").c_str(), 0), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  const bool is_root = ::geteuid() == 0;
  const auto become = [is_root](uid_t user) { return is_root ? ::seteuid(user) : 0; };
  EXPECT_EQ(become(65534), 0);  // the superuser may read everything
  const auto files = open_bundle(path);
  const std::string events = files ? content_of(**files, "events.ndjson") : "";
  EXPECT_EQ(become(0), 0);
  ASSERT_EQ(::chmod((path + "/logs").c_str(), 0700), 0);
  ASSERT_TRUE(files) << files.error().describe();
  EXPECT_THAT(gaps_of(**files), ElementsAre(AllOf(HasSubstr("logs"), HasSubstr("check its permissions"))));
  EXPECT_THAT(events, HasSubstr("Permission denied"));
}

TEST(FolderFiles, FoldersWithoutEndAreNotFollowed) {
  const TemporaryFolder folder;
  std::string deep = "bundle/raw";
  for (std::size_t i = 0; i < kMaxPathDepth + 10; ++i) deep += "/d";
  folder.write("bundle/bundle.json", bundle_json());
  folder.write(deep + "/x.txt", "x");
  const auto files = open_bundle(folder.path() + "/bundle");
  ASSERT_TRUE(files);
  EXPECT_THAT(names_of(**files), ElementsAre("bundle.json"));
  EXPECT_THAT(gaps_of(**files), ElementsAre(HasSubstr("too deep")));
}

/// Opens an archive of a bundle.json and `members`.
class Archive {
 public:
  explicit Archive(std::vector<TarMember> members) {
    members.insert(members.begin(), {"bundle.json", bundle_json()});
    auto opened = open_bundle(folder_.write("a.tar.gz", gzip(testing::tar(members))));
    if (opened) {
      files = *std::move(opened);
    } else {
      error = opened.error().describe();
    }
  }
  std::unique_ptr<BundleFiles> files;
  std::string error;

 private:
  TemporaryFolder folder_;
};

TEST(ArchiveFiles, PathsThatReachOutsideAreRefused) {
  const struct {
    TarMember member;
    std::string_view why;
  } cases[] = {
      {{"/etc/passwd", "x"}, "absolute path"},
      {{"../logs.ndjson", "x"}, "'..'"},
      {{"raw/../../x", "x"}, "'..'"},
      {{"raw/..", "x"}, "'..'"},
      {{"logs.ndjson", "", '2', "/etc/passwd"}, "a link"},
      {{"logs.ndjson", "", '1', "bundle.json"}, "a link"},
      {{"logs.ndjson", "", '3'}, "device"},
      {{"logs.ndjson", "", '4'}, "device"},
      {{"logs.ndjson", "", '6'}, "pipe"},
      {{".", "x"}, "without a name"},
  };
  for (const auto& c : cases) {
    const Archive archive({c.member, {"metrics.csv", "after"}});
    ASSERT_TRUE(archive.files) << archive.error;
    EXPECT_THAT(names_of(*archive.files), ElementsAre("bundle.json", "metrics.csv")) << c.member.name;
    EXPECT_THAT(gaps_of(*archive.files), ElementsAre(HasSubstr(std::string(c.why)))) << c.member.name;
    EXPECT_EQ(content_of(*archive.files, "metrics.csv"), "after");
  }
}

TEST(ArchiveFiles, PathsThatOnlyLookOddAreMadePlain) {
  const Archive archive({{"./metrics.csv", "m"}, {"raw//kubernetes/./x.txt", "k"}, {"raw/a..b", "dots"}});
  ASSERT_TRUE(archive.files) << archive.error;
  EXPECT_THAT(names_of(*archive.files),
              ElementsAre("bundle.json", "metrics.csv", "raw/a..b", "raw/kubernetes/x.txt"));
  EXPECT_THAT(gaps_of(*archive.files), ElementsAre());
}

/// A record of a pax header (POSIX.1-2001); it begins with its own length.
std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t length = 0;
  std::string record;
  do {
    length = record.size();
    record = fmt::format("{} {}={}\n", length, key, value);
  } while (record.size() != length);
  return record;
}

/// A pax header that gives the next member this path.
TarMember pax_path(const std::string& path) {
  return {"pax", pax_record("path", path), 'x'};
}

TEST(ArchiveFiles, LongAndDeepPathsAreBounded) {
  std::string deep = "raw";
  for (std::size_t i = 0; i < kMaxPathDepth; ++i) deep += "/d";
  const Archive archive({pax_path("raw/" + std::string(200, 'n')),
                         {"x", "long"},
                         pax_path("raw/" + std::string(kMaxPathBytes, 'n')),
                         {"x", "too long"},
                         pax_path(deep),
                         {"x", "too deep"}});
  ASSERT_TRUE(archive.files) << archive.error;
  EXPECT_THAT(names_of(*archive.files), ElementsAre("bundle.json", "raw/" + std::string(200, 'n')));
  EXPECT_THAT(gaps_of(*archive.files), ElementsAre(HasSubstr("too long or too deep")));
}

TEST(ArchiveFiles, NamesInAnyEncodingAreRepaired) {
  const Archive archive({{"raw/\xFF.txt", "x"}, {"raw/日本.txt", "y"}});
  ASSERT_TRUE(archive.files) << archive.error;
  EXPECT_THAT(names_of(*archive.files), ElementsAre("bundle.json", "raw/日本.txt", "raw/\xEF\xBF\xBD.txt"));
  EXPECT_EQ(content_of(*archive.files, "raw/\xEF\xBF\xBD.txt"), "x");
}

TEST(ArchiveFiles, OfEqualNamesTheFirstIsRead) {
  const Archive archive({{"logs.ndjson", "one"}, {"./logs.ndjson", "two"}});
  ASSERT_TRUE(archive.files) << archive.error;
  EXPECT_EQ(content_of(*archive.files, "logs.ndjson"), "one");
  EXPECT_THAT(gaps_of(*archive.files), ElementsAre(HasSubstr("more than once")));
}

TEST(ArchiveFiles, TheFolderThatWasPackedIsTheRoot) {
  const TemporaryFolder folder;
  const auto files = open_bundle(folder.write("a.tar", testing::tar({{"case-7/raw/bundle.json", "{}"},
                                                                     {"case-7/bundle.json", bundle_json()},
                                                                     {"case-7/logs.ndjson", "l"},
                                                                     {"readme.txt", "r"}})));
  ASSERT_TRUE(files) << files.error().describe();
  EXPECT_THAT(names_of(**files), ElementsAre("bundle.json", "logs.ndjson", "raw/bundle.json"));
  EXPECT_THAT(gaps_of(**files), ElementsAre(AllOf(HasSubstr("readme.txt"), HasSubstr("outside the folder"))));
}

TEST(ArchiveFiles, ABombByCountIsRefused) {
  std::vector<TarMember> many{{"bundle.json", bundle_json()}};
  for (std::size_t i = 0; i <= kMaxMembers; ++i) many.push_back({"l", "", '2', "x"});
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(folder.write("a.tar.zst", zstd(testing::tar(many)))),
              HasSubstr("more than 100000 members"));
}

TEST(ArchiveFiles, ABombByRatioIsRefusedWhereverItLies) {
  const TemporaryFolder folder;
  const std::string zeros(200UL << 20U, '\0');
  const std::string outer = testing::tar({{"bundle.json", bundle_json()}, {"logs.ndjson", zeros}});
  const auto whole = open_bundle(folder.write("a.tar.zst", zstd(outer)));
  ASSERT_TRUE(whole) << whole.error().describe();  // what came before is read
  EXPECT_THAT(gaps_of(**whole), ElementsAre(HasSubstr("decompression bomb")));
  const auto inner = open_bundle(folder.write(
      "b.tar", testing::tar({{"bundle.json", bundle_json()}, {"logs.ndjson.zst", zstd(zeros)}})));
  ASSERT_TRUE(inner) << inner.error().describe();
  EXPECT_THAT(content_of(**inner, "logs.ndjson"), HasSubstr("decompression bomb"));
}

TEST(ArchiveFiles, ASparseFileIsRefused) {
  // GNU sparse 1.0 in a pax header: four tebibytes out of nothing.
  const std::string pax = pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") +
                          pax_record("GNU.sparse.name", "logs.ndjson") +
                          pax_record("GNU.sparse.realsize", "4398046511104");
  std::string map = "1\n4398046511104\n0\n";
  map.resize(512, '\0');
  const Archive archive({{"pax", pax, 'x'}, {"GNUSparseFile.0/logs.ndjson", map}, {"metrics.csv", "after"}});
  ASSERT_TRUE(archive.files) << archive.error;
  EXPECT_THAT(names_of(*archive.files), Not(Contains("logs.ndjson")));
  EXPECT_THAT(gaps_of(*archive.files), ElementsAre(HasSubstr("sparse")));
  EXPECT_EQ(content_of(*archive.files, "metrics.csv"), "after");
}

TEST(ArchiveFiles, ACutArchiveGivesWhatCameBeforeAndNamesTheDamage) {
  const std::string small(100'000, 's');
  const std::string whole =
      testing::tar({{"bundle.json", bundle_json()}, {"logs.ndjson", "whole\n"}, {"metrics.csv", small}});
  const TemporaryFolder folder;
  const auto files = open_bundle(folder.write("a.tar", whole.substr(0, whole.size() - 60'000)));
  ASSERT_TRUE(files) << files.error().describe();
  EXPECT_EQ(content_of(**files, "logs.ndjson"), "whole\n");
  EXPECT_THAT(content_of(**files, "metrics.csv"), HasSubstr("error: "));
  EXPECT_THAT(gaps_of(**files), ElementsAre(HasSubstr("what came before the damage is read")));
}

TEST(ArchiveFiles, NoCutOfAnArchiveIsFatalOrSilent) {
  const std::string whole =
      gzip(testing::tar({{"bundle.json", bundle_json()}, {"logs.ndjson", std::string(3000, 'x')}}));
  const TemporaryFolder folder;
  for (std::size_t length = 1; length < whole.size(); length += 3) {
    const auto files = open_bundle(folder.write("a.tar.gz", whole.substr(0, length)));
    if (!files) continue;  // an error says so
    EXPECT_FALSE((*files)->gaps().empty()) << length;
  }
}

TEST(ArchiveFiles, WhatFollowsTheEndOfTheArchiveIsTold) {
  const TemporaryFolder folder;
  const std::string one = testing::tar({{"bundle.json", bundle_json()}});
  const auto padded = open_bundle(folder.write("a.tar", one + std::string(100'000, '\0')));
  ASSERT_TRUE(padded);
  EXPECT_THAT(gaps_of(**padded), ElementsAre());
  const auto followed = open_bundle(
      folder.write("b.tar", one + std::string(20'000, '\0') + testing::tar({{"logs.ndjson", "l"}})));
  ASSERT_TRUE(followed);
  EXPECT_THAT(gaps_of(**followed), ElementsAre(HasSubstr("follows the end of the archive")));
}

TEST(ArchiveFiles, CancellationEndsTheFirstPass) {
  const TemporaryFolder folder;
  const std::string path =
      write_bundle(folder, {{"bundle.json", bundle_json()}, {"logs.ndjson", std::string(5UL << 20U, 'x')}},
                   Container::kTar);
  std::stop_source stop;
  stop.request_stop();
  const auto files = BundleFiles::open_bundle(path, {kClock, std::nullopt, stop.get_token()});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace midwatch::connectors::bundle
