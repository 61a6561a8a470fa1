// Fixtures, directives and faults at the endpoints beside chat: the same words reach all of them.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "server/endpoints/app_desk.h"
#include "server/endpoints/sample_form.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kFixtures = R"({ "mimus": 1, "fixtures": [
  { "name": "vectors", "when": { "endpoint": "embeddings", "last_user": { "contains": "known" } },
    "reply": { "embeddings": [[0.5, 0.25], [1, -2.5]] } },
  { "name": "picture", "when": { "last_user": { "contains": "otter" }, "endpoint": ["images.generations", "images.edits"] },
    "reply": { "images": [ { "url": "https://images.example/otter.png", "revised_prompt": "A sea otter." } ] } },
  { "name": "two pictures", "when": { "last_user": "two" },
    "reply": { "images": [ { "b64_json": "QUJD" }, { "url": "https://images.example/b.png" } ] } },
  { "name": "edit", "when": { "endpoint": "images.edits", "json": { "/image/0/filename": "cat.png" } },
    "reply": { "images": [ { "b64_json": "Q0FU" } ] } },
  { "name": "text", "when": { "last_user": { "contains": "weather" } }, "times": 1,
    "reply": { "text": "Sunny in {{last_user}}.", "usage": { "completion_tokens": 99 } } },
  { "name": "choices", "when": { "last_user": "several" },
    "reply": { "choices": [ { "text": "one" }, { "refusal": "no", "finish_reason": "length" } ] } },
  { "name": "error", "when": { "last_user": "limited" },
    "replies": [ { "error": "rate_limited_requests", "headers": { "retry-after": "7" } }, {} ] },
  { "name": "raw", "when": { "last_user": "raw" }, "reply": { "raw": { "status": 502, "body": "<h1>no</h1>" } } },
  { "name": "slow", "when": { "last_user": "late" }, "reply": { "delay": "40ms" } }
] })";

class ScriptedEndpoints : public testing::Test {
 protected:
  ScriptedEndpoints() : folder_(testing::TempDir() + "mimus_scripted_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/f.json") << kFixtures;
    desk_ = std::make_unique<AppDesk>(options(false));
  }
  ~ScriptedEndpoints() override { std::filesystem::remove_all(folder_); }

  AppOptions options(bool strict) {
    AppOptions options = AppDesk::options_of("openai");
    options.fixtures = {folder_ + "/f.json"};
    options.strict = strict;
    return options;
  }
  Answered embed(const std::string& input, const std::string& more = "") {
    return desk_->post("/v1/embeddings", R"({"model":"text-embedding-3-small","input":)" + input + more + "}");
  }
  Answered paint(const std::string& prompt, const std::string& more = "", const std::string& model = "dall-e-2") {
    return desk_->post("/v1/images/generations",
                       R"({"model":")" + model + R"(","prompt":")" + prompt + "\"" + more + "}");
  }
  Answered moderate(const std::string& input) {
    return desk_->post("/v1/moderations", R"({"input":")" + input + "\"}");
  }
  Answered complete(const std::string& prompt, const std::string& more = "",
                    const std::string& model = "gpt-3.5-turbo-instruct") {
    return desk_->post("/v1/completions", R"({"model":")" + model + R"(","prompt":)" + prompt + more + "}");
  }

  std::string folder_;
  std::unique_ptr<AppDesk> desk_;
};

TEST_F(ScriptedEndpoints, SayTheVectorsOfAFixture) {
  const Answered three = embed(R"(["known","b","c"])");
  EXPECT_EQ(three.at("/data/0/embedding"), "[0.5,0.25]");
  EXPECT_EQ(three.at("/data/1/embedding"), "[1,-2.5]");
  EXPECT_EQ(three.at("/data/2/embedding"), "[0.5,0.25]");
  EXPECT_EQ(three.at("/usage/prompt_tokens"), "3");
  EXPECT_EQ(embed(R"("known")", R"(,"encoding_format":"base64")").at("/data/0/embedding"), "AAAAPwAAgD4=");
  EXPECT_EQ(embed(R"("other")", R"(,"dimensions":2)").at("/data/0/embedding"),
            embed(R"("other")", R"(,"dimensions":2)").at("/data/0/embedding"));
}

