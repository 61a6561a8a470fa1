#include "server/dialect/dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "server/dialect/masked_key.h"
#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;

class DialectFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "mimus-dialect-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  std::string error_of(std::string_view text) const {
    const auto dialect = load_dialect(write("d.json", text));
    return dialect ? "accepted" : dialect.error().text();
  }

  std::filesystem::path folder_;
};

TEST(Dialect, LoadsEveryEmbeddedOne) {
  EXPECT_THAT(dialect_names(), testing::Contains("openai"));
  for (const std::string& name : dialect_names()) {
    const auto dialect = load_dialect(name);
    ASSERT_TRUE(dialect) << dialect.error().text();
    EXPECT_EQ(dialect->name, name);
    EXPECT_FALSE(dialect->sources.empty()) << name;
  }
}

TEST(Dialect, FindsModelsAndEndpoints) {
  const auto dialect = load_dialect("openai");
  ASSERT_TRUE(dialect);
  ASSERT_NE(dialect->find_endpoint("models.retrieve"), nullptr);
  EXPECT_EQ(dialect->find_endpoint("models.retrieve")->path, "/v1/models/{model}");
  EXPECT_EQ(dialect->find_endpoint("models.destroy"), nullptr);
  ASSERT_NE(dialect->find_model("o3"), nullptr);
  EXPECT_EQ(dialect->find_model("o3")->owned_by, "system");
  EXPECT_EQ(dialect->find_model("whisper-1")->owned_by, "openai-internal");
  EXPECT_EQ(dialect->find_model("o33"), nullptr);
  for (const Model& model : dialect->models) {
    if (model.serves_operation("embeddings")) continue;  // text-embedding-ada-002 calls itself -v2, which is not listed
    EXPECT_NE(dialect->find_model(model.snapshot), nullptr) << model.id << " resolves to a snapshot that is not listed";
  }
}

TEST(Dialect, FillsPlaceholdersOnce) {
  const auto dialect = load_dialect("openai");
  ASSERT_TRUE(dialect);
  const ApiError error = dialect->error("missing_required_parameter", {{"param", "a.{param}"}});
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.param, "a.{param}");
  EXPECT_EQ(error.message, "Missing required parameter: 'a.{param}'.");
  EXPECT_EQ(dialect->error("invalid_api_key", {{"key", "sk-\xff\xc3\xa4\xed\xa0\x80"}}).message.substr(0, 41),
            "Incorrect API key provided: sk-?\xc3\xa4???. Yo");
}

TEST(Dialect, HasARowForEverySituation) {
  const auto dialect = load_dialect("openai");
  ASSERT_TRUE(dialect);
  for (const Situation& situation : all_situations()) {
    EXPECT_TRUE(dialect->has_situation(situation.name)) << situation.name;
    EXPECT_FALSE(dialect->error(situation.name).message.empty()) << situation.name;
  }
}

TEST_F(DialectFile, LaysAFileOverTheOneItExtends) {
  write("base.json", R"({"extends":"openai","name":"base","title":"Base","error_members":["message","type","code"],
                         "unknown_members":"ignore","auth":{"key_prefix":"b_"}})");
  const auto dialect = load_dialect(write("d.json", R"({
    // relative to this file
    "extends": "base.json", "without": ["/models", "/families"], "name": "mine", "base_path": "/api/v1",
    "endpoints": { "models.retrieve": null, "health": { "method": "GET", "base_path": "", "path": "/health", "auth": { "required": false } } },
    "models": { "m-1": {} },
    "errors": { "invalid_api_key": { "type": "authentication_error", "message": "No." } },
    "shapes": { "chat_request": { "members": { "temperature": { "max": 1 } } } },
  })"));
  ASSERT_TRUE(dialect) << dialect.error().text();
  EXPECT_EQ(dialect->name, "mine");
  EXPECT_EQ(dialect->title, "Base");
  EXPECT_EQ(dialect->auth.header, "authorization");
  EXPECT_EQ(dialect->auth.key_prefix, "b_");
  EXPECT_EQ(dialect->error_members, (std::vector<std::string>{"message", "type", "code"}));
  EXPECT_EQ(dialect->find_endpoint("models.retrieve"), nullptr);
  EXPECT_EQ(dialect->find_endpoint("health")->path, "/health");
  EXPECT_FALSE(dialect->find_endpoint("health")->auth.is_required);
  EXPECT_TRUE(dialect->find_endpoint("models.list")->auth.is_required);
  EXPECT_EQ(dialect->find_endpoint("models.list")->path, "/api/v1/models");
  ASSERT_EQ(dialect->models.size(), 1U);
  EXPECT_EQ(dialect->models[0].snapshot, "m-1");
  const ApiError error = dialect->error("invalid_api_key", {{"key", "k"}});
  EXPECT_EQ(error.type, "authentication_error");
  EXPECT_EQ(error.message, "No.");
  EXPECT_EQ(error.status, 401);

  const auto body =
      parse_json(R"({"model":"m-1","messages":[{"role":"user","content":"Hi","x":1}],"y":1,"temperature":1.5})");
  const auto refusal = dialect->find_endpoint("chat.completions")->rules.check(body->root());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(dialect->error(*refusal).message,
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.");
}

