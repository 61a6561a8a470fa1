// Each condition of a `when`, with a request that it accepts and one that it does not.
#include <gtest/gtest.h>

#include "api/object_reader.h"
#include "server/match/matcher.h"
#include "server/match/when_reader.h"

namespace mimus::server {
namespace {

struct Row {
  std::string name;
  std::string when;
  std::string yes;  // a body that matches
  std::string no;   // one that does not
  std::string operation = "chat.completions";
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

JsonDocument parsed(const std::string& text) {
  auto document = parse_file_text(text, "test");
  EXPECT_TRUE(document) << text;
  return std::move(*document);
}

const std::vector<HeaderView> kHeaders = {{"X-Test-Id", "42"}, {"Authorization", "Bearer sk-1"}};

bool when_matches(const std::string& when_text, const std::string& operation, const std::string& body) {
  const JsonDocument when_json = parsed(when_text);
  const auto when = read_when(when_json.root(), "", {});
  EXPECT_TRUE(when) << when_text << " " << (when ? "" : when.error().text());
  const JsonDocument document = parsed(body);
  return when && matches(when->conditions, question_of(operation, "", false, document.root(), kHeaders));
}

class EachCondition : public testing::TestWithParam<Row> {};

TEST_P(EachCondition, AcceptsAndRefuses) {
  const Row& row = GetParam();
  EXPECT_TRUE(when_matches(row.when, row.operation, row.yes)) << row.when << " should match " << row.yes;
  EXPECT_FALSE(when_matches(row.when, row.operation, row.no)) << row.when << " should not match " << row.no;
}

std::string chat(const std::string& messages, const std::string& more = "") {
  return R"({"model":"gpt-4o","messages":[)" + messages + "]" + more + "}";
}
std::string user(const std::string& text) {
  return R"({"role":"user","content":")" + text + "\"}";
}

const std::string kHi = chat(user("hi"));
const std::string kCall = R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",)"
                          R"("function":{"name":"get_weather","arguments":"{}"}}]})";
const std::string kResult = R"({"role":"tool","tool_call_id":"call_1","content":"sunny, 21 degrees"})";
const std::string kToolRound = chat(user("weather?") + "," + kCall + "," + kResult);
const std::string kAfterRound = chat(user("weather?") + "," + kCall + "," + kResult +
                                     R"(,{"role":"assistant","content":"It is sunny."},)" + user("thanks"));

const Row kRows[] = {
    {"model_exact", R"({"model":"gpt-4o"})", kHi, R"({"model":"gpt-4o-mini","messages":[]})"},
    {"model_glob", R"({"model":"gpt-4*"})", kHi, R"({"model":"gpt-5","messages":[]})"},
    {"model_glob_one", R"({"model":"gpt-?o"})", kHi, R"({"model":"gpt-44o"})"},
    {"model_regex", R"({"model":{"regex":"^gpt-[45]"}})", kHi, R"({"model":"o4-gpt-4"})"},
    {"last_user_exact", R"({"last_user":"hi"})", kHi, chat(user("hi!"))},
    {"last_user_is_the_last", R"({"last_user":"second"})", chat(user("first") + "," + user("second")),
     chat(user("second") + "," + R"({"role":"assistant","content":"x"},)" + user("third"))},
    {"last_user_contains", R"({"last_user":{"contains":"eathe"}})", kToolRound, kHi},
    {"last_user_contains_all", R"({"last_user":{"contains":["a","b"]}})", chat(user("b a")), chat(user("a"))},
    {"last_user_regex", R"({"last_user":{"regex":"^h.$"}})", kHi, chat(user("oh hi"))},
    {"last_user_glob", R"({"last_user":{"glob":"h*o w*d"}})", chat(user("hello world")), chat(user("hello words"))},
    {"last_user_parts", R"({"last_user":"a\nb"})",
     chat(R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]})"),
     chat(user("ab"))},
    {"picture_after_question", R"({"last_user":"what is this?"})",
     chat(user("what is this?") + R"(,{"role":"user","content":[{"type":"image_url"}]})"), kHi},
    {"system", R"({"system":{"contains":"pirate"}})",
     chat(R"({"role":"system","content":"Be a pirate."},)" + user("x")), chat(user("pirate"))},
    {"developer_is_system", R"({"system":"a\nb"})",
     chat(R"({"role":"system","content":"a"},{"role":"developer","content":"b"})"),
     chat(R"({"role":"system","content":"a"})")},
    {"any_text", R"({"any_text":"It is sunny."})", kAfterRound, kToolRound},
    {"has_tool_result", R"({"has_tool_result":true})", kToolRound, kHi},
    {"stale_tool_result", R"({"has_tool_result":false})", kAfterRound, kToolRound},
    {"tool_result", R"({"tool_result":{"contains":"sunny"}})", kToolRound, kAfterRound},
    {"tool_result_of", R"({"tool_result_of":"get_weather"})", kToolRound, kHi},
    {"tool_call_id", R"({"tool_call_id":"call_1"})", kToolRound, kAfterRound},
    {"turn", R"({"turn":1})", kToolRound, kAfterRound},
    {"turn_2", R"({"turn":2})", kAfterRound, kToolRound},
    {"offers_tool", R"({"offers_tool":"f"})", chat("", R"(,"tools":[{"type":"function","function":{"name":"f"}}])"),
     chat("", R"(,"tools":[{"type":"function","function":{"name":"g"}}])")},
    {"offers_all", R"({"offers_tool":["f","g"]})", R"({"functions":[{"name":"f"},{"name":"g"}]})",
     R"({"functions":[{"name":"f"}]})"},
    {"json_number", R"({"json":{"/temperature":0}})", R"({"temperature":0.0})", R"({"temperature":1})"},
    {"json_string", R"({"json":{"/metadata/case":"a"}})", R"({"metadata":{"case":"a"}})",
     R"({"metadata":{"case":"b"}})"},
    {"json_null", R"({"json":{"/user":null}})", R"({"user":null})", "{}"},
    {"json_array", R"({"json":{"/stop":["a",1]}})", R"({"stop":["a",1]})", R"({"stop":["a"]})"},
    {"json_equals", R"({"json":{"/o":{"equals":{"b":1,"a":2}}}})", R"({"o":{"a":2,"b":1}})", R"({"o":{"a":2}})"},
    {"json_regex", R"({"json":{"/metadata/case":{"regex":"^a"}}})", R"({"metadata":{"case":"ab"}})",
     R"({"metadata":{"case":"ba"}})"},
    {"json_exists", R"({"json":{"/seed":{"exists":true}}})", R"({"seed":null})", "{}"},
    {"json_absent", R"({"json":{"/seed":{"exists":false}}})", "{}", R"({"seed":1})"},
    {"json_escaped", R"({"json":{"/a~1b/0":1}})", R"({"a/b":[1]})", R"({"a":{"b":[1]}})"},
    {"stream", R"({"stream":true})", R"({"stream":true})", kHi},
    {"no_stream", R"({"stream":false})", kHi, R"({"stream":true})"},
    {"all_must_hold", R"({"model":"gpt-4o","last_user":"hi"})", kHi,
     R"({"model":"x","messages":[{"role":"user","content":"hi"}]})"},