TEST_F(ScriptedEndpoints, SayThePicturesOfAFixture) {
  const Answered one = paint("an otter", R"(,"n":2)");
  for (const char* at : {"/data/0", "/data/1"}) {
    EXPECT_EQ(one.at(at), R"({"url":"https://images.example/otter.png","revised_prompt":"A sea otter."})");
  }
  const Answered two = paint("two");
  EXPECT_EQ(two.at("/data/0/b64_json"), "QUJD");
  EXPECT_EQ(two.at("/data/1/url"), "https://images.example/b.png");
  EXPECT_EQ(two.at("/data/0/url"), "missing");
  const Answered streamed = paint("two", R"(,"stream":true)", "gpt-image-1");
  EXPECT_THAT(streamed.body, HasSubstr(R"("b64_json":"QUJD")"));
  EXPECT_THAT(paint("an otter", R"(,"stream":true)", "gpt-image-1").body, HasSubstr(R"("b64_json":"iVBOR)"));
}

TEST_F(ScriptedEndpoints, MatchFormsAsIfTheyWereJson) {
  const auto edit = [&](const std::string& name, const std::string& prompt) {
    return desk_->ask(
        "POST", "/v1/images/edits",
        form_part("prompt", prompt) + form_file("image", sample_png(8, 8), name, "image/png") + "--b--\r\n", kFormType);
  };
  EXPECT_EQ(edit("cat.png", "x").at("/data/0/b64_json"), "Q0FU");
  EXPECT_THAT(edit("dog.png", "x").at("/data/0/b64_json"), StartsWith("iVBOR"));
  EXPECT_EQ(edit("dog.png", "otter").at("/data/0/url"), "https://images.example/otter.png");
}

TEST_F(ScriptedEndpoints, SayTextsAsLegacyCompletions) {
  const Answered text = complete(R"("the weather")", R"(,"n":2)");
  EXPECT_EQ(text.at("/choices/0/text"), "Sunny in the weather.");
  EXPECT_EQ(text.at("/choices/1/text"), "Sunny in the weather.");
  EXPECT_EQ(text.at("/choices/0/finish_reason"), "stop");
  EXPECT_EQ(text.at("/usage/completion_tokens"), "99");
  EXPECT_EQ(text.at("/usage/prompt_tokens"), "2");
  const Answered choices = complete(R"("several")");
  EXPECT_EQ(choices.at("/choices/0/text"), "one");
  EXPECT_EQ(choices.at("/choices/1/text"), "no");
  EXPECT_EQ(choices.at("/choices/1/finish_reason"), "length");
  const Answered streamed = complete(R"("several")", R"(,"stream":true)");
  EXPECT_THAT(streamed.body, HasSubstr(R"("text":"one")"));
  EXPECT_THAT(streamed.body, HasSubstr("data: [DONE]"));
}

// An application that embeds or moderates a question before it asks it must not use up the answer.
TEST_F(ScriptedEndpoints, DoNotMatchWhatTheyCannotSay) {
  EXPECT_EQ(embed(R"("weather")", R"(,"dimensions":1)").status, 200);
  EXPECT_EQ(moderate("weather").at("/results/0/flagged"), "false");
  EXPECT_EQ(paint("weather").status, 200);
  EXPECT_EQ(complete(R"("weather")").at("/choices/0/text"), "Sunny in weather.");
  EXPECT_THAT(complete(R"("weather")").at("/choices/0/text"), Not(StartsWith("Sunny in weather.")));
}

TEST_F(ScriptedEndpoints, ShareErrorsRawBytesAndDelays) {
  const auto asked = [&](const std::string& text) {
    return std::vector<Answered>{embed("\"" + text + "\""), paint(text), moderate(text), complete("\"" + text + "\"")};
  };
  desk_->more_headers = {{"x-mimus-test", "a"}};
  const Answered limited = embed(R"("limited")");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "7");
  EXPECT_EQ(paint("limited").status, 200);  // the second reply of the same fixture
  desk_->more_headers = {{"x-mimus-test", "b"}};
  EXPECT_EQ(moderate("limited").status, 429);
  for (const Answered& answer : asked("raw")) {
    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.body, "<h1>no</h1>");
  }
}

TEST_F(ScriptedEndpoints, ObeyDirectivesInHeaderAndModelName) {
  desk_->more_headers = {{"x-mimus", "error=overloaded;first=1"}};
  EXPECT_EQ(embed(R"("x")").status, 503);
  EXPECT_EQ(embed(R"("x")").status, 200);
  EXPECT_EQ(paint("x").status, 503);
  EXPECT_EQ(moderate("x").status, 503);
  EXPECT_EQ(complete(R"("x")").status, 503);
  desk_->more_headers = {{"x-mimus", "fault=bad_nonsense"}};
  EXPECT_EQ(embed(R"("x")").at("/error/code"), "wrong_directive");
  desk_->more_headers = {{"x-mimus", "fault=html"}};
  EXPECT_THAT(embed(R"("x")").body, StartsWith("<"));
  desk_->more_headers.clear();
  const Answered echoed = complete(R"(["a b","c"])", "", "gpt-3.5-turbo-instruct;echo");
  EXPECT_EQ(echoed.at("/choices/0/text"), "a b");
  EXPECT_EQ(echoed.at("/choices/1/text"), "c");
  EXPECT_EQ(echoed.at("/model"), "gpt-3.5-turbo-instruct");
  EXPECT_EQ(complete(R"("x")", "", "gpt-3.5-turbo-instruct;tokens=3").at("/usage/completion_tokens"), "3");
  EXPECT_EQ(paint("x", "", "dall-e-2;status=418").status, 418);
}

TEST_F(ScriptedEndpoints, RefuseWhatNoFixtureMatchesWhenStrict) {
  AppDesk strict(options(true));
  const Answered missed = strict.post("/v1/embeddings", R"({"model":"text-embedding-3-small","input":"weather"})");
  EXPECT_EQ(missed.status, 404);
  EXPECT_EQ(missed.at("/error/code"), "no_fixture_matches");
  EXPECT_THAT(missed.at("/error/message"), HasSubstr("not met  reply: expected embeddings, found something else"));
  EXPECT_THAT(missed.at("/error/message"), HasSubstr(R"("reply":{"embeddings":[[1]]})"));
  const std::string known = R"({"model":"text-embedding-3-small","input":"known"})";
  EXPECT_EQ(strict.post("/v1/embeddings", known).status, 200);
}

}  // namespace
}  // namespace mimus::server
