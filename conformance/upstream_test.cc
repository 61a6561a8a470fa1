#include "conformance/upstream.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

UpstreamCall a_call() {
  UpstreamCall call;
  call.method = "POST";
  call.path = "/v1/chat/completions";
  call.headers = {{"content-type", "application/json"}, {"x-key", "sk-secret-0123456789"}};
  call.body = R"({"prompt":"Grüße","key":"sk-secret-0123456789"})";
  call.status = 200;
  call.ended = "left";
  call.arrived = std::chrono::microseconds(1500);
  call.over = std::chrono::microseconds(250'000);
  return call;
}

TEST(Upstream, IsReadBackAsItWas) {
  UpstreamCall odd = a_call();
  odd.body = std::string("\xff\x00{", 3);
  const auto text = upstream_text({a_call(), odd});
  const auto json = parse_json(text);
  ASSERT_TRUE(json) << text;
  const auto calls = read_upstream(json->root());
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].method, "POST");
  EXPECT_EQ(calls[0].path, "/v1/chat/completions");
  EXPECT_EQ(calls[0].headers, a_call().headers);
  EXPECT_EQ(calls[0].body, a_call().body);
  EXPECT_EQ(calls[0].status, 200);
  EXPECT_EQ(calls[0].ended, "left");
  EXPECT_EQ(calls[0].arrived, std::chrono::microseconds(1500));
  EXPECT_EQ(calls[0].over, std::chrono::microseconds(250'000));
  EXPECT_EQ(calls[1].body, odd.body);
}

TEST(Upstream, ReadsAnythingWithoutHarm) {
  for (const char* text :
       {"null", "7", "[null, 7, {}]", R"([{"headers": [7, []], "body_hex": "zz", "status": "x"}])"}) {
    const auto json = parse_json(text);
    ASSERT_TRUE(json) << text;
    for (const UpstreamCall& call : read_upstream(json->root())) EXPECT_EQ(call.body, "") << text;
  }
}

TEST(Upstream, LosesTheKeyWhereverItStands) {
  UpstreamCall call = a_call();
  redact(call, "sk-secret-0123456789");
  EXPECT_EQ(upstream_text({call}).find("sk-secret"), std::string::npos);
}

}  // namespace
}  // namespace mimus::conformance
