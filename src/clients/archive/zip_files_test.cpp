#include "src/clients/archive/zip_files.h"

#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::clients::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr ZipLimits kWide{1'000'000, 100'000, 1'000'000, 100};

struct Member {
  std::string path;
  std::string content = {};
  unsigned type = AE_IFREG;
  std::string link = {};
};

/// An archive as other tools write it; also such as no honest tool writes.
std::string zip(const std::vector<Member>& members, const char* options = "compression=deflate") {
  std::string bytes(1U << 20U, '\0');
  std::size_t used = 0;
  const std::unique_ptr<::archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                      archive_write_free);
  archive_write_set_format_zip(out.get());
  archive_write_set_passphrase(out.get(), "passphrase");
  EXPECT_EQ(archive_write_set_options(out.get(), options), ARCHIVE_OK) << options;
  EXPECT_EQ(archive_write_open_memory(out.get(), bytes.data(), bytes.size(), &used), ARCHIVE_OK);
  for (const Member& m : members) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              archive_entry_free);
    archive_entry_set_pathname(entry.get(), m.path.c_str());
    archive_entry_set_filetype(entry.get(), m.type);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(m.content.size()));
    if (!m.link.empty()) archive_entry_set_symlink(entry.get(), m.link.c_str());
    EXPECT_EQ(archive_write_header(out.get(), entry.get()), ARCHIVE_OK) << m.path;
    archive_write_data(out.get(), m.content.data(), m.content.size());
  }
  archive_write_close(out.get());
  bytes.resize(used);
  return bytes;
}

base::Result<ZipFiles> read_all(std::string_view bytes, const ZipLimits& limits = kWide) {
  return read_zip(bytes, limits, [](std::string_view) { return true; });
}

TEST(ZipFiles, UnpacksWhatIsWanted) {
  const std::string bytes = zip({{"src", "", AE_IFDIR},
                                 {"src/index.js", "go();"},
                                 {"./lib//a.js", "a();"},
                                 {"empty.js", ""},
                                 {"picture.png", "x"}});
  const auto read = read_zip(bytes, kWide, [](std::string_view path) { return path.ends_with(".js"); });
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_THAT(read->files,
              ElementsAre(Pair("empty.js", ""), Pair("lib/a.js", "a();"), Pair("src/index.js", "go();")));
  EXPECT_EQ(read->members, 4U);
  EXPECT_EQ(read->refused, 0U);
  EXPECT_EQ(read->too_large, 0U);
}

TEST(ZipFiles, RefusesWhatLeadsElsewhere) {
  std::string deep = "x";
  for (int i = 0; i < 70; ++i) deep.insert(0, "a/");
  for (const Member& member :
       {Member{"../../etc/cron.d/x", "x"}, Member{"a/../../x", "x"}, Member{"/etc/passwd", "x"},
        Member{"a\\..\\x", "x"}, Member{"c:x", "x"}, Member{"a\nb", "x"}, Member{"a\x1b[2Jb", "x"},
        Member{std::string(2000, 'a'), "x"}, Member{deep, "x"},
        Member{"key", "", AE_IFLNK, "/root/.ssh/id_rsa"}, Member{"index.js", "twice"},
        Member{"index.js/below", "x"}}) {
    const auto read = read_all(zip({{"index.js", "go();"}, member}));
    ASSERT_TRUE(read) << member.path << ": " << read.error().describe();
    EXPECT_THAT(read->files, ElementsAre(Pair("index.js", "go();"))) << member.path;
    EXPECT_EQ(read->refused, 1U) << member.path;
  }
}

TEST(ZipFiles, UnpacksNoMoreThanItsLimits) {
  const std::string large(60'000, ' ');  // a thousandth of it in the archive
  const std::string bytes = zip({{"a", large}, {"b", large}, {"c", "c"}});
  ASSERT_LT(bytes.size(), 2000U);
  struct Row {
    ZipLimits limits;
    std::size_t files;
    std::size_t too_large;
  };
  for (const Row& row : {Row{{200'000, 60'000, 120'001, 3}, 3, 0}, Row{{200'000, 59'999, 120'001, 3}, 1, 2},
                         Row{{200'000, 60'000, 119'999, 3}, 2, 1}, Row{{200'000, 60'000, 0, 3}, 0, 3}}) {
    const auto read = read_all(bytes, row.limits);
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->files.size(), row.files);
    EXPECT_EQ(read->too_large, row.too_large);
  }
  for (const ZipLimits& limits :
       {ZipLimits{120'000, 60'000, 120'001, 3}, ZipLimits{200'000, 60'000, 120'001, 2}}) {
    const auto read = read_all(bytes, limits);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::ErrorCode::kResourceExhausted);
  }
}

TEST(ZipFiles, SaysWhatIsDamaged) {
  const std::string bytes = zip({{"index.js", "exports.handler = go;"}}, "compression=store");
  std::string other_content = bytes;
  other_content[bytes.find("handler")] = 'H';
  std::string longer = bytes;
  // The length of the one file, in the directory at the end and in its own header.
  longer[longer.rfind("PK\x01\x02") + 24] = '\x7f';
  longer[longer.find("PK\x03\x04") + 22] = '\x7f';
  for (const auto& [name, damaged] : std::vector<std::pair<const char*, std::string>>{
           {"nothing", ""},
           {"no archive", "PK and more"},
           {"half", bytes.substr(0, bytes.size() / 2)},
           {"other content", other_content},
           {"longer than it is", longer},
           {"encrypted", zip({{"index.js", "go();"}}, "encryption=zipcrypt")}}) {
    const auto read = read_all(damaged);
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, base::ErrorCode::kMalformed) << name;
    EXPECT_THAT(read.error().message, HasSubstr("damaged zip archive")) << name;
  }
}

}  // namespace
}  // namespace midwatch::clients::archive
