#include "src/http/url.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "src/http/address_guard.h"
#include "src/http/http_date.h"

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

TEST(AddressGuardTest, KnowsWhatIsNotOfTheNetwork) {
  const struct {
    const char* address;
    const char* what;
  } rows[] = {
      {"127.0.0.1", "this machine itself"},
      {"127.255.0.9", "this machine itself"},
      {"0.0.0.0", "this machine itself"},
      {"::1", "this machine itself"},
      {"::", "this machine itself"},
      {"::ffff:127.0.0.1", "this machine itself"},
      {"::127.0.0.1", "this machine itself"},
      {"::ffff:0:127.0.0.1", "this machine itself"},
      {"64:ff9b::7f00:1", "this machine itself"},
      {"2002:7f00:1::1", "this machine itself"},
      {"169.254.169.254", "an address of its own network link"},
      {"169.254.170.2", "an address of its own network link"},
      {"fe80::1", "an address of its own network link"},
      {"febf::1", "an address of its own network link"},
      {"::ffff:169.254.169.254", "an address of its own network link"},
      {"fd00:ec2::254", "the metadata service of a cloud"},
      {"100.100.100.200", "the metadata service of a cloud"},
      {"168.63.129.16", "the metadata service of a cloud"},
      {"64:ff9b::a83f:8110", "the metadata service of a cloud"},
      {"224.0.0.1", "no address of a single host"},
      {"255.255.255.255", "no address of a single host"},
      {"ff02::1", "no address of a single host"},
      {"192.0.2.1", ""},
      {"10.0.0.1", ""},  // networks of one's own are networks
      {"126.255.255.255", ""},
      {"128.0.0.1", ""},
      {"169.253.255.255", ""},
      {"169.255.0.0", ""},
      {"::ffff:192.0.2.1", ""},
      {"2001:db8::1", ""},
      {"fec0::1", ""},
      {"fd00:ec3::254", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(off_network(std::string(row.address)), row.what) << row.address;
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(off_network(local).empty());
}

TEST(UrlTest, EncodesAndDecodes) {
  EXPECT_EQ(percent_encode("a b/é~-_.*"), "a%20b%2F%C3%A9~-_.%2A");
  EXPECT_EQ(percent_encode_path("a/b c"), "a/b%20c");
  EXPECT_EQ(percent_decode("a%20b%2fc%zz%4"), "a b/c%zz%4");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(HttpDate, IsReadInItsFixedForm) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), base::parse_rfc3339("1994-11-06T08:49:37Z"));
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT",
                           "Sun, xx Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

}  // namespace
}  // namespace midwatch::http
