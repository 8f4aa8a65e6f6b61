#include "src/http/url.h"

#include <gtest/gtest.h>

namespace midwatch::http {
namespace {

TEST(UrlTest, SplitsAnAddress) {
  const auto url = parse_url("HTTPS://Host.Example:8443/a%2Fb/?x=1?&y");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->authority, "Host.Example:8443");
  EXPECT_EQ(url->host, "host.example");
  EXPECT_EQ(url->path, "/a%2Fb/");
  EXPECT_EQ(url->query, "x=1?&y");
  const auto bare = parse_url("http://[::1]:80");
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->host, "::1");
  EXPECT_EQ(bare->path, "/");
  EXPECT_EQ(parse_url("http://h?x=1")->path, "/");
}

TEST(UrlTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "host", "ftp://h/", "http://", "http:///p", "http://h:port/", "http://a b/",
                           "http://h/\n", "http://u:p@h/", "http://h/#f", "http://[::1/", "http://h:123456/"})
    EXPECT_FALSE(parse_url(text).has_value()) << text;
}

TEST(UrlTest, KnowsTheMachinesOwnAddresses) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.1", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host :
       {"127.0.0.1.example", "127.example.com.net", "localhost.example", "10.0.0.1", "::2"})
    EXPECT_FALSE(is_loopback(host)) << host;
  for (const char* host : {"169.254.169.254", "169.254.170.2", "fd00:ec2::254"})
    EXPECT_TRUE(is_link_local(host)) << host;
  for (const char* host : {"169.254.example.com", "170.254.1.1", "fd00:ec2.example"})
    EXPECT_FALSE(is_link_local(host)) << host;
}

TEST(UrlTest, EncodesAndDecodes) {
  EXPECT_EQ(percent_encode("a b/é~-_.*"), "a%20b%2F%C3%A9~-_.%2A");
  EXPECT_EQ(percent_encode_path("a/b c"), "a/b%20c");
  EXPECT_EQ(percent_decode("a%20b%2fc%zz%4"), "a b/c%zz%4");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

}  // namespace
}  // namespace midwatch::http