    {"embeddings_input", R"({"last_user":"a text"})", R"({"input":"a text"})", R"({"input":"another"})", "embeddings"},
    {"embeddings_list", R"({"any_text":"b","last_user":"a\nb"})", R"({"input":["a","b"]})", R"({"input":["a"]})",
     "embeddings"},
    {"image_prompt", R"({"last_user":{"contains":"otter"}})", R"({"prompt":"a sea otter"})", R"({"prompt":"a cat"})",
     "images.generations"},
    {"legacy_prompt", R"({"last_user":"Say"})", R"({"prompt":["Say"]})", R"({"prompt":"Say it"})", "completions"},
    {"speech_input", R"({"last_user":"Hello"})", R"({"input":"Hello","instructions":"slowly"})", R"({"input":"Bye"})",
     "audio.speech"},
    {"responses_text", R"({"last_user":"hi","system":"Be brief.","turn":1})",
     R"({"input":"hi","instructions":"Be brief."})", R"({"input":"hi"})", "responses"},
    {"responses_items", R"({"last_user":"hi","turn":1,"has_tool_result":false})",
     R"({"input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]})",
     R"({"input":[{"role":"user","content":"ho"}]})", "responses"},
    {"responses_tool_result", R"({"tool_result":"21","tool_result_of":"f","tool_call_id":"c1"})",
     R"({"input":[{"type":"message","role":"user","content":"x"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},)"
     R"({"type":"function_call_output","call_id":"c1","output":"21"}],"tools":[{"type":"function","name":"f"}]})",
     R"({"input":[{"type":"message","role":"user","content":"x"}]})", "responses"},
    {"responses_offers", R"({"offers_tool":"f"})", R"({"tools":[{"type":"function","name":"f"}],"input":"x"})",
     R"({"tools":[{"type":"web_search"}],"input":"x"})", "responses"},
    {"gemini_contents", R"({"last_user":"hi","system":"Be brief.","offers_tool":"f","turn":1})",
     R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]},)"
     R"("tools":[{"functionDeclarations":[{"name":"f"}]}]})",
     R"({"contents":[{"role":"user","parts":[{"text":"ho"}]}]})", "gemini.generate"},
    {"gemini_tool_result", R"({"tool_result_of":"f","tool_result":{"contains":"21"},"turn":1})",
     R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},)"
     R"({"role":"user","parts":[{"functionResponse":{"name":"f","response":{"t":21}}}]}]})",
     R"({"contents":[{"role":"user","parts":[{"text":"x"}]}]})", "gemini.generate"},
};

