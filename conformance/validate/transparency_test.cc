#include "conformance/validate/transparency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

constexpr std::string_view kArea =
    R"({ "area": "a", "title": "A", "rank": 1, "probes": [ { "id": "p", "why": "w", "path": "/x" } ],
  "checks": [ { "id": "a.b", "requires": "r", "source": "s", "why": "w", "probes": "p", "rule": "status" } ] })";

TEST(Transparency, TellsWhoseEachFaultIs) {
  struct Row {
    Verdict gateway;
    const char* reason;
    Verdict upstream;
    const char* blame;  // empty: no difference
  };
  Catalogue catalogue;
  ASSERT_TRUE(add_area(catalogue, kArea, "a.json"));
  for (const Row& row : std::vector<Row>{{Verdict::Pass, "", Verdict::Pass, ""},
                                         {Verdict::Fail, "", Verdict::Pass, "gateway"},
                                         {Verdict::Warn, "", Verdict::Pass, "gateway"},
                                         {Verdict::Fail, "", Verdict::Fail, "inherited"},
                                         {Verdict::Warn, "", Verdict::Fail, "inherited"},
                                         {Verdict::Fail, "", Verdict::Skip, "unknown"},
                                         {Verdict::Fail, "", Verdict::Inconclusive, "unknown"},
                                         {Verdict::Pass, "", Verdict::Fail, "mended"},
                                         {Verdict::Skip, "not offered: HTTP 404", Verdict::Pass, "lost"},
                                         {Verdict::Skip, "refused cleanly: no", Verdict::Pass, "lost"},
                                         {Verdict::Skip, "not offered: HTTP 404", Verdict::Skip, ""},
                                         {Verdict::Skip, "blocked by x", Verdict::Pass, ""},
                                         {Verdict::Inconclusive, "", Verdict::Pass, ""}}) {
    std::vector<Outcome> gateway(1);
    std::vector<Outcome> upstream(1);
    for (auto* side : {&gateway, &upstream}) side->front().check = &catalogue.checks.front();
    gateway.front().verdict = row.gateway;
    gateway.front().reason = row.reason;
    upstream.front().verdict = row.upstream;
    const auto differences = compare_outcomes(gateway, upstream);
    EXPECT_EQ(differences.empty() ? "" : name_of(differences.front().blame), row.blame)
        << name_of(row.gateway) << " " << row.reason << " / " << name_of(row.upstream);
    const bool is_broken = row.gateway == Verdict::Fail || row.gateway == Verdict::Warn;
    EXPECT_EQ(gateway.front().blame.has_value(), is_broken) << name_of(row.gateway);
  }
}

Transcripts said(const std::string& head, const std::string& body) {
  Recording recording;
  recording.raw = "HTTP/1.1 " + head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  Transcripts transcripts;
  transcripts.emplace("p", read_transcript("p", std::move(recording)));
  return transcripts;
}

TEST(Transparency, NamesWhatTheGatewayChangesOnTheWire) {
  struct Row {
    const char* gateway_head;
    const char* gateway_body;
    const char* upstream_head;
    const char* upstream_body;
    std::vector<std::string> what;
  };
  const char* const ok = "200 OK\r\nContent-Type: application/json\r\n";
  const char* const sse = "200 OK\r\nContent-Type: text/event-stream\r\n";
  for (const Row& row : std::vector<Row>{
           {ok, R"({"id":"1","n":[1]})", ok, R"({"id":"2","n":[2,3]})", {}},
           {ok, R"({"id":"1"})", ok, R"({"id":"2","usage":{"x":1}})", {"the gateway drops /usage"}},
           {ok, R"({"a":[{"b":1,"c":2}]})", ok, R"({"a":[{"b":1}]})", {"the gateway adds /a/*/c"}},
           {ok, R"({"top":{"Once ":1}})", ok, R"({"top":{" upon":1}})", {}},
           {"404 No\r\n", "", ok, "{}", {"status 404 where the upstream says 200"}},
           {ok, "{}", sse, "data: {}\n\n", {"application/json where the upstream sends text/event-stream"}},
           {sse, "data: {\"a\":1}\n\n", sse, "data: {\"a\":1}\n\ndata: {\"b\":1}\n\n", {"the gateway drops /b"}},
           {"200 OK\r\nContent-Type: application/json\r\nServer: x\r\nX-Own: 1\r\n",
            "{}",
            "200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\nDate: now\r\n",
            "{}",
            {"the gateway drops header x-request-id", "the gateway adds header x-own"}}}) {
    std::vector<std::string> what;
    for (const WireDifference& one :
         compare_wire(said(row.gateway_head, row.gateway_body), said(row.upstream_head, row.upstream_body))) {
      what.push_back(one.what);
      EXPECT_THAT(one.probes, testing::ElementsAre("p"));
    }
    EXPECT_EQ(what, row.what) << row.gateway_body;
  }
}

}  // namespace
}  // namespace mimus::conformance