struct BadFile {
  std::string_view text;
  std::string_view place;
  std::string_view message;
};

constexpr BadFile kBadFiles[] = {
    {R"({"extends":"openai")", "d.json:1:20", "not valid JSON"},
    {R"([])", "d.json", "expected an object, found an array"},
    {R"({})", "d.json", "\"name\" is missing"},
    {R"({"extends":"opnai"})", "d.json:1:2", "no such dialect: expected"},
    {R"({"extends":7})", "d.json:1:2: /extends", "expected the name of a dialect, found 7"},
    {R"({"extends":"d.json"})", "d.json", "the chain of extends does not end"},
    {R"({"without":["/models"]})", "d.json:1:2: /without", "needs \"extends\""},
    {R"({"extends":"openai","without":["/modles"]})", "d.json:1:21: /without", "found \"/modles\""},
    {R"({"extends":"openai","without":[7]})", "/without", "found 7"},
    {R"({"extends":"openai",
           "titlee":"x"})",
     "d.json:2:12: /titlee", "unknown key, did you mean \"title\"?"},
    {R"({"extends":"openai","name":"a","name":"b"})", "/name", "the key stands twice"},
    {R"({"extends":"openai","auth":{"headr":"x"}})", "/auth", "did you mean \"header\"?"},
    {R"({"extends":"openai","style":{"refusal":1}})", "/style", "expected true or false, found 1"},
    {R"({"extends":"openai","unknown_members":"refuse"})", "/unknown_members", "expected one of as_ruled, ignore"},
    {R"({"extends":"openai","error_members":["message","text"]})", "/error_members", "found \"text\""},
    {R"({"extends":"openai","error_members":["code","code"]})", "/error_members", "stands twice"},
    {R"({"extends":"openai","error_members":[]})", "/error_members", "expected some of"},
    {R"({"extends":"openai","headers":{"x":1}})", "/headers", "expected strings, found 1"},
    {R"({"extends":"openai","headers":{"x":"a\r\nb: c"}})", "/headers", "expected a header of printable ASCII"},
    {R"({"extends":"openai","headers":{"x y":"a"}})", "/headers", "expected a header of printable ASCII, found x y"},
    {R"({"extends":"openai",
           "auth":{"strict_key_prefix":"yes"}})",
     "d.json:2:20: /auth/strict_key_prefix: expected true or false", "found \"yes\""},
    {R"({"extends":"openai","name":"a/b"})", "d.json:1:21: /name: ", "expected letters, digits, - and _"},
    {R"({"extends":"openai","base_path":"v1"})", "/base_path: ", "a path such as /v1, found \"v1\""},
    {R"({"extends":"openai","base_path":"/v1/"})", "/base_path: ", "found \"/v1/\""},
    {R"({"extends":"openai","content_type":"never"})", "/content_type: ", "expected one of with_body, always"},
    {R"({"extends":"openai","endpoints":{"e":{"method":"SEND","path":"/x"}}})",
     "/endpoints/e/method: ", "expected GET, POST, PUT, PATCH or DELETE, found \"SEND\""},
    {R"({"extends":"openai","limits":{"plans":{"free":{"ap":{}}}}})",
     "/limits/plans/free/ap: ", "no operation counts in class \"ap\""},
    {R"({"extends":"openai","errors":null})", "d.json", "\"errors\" is missing"},
    {R"({"extends":"openai","errors":{"overloaded":null}})", "/errors", "rows are missing: overloaded"},
    {R"({"extends":"openai","errors":{"overloadd":{}}})", "/errors/overloadd", "did you mean \"overloaded\"?"},
    {R"({"extends":"openai","errors":{"overloaded":{"status":200}}})", "/errors/overloaded/status", "400 to 599"},
    {R"({"extends":"openai","errors":{"overloaded":{"message":"{model}"}}})", "/errors/overloaded/message",
     "{model} is not known here: expected one of request_id"},
    {R"({"extends":"openai","errors":{"overloaded":{"code":7}}})", "/errors/overloaded/code",
     "expected a string or null"},
    {R"({"extends":"openai","models":{"m":{"family":"x"}}})", "/models/m/family", "no such family: \"x\""},
    {R"({"extends":"openai","models":{"m":{"snapshots":"x"}}})", "/models/m/snapshots", "did you mean \"snapshot\"?"},
    {R"({"extends":"openai","families":{"gpt-4o":{"refuses":{"n":{"uses":"m"}}}}})", "/families/gpt-4o/refuses/n/uses",
     "unknown key"},
    {R"({"extends":"openai","endpoints":{"e":{"method":"GET"}}})", "/endpoints/e", "\"path\" is missing"},
    {R"({"extends":"openai","endpoints":{"e":{"method":"GET","path":"x"}}})", "/endpoints/e/path", "begins with /"},
    {R"({"extends":"openai","endpoints":{"e":{"method":"GET","path":"/x","body":"#nothing"}}})", "/endpoints/e/body",
     "no shape has the name \"#nothing\""},
    {R"({"extends":"openai","shapes":{"s":"integr"}})", "/shapes/s", "expected types such as"},
    {R"({"extends":"openai","shapes":{"s":{"type":"string","min":1}}})", "/shapes/s/min", "type includes a number"},
    {R"({"extends":"openai","shapes":{"s":{"type":"string","pattern":"^a+$"}}})", "/shapes/s/pattern",
     "found \"^a+$\""},
    {R"({"extends":"openai","shapes":{"s":{"type":"object","members":{},"required":["x"]}}})", "/shapes/s/required",
     "\"x\" is not one of the members"},
    {R"({"extends":"openai","shapes":{"s":{"type":"object","by":"type"}}})", "/shapes/s/by", "need each other"},
    {R"({"extends":"openai","shapes":{"s":{"type":"string","missing":"gone"}}})", "/shapes/s/missing",
     "unknown situation"},
    {R"({"extends":"openai","shapes":{"s":{"type":"object","members":{"a":{"typ":"string"}}}}})",
     "/shapes/s/members/a/typ", "did you mean \"type\"?"},
};

TEST_F(DialectFile, ReportsWhatIsWrongAndWhere) {
  for (const BadFile& row : kBadFiles) {
    const std::string error = error_of(row.text);
    EXPECT_THAT(error, HasSubstr(row.place)) << row.text;
    EXPECT_THAT(error, HasSubstr(row.message)) << row.text;
    EXPECT_THAT(error, HasSubstr("d.json")) << row.text;
  }
}

TEST(Dialect, NamesTheFileThatCannotBeRead) {
  EXPECT_THAT(load_dialect("/nowhere/d.json").error().text(), HasSubstr("/nowhere/d.json"));
  EXPECT_THAT(load_dialect("nobody").error().text(), HasSubstr("expected"));
  EXPECT_THAT(load_dialect("nobody").error().text(), HasSubstr("openai"));
}

TEST(MaskedKey, KeepsTheEndsOfLongKeysOnly) {
  EXPECT_EQ(masked_key("kk"), "kk");
  EXPECT_EQ(masked_key("sk-123456789"), "sk-123456789");
  EXPECT_EQ(masked_key("sk-abcdefghijkl50D7"), "sk-abcde*******50D7");
}

}  // namespace
}  // namespace mimus::server
