#include "server/record/upstream_url.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

struct Good {
  const char* text;
  bool tls;
  const char* host;
  int port;
  const char* base_path;
};

TEST(UpstreamUrl, IsTakenApart) {
  const Good kGood[] = {
      {"https://api.openai.com/v1", true, "api.openai.com", 443, "/v1"},
      {"http://127.0.0.1:8080", false, "127.0.0.1", 8080, ""},
      {"https://[::1]:8443/a/b/", true, "::1", 8443, "/a/b"},
      {"http://localhost/", false, "localhost", 80, ""},
  };
  for (const Good& good : kGood) {
    const auto url = read_upstream_url(good.text);
    ASSERT_TRUE(url) << good.text << ": " << url.error().text();
    EXPECT_EQ(url->tls, good.tls) << good.text;
    EXPECT_EQ(url->host, good.host);
    EXPECT_EQ(url->port, good.port);
    EXPECT_EQ(url->base_path, good.base_path);
  }
}

TEST(UpstreamUrl, IsRefusedWithItsReason) {
  const std::pair<const char*, const char*> kBad[] = {
      {"", "neither http:// nor https://"},
      {"api.openai.com", "neither http:// nor https://"},
      {"ftp://a", "neither http:// nor https://"},
      {"http://", "it has no host"},
      {"http:///v1", "it has no host"},
      {"http://a:0", "its port"},
      {"http://a:99999/v1", "its port"},
      {"http://a:", "its port"},
      {"http://a b/", "forbidden characters"},
      {"http://a/v1?x=1", "behind the path nothing may follow"},
      {"http://a/v1\r\nX: y", "behind the path nothing may follow"},
  };
  for (const auto& [text, why] : kBad) {
    const auto url = read_upstream_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_NE(url.error().text().find(why), std::string::npos) << text << ": " << url.error().text();
  }
}

TEST(UpstreamUrl, APasswordIsNotRepeated) {
  for (const char* text : {"https://user:secret@host/v1", "user:secret@host"}) {
    const auto url = read_upstream_url(text);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().text().find("secret"), std::string::npos) << url.error().text();
  }
}

}  // namespace
}  // namespace mimus::server