INSTANTIATE_TEST_SUITE_P(Rows, EachCondition, testing::ValuesIn(kRows), [](const auto& row) { return row.param.name; });

TEST(Condition, AsksForOneEndpointOrSeveral) {
  EXPECT_TRUE(when_matches(R"({"endpoint":"embeddings"})", "embeddings", "{}"));
  EXPECT_FALSE(when_matches(R"({"endpoint":"embeddings"})", "chat.completions", "{}"));
  EXPECT_TRUE(when_matches(R"({"endpoint":["embeddings","responses"]})", "responses", "{}"));
  EXPECT_FALSE(when_matches(R"({"endpoint":["embeddings","responses"]})", "completions", "{}"));
}

TEST(Condition, AsksForHeadersInAnyCase) {
  EXPECT_TRUE(when_matches(R"({"header":{"x-TEST-id":"42"}})", "chat.completions", "{}"));
  EXPECT_FALSE(when_matches(R"({"header":{"x-test-id":"43"}})", "chat.completions", "{}"));
  EXPECT_TRUE(when_matches(R"({"header":{"x-test-id":{"regex":"^4"}}})", "chat.completions", "{}"));
  EXPECT_TRUE(when_matches(R"({"header":{"x-other":{"exists":false}}})", "chat.completions", "{}"));
  EXPECT_FALSE(when_matches(R"({"header":{"x-test-id":{"exists":false}}})", "chat.completions", "{}"));
}

TEST(Condition, DoesNotMatchWhatTheEndpointDoesNotHave) {
  EXPECT_FALSE(when_matches(R"({"last_user":{"regex":""}})", "models.list", "{}"));
  EXPECT_FALSE(when_matches(R"({"has_tool_result":false})", "embeddings", R"({"input":"x"})"));
  EXPECT_FALSE(when_matches(R"({"turn":1})", "embeddings", R"({"input":"x"})"));
}

