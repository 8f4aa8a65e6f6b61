#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/api/sigv4.h"

namespace midwatch::clients::aws::api {
namespace {

using Case = std::map<std::string, std::string>;  // file name → text

/// The official test suite, by the name of the case.
std::map<std::string, Case> read_vectors(const std::string& path) {
  std::map<std::string, Case> cases;
  archive* in = archive_read_new();
  archive_read_support_filter_gzip(in);
  archive_read_support_format_tar(in);
  constexpr std::size_t kBlock = 65536;
  if (archive_read_open_filename(in, path.c_str(), kBlock) == ARCHIVE_OK) {
    archive_entry* entry = nullptr;
    while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
      const std::filesystem::path name = archive_entry_pathname(entry);
      std::string text(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
      if (text.empty()) continue;
      archive_read_data(in, text.data(), text.size());
      cases[name.parent_path().filename()][name.filename()] = text;
    }
  }
  archive_read_free(in);
  return cases;
}

/// Reads `METHOD target HTTP/1.1`, headers whose lines may go on after a space, an empty line and the body.
http::HttpRequest read_request(const std::string& text) {
  http::HttpRequest request;
  const auto head_end = std::min(text.find("\n\n"), text.size());
  if (head_end + 2 <= text.size()) request.body = text.substr(head_end + 2);
  std::istringstream head(text.substr(0, head_end));
  std::string line;
  std::getline(head, line);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  request.method = line.substr(0, first);
  const std::string target = line.substr(first + 1, last - first - 1);
  while (std::getline(head, line)) {
    if (line.starts_with(' ')) {
      request.headers.back().second += "\n" + line;
    } else {
      const auto colon = line.find(':');
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  // A URL holds no space; encoded, it is the same character.
  std::string encoded;
  for (const char c : target) encoded += c == ' ' ? std::string("%20") : std::string(1, c);
  request.url = "https://" + std::string(http::header_value(request.headers, "host")) + encoded;
  return request;
}

TEST(SigV4VectorsTest, AgreesWithTheOfficialVectors) {
  const std::string path = std::string(MIDWATCH_SOURCE_DIR) + "/../shared/data/sigv4-vectors.tar.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the official vectors are not here: " << path;
  const auto cases = read_vectors(path);
  std::size_t checked = 0;
  for (const auto& [name, files] : cases) {
    if (!files.contains("context.json")) continue;
    SCOPED_TRACE(name);
    const auto context = base::parse_json(files.at("context.json"));
    ASSERT_TRUE(context.has_value());
    const Credentials credentials{
        .access_key_id = base::text_at(*context, "credentials", "access_key_id"),
        .secret_access_key = base::text_at(*context, "credentials", "secret_access_key"),
        .session_token = base::text_at(*context, "credentials", "token"),
        .expires_at = {},
        .source = {}};
    const SigningScope scope{.region = base::text_at(*context, "region"),
                             .service = base::text_at(*context, "service"),
                             .time = *base::parse_rfc3339(base::text_at(*context, "timestamp"))};
    const bool has_space = files.at("request.txt").find("/example space/") != std::string::npos;
    const SigningRules rules{
        .normalise_path = base::at(*context, "normalize").get<bool>(),
        .encode_path_again = !has_space,  // the vector's raw space is encoded once, as read_request did
        .content_hash = base::at(*context, "sign_body").get<bool>(),
        .sign_session_token = base::at(*context, "omit_session_token") != true};
    auto request = read_request(files.at("request.txt"));
    const auto signature = sign(request, credentials, scope, rules);
    ASSERT_TRUE(signature.has_value()) << signature.error().describe();
    EXPECT_EQ(signature->canonical_request, files.at("header-canonical-request.txt"));
    EXPECT_EQ(signature->string_to_sign, files.at("header-string-to-sign.txt"));
    EXPECT_EQ(signature->hex, files.at("header-signature.txt"));
    EXPECT_NE(files.at("header-signed-request.txt").find("Authorization:" + signature->authorization),
              std::string::npos);
    ++checked;
  }
  EXPECT_EQ(checked, 38U);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