TEST(Question, IsTheSameFromACallAsFromItsBody) {
  Call call;
  call.operation = "chat.completions";
  call.model = "gpt-4o";
  const auto say = [&call](Role role, std::string text) -> Message& {
    Message& message = call.messages.emplace_back();
    message.role = role;
    message.text = std::move(text);
    return message;
  };
  say(Role::System, "Be brief.");
  say(Role::User, "weather?");
  say(Role::Assistant, "").tool_calls.push_back({"call_1", "get_weather", "{}"});
  say(Role::Tool, "sunny").tool_call_id = "call_1";
  const Question question = question_of(call, {});
  EXPECT_EQ(question.last_user, "weather?");
  EXPECT_EQ(question.system, "Be brief.");
  EXPECT_EQ(question.turn, 1);
  ASSERT_EQ(question.tool_results.size(), 1U);
  EXPECT_EQ(question.tool_results[0].tool, "get_weather");
  EXPECT_EQ(question.tool_results[0].text, "sunny");
}

TEST(Condition, HidesPromptsAndCredentialsInFindings) {
  const JsonDocument when_json =
      parsed(R"({"last_user":"x","header":{"authorization":"y","x-test-id":"1"},"json":{"/messages/0/content":"z"}})");
  const auto when = read_when(when_json.root(), "", {});
  ASSERT_TRUE(when);
  const JsonDocument body = parsed(chat(user("my secret")));
  const Question question = question_of("chat.completions", "", false, body.root(), kHeaders);
  for (const bool show : {false, true}) {
    std::string all;
    for (const Condition& condition : when->conditions) all += finding_of(condition, question, show) + "\n";
    EXPECT_EQ(all.find("my secret") != std::string::npos, show) << all;
    EXPECT_EQ(all.find("sk-1"), std::string::npos) << all;
    EXPECT_NE(all.find("\"42\""), std::string::npos) << all;
  }
}

struct BadWhen {
  std::string when;
  std::string error;
};

TEST(WhenReader, RefusesMistakesAndNamesThem) {
  Vocabulary vocabulary;
  vocabulary.operations = {"chat.completions", "embeddings"};
  const BadWhen rows[] = {
      {R"({"last_usr":"x"})", "/last_usr: unknown key, did you mean \"last_user\"?"},
      {R"({"turn":1,"turn":2})", "/turn: the key stands twice in one object"},
      {R"({"endpoint":"chat.completion"})",
       "/endpoint: unknown endpoint \"chat.completion\", did you mean \"chat.completions\"?"},
      {R"({"last_user":{"containz":"x"}})", "/last_user/containz: unknown key, did you mean \"contains\"?"},
      {R"({"last_user":{}})", "/last_user: expected at least one of exact, contains, glob, regex"},
      {R"({"last_user":5})",
       "/last_user: expected a string, or an object with exact, contains, glob or regex, found 5"},
      {R"({"last_user":{"regex":"(a"}})", "/last_user/regex: not a regular expression (RE2): missing ): (a"},
      {R"({"json":{"temperature":0}})", "/json/temperature: not a JSON pointer: expected \"\" or a \"/\" at its start"},
      {R"({"json":{"/a~2":0}})", "/json/~1a~02: not a JSON pointer: \"~\" is written \"~0\""},
      {R"({"json":{"/a":1,"/a":2}})", "/json/~1a: the key stands twice in one object"},
      {R"({"turn":0})", "/turn: expected a number from 1 to 1000000, found 0"},
      {R"({"has_tool_result":"yes"})", "/has_tool_result: expected true or false, found \"yes\""},
      {R"({"state":"paid"})", "/state: expected a state such as \"order=paid\" of at most 200 bytes"},
      {R"([])", "expected an object, found an array"},
  };
  for (const BadWhen& row : rows) {
    const JsonDocument json = parsed(row.when);
    const auto when = read_when(json.root(), "", vocabulary);
    ASSERT_FALSE(when) << row.when;
    EXPECT_EQ(when.error().text(), row.error);
  }
}

}  // namespace
}  // namespace mimus::server
