#include "server/endpoints/response_request.h"

#include <gtest/gtest.h>

#include "server/endpoints/golden_request.h"
#include "server/endpoints/input_items.h"

namespace mimus::server {
namespace {

const Dialect& openai() {
  static const Result<Dialect> dialect = load_dialect("openai");
  return *dialect;
}

Result<ResponseRequest, Refusal> read(std::string_view body, const ResponseState& state = ResponseState({})) {
  return read_response_request(body, openai(), *openai().find_endpoint("responses"), state,
                               [](Json) { return Ids(7); });
}

std::string line(std::int64_t status, std::string_view param, std::string_view code, std::string_view message) {
  return std::to_string(status) + " " + std::string(param) + " " + std::string(code) + " " + std::string(message);
}

TEST(ResponseRequest, RefusesEachBadRequestInTheVendorsWords) {
  const GoldenRequests golden = load_golden_requests("bad_responses", "error");
  EXPECT_GE(golden.rows.size(), 150U);
  for (const GoldenRequest& row : golden.rows) {
    const auto request = read(row.body);
    if (request) {
      ADD_FAILURE() << row.name << ": was accepted";
      continue;
    }
    const ApiError error = openai().error(request.error());
    const Json expected = row.expected;
    EXPECT_EQ(line(error.status, error.param.value_or("-"), error.code.value_or("-"), error.message),
              line(expected.find("status").int_or(400), expected.find("param").string_or("-"),
                   expected.find("code").string_or("-"), expected.find("message").string_or("no message expected?")))
        << row.name;
    EXPECT_EQ(error.type, "invalid_request_error") << row.name;
  }
}

// A dialect may have no rules at all: reading then falls back to defaults and never trips.
TEST(ResponseRequest, SurvivesADialectWithoutRules) {
  for (const char* folder : {"bad_responses", "bad_requests"}) {
    for (const GoldenRequest& row : load_golden_requests(folder, "error").rows) {
      Endpoint bare = *openai().find_endpoint("responses");
      bare.rules = RequestRules();
      (void)read_response_request(row.body, openai(), bare, ResponseState({}), [](Json) { return Ids(7); });
    }
  }
}

std::string said(const ResponseRequest& request) {
  constexpr std::string_view kRoles = "sduatf";  // in the order of Role
  std::string text;
  for (const Message& message : request.call.messages) {
    text += kRoles[static_cast<std::size_t>(message.role)];
    text += ":" + message.text;
    for (const ToolCall& call : message.tool_calls) text += call.name + "(" + call.arguments + ")";
    if (message.images + message.audios + message.files > 0) {
      text += " " + std::to_string(message.images) + std::to_string(message.audios) + std::to_string(message.files);
    }
    text += "|";
  }
  return text;
}

TEST(ResponseRequest, HearsTheItemsOfItsInput) {
  const struct {
    const char* name;
    const char* input;  // members behind the model
    const char* said;
  } rows[] = {
      {"a string", R"("input":"Hi")", "u:Hi|"},
      {"instructions", R"("input":"Hi","instructions":"Be brief.")", "s:Be brief.|u:Hi|"},
      {"roles",
       R"("input":[{"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"assistant","content":"c"}])",
       "s:a|d:b|a:c|"},
      {"parts",
       R"("input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","file_id":"file-0"},)"
       R"({"type":"input_text","text":"b"},{"type":"input_file","file_id":"file-1"}]}])",
       "u:a\nb 101|"},
      {"what a response said, sent back",
       R"("input":[{"id":"rs_1","type":"reasoning","summary":[]},{"id":"msg_1","type":"message","status":"completed",)"
       R"("role":"assistant","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"a"}]},)"
       R"({"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}])",
       "a:a|a:no|"},
      {"a tool loop",
       R"("input":[{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}","status":"completed"},)"
       R"({"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"sunny"}]}])",
       "a:f({})|t:sunny|"},
      {"a custom tool",
       R"("input":[{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"},)"
       R"({"type":"custom_tool_call_output","call_id":"c","output":"y"}])",
       "a:f(x)|t:y|"},
      {"tools of the vendor say nothing",
       R"("input":[{"type":"web_search_call","id":"ws_1","status":"completed"},{"role":"user","content":"Hi"}],)"
       R"("tools":[{"type":"web_search"},{"type":"mcp","server_label":"x"}],"tool_choice":{"type":"web_search_preview"})",
       "u:Hi|"},
  };
  for (const auto& row : rows) {
    const auto request = read(R"({"model":"gpt-4o",)" + std::string(row.input) + "}");
    if (!request) {
      ADD_FAILURE() << row.name << ": " << openai().error(request.error()).message;
    } else {
      EXPECT_EQ(said(*request), row.said) << row.name;
    }
  }
}

TEST(ResponseRequest, ReadsToolsFormatAndLimits) {
  const auto request = read(
      R"({"model":"gpt-4o;tokens=5","input":"Hi","tools":[{"type":"web_search"},{"type":"function","name":"f",)"
      R"("parameters":{"type":"object"},"strict":false},{"type":"custom","name":"g"}],"parallel_tool_calls":false,)"
      R"("tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},)"
      R"("text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},"max_output_tokens":16,)"
      R"("top_logprobs":3,"stream":true,"stream_options":{"include_obfuscation":false},"service_tier":"flex"})");
  ASSERT_TRUE(request) << openai().error(request.error()).message;
  const Call& call = request->call;
  EXPECT_EQ(call.model, "gpt-4o");
  EXPECT_EQ(call.snapshot, "gpt-4o-2024-08-06");
  ASSERT_EQ(call.tools.size(), 2U);
  EXPECT_TRUE(call.tools[1].is_custom);
  EXPECT_EQ(call.tool_choice.mode, ToolChoice::Mode::Required);
  EXPECT_EQ(call.tool_choice.allowed, std::vector<std::string>{"f"});
  EXPECT_FALSE(call.parallel_tool_calls);
  EXPECT_EQ(to_text(call.format.schema), R"({"type":"object"})");
  EXPECT_EQ(call.max_tokens, 16);
  EXPECT_TRUE(call.logprobs);
  EXPECT_EQ(call.top_logprobs, 3);
  EXPECT_TRUE(call.stream);
  EXPECT_FALSE(call.include_obfuscation);
  EXPECT_EQ(call.service_tier, "flex");
  EXPECT_TRUE(request->is_stored);
}

TEST(InputItems, AreShownWithIdsAndParts) {
  const struct {
    const char* item;
    const char* shown;
  } rows[] = {
      {R"({"role":"user","content":"Hi"})",
       R"({"id":"?","type":"message","status":"completed","content":[{"type":"input_text","text":"Hi"}],"role":"user"})"},
      {R"({"role":"assistant","content":"Hi","id":"msg_1","phase":"commentary"})",
       R"({"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],)"
       R"("logprobs":[],"text":"Hi"}],"role":"assistant","phase":"commentary"})"},
      {R"({"role":"user","content":[{"type":"input_image","image_url":"x"}]})",
       R"({"id":"?","type":"message","status":"completed","content":[{"type":"input_image","image_url":"x",)"
       R"("detail":"auto"}],"role":"user"})"},
      {R"({"type":"function_call_output","call_id":"c","output":"x","id":null,"status":null})",
       R"({"id":"?","type":"function_call_output","call_id":"c","output":"x","status":"completed"})"},
      {R"({"type":"reasoning","id":"rs_1","summary":[]})", R"({"id":"rs_1","type":"reasoning","summary":[]})"},
  };
  for (const auto& row : rows) {
    const auto input = parse_json("[" + std::string(row.item) + "]");
    const auto items = read_input_items(input->root(), Ids(1), CappedStore<SharedItem>({}));
    ASSERT_TRUE(items);
    std::string shown = items->front()->json;
    if (std::string_view(row.shown).find('?') != std::string_view::npos) {
      shown.replace(shown.find(items->front()->id), items->front()->id.size(), "?");
    }
    EXPECT_EQ(shown, row.shown);
  }
}

}  // namespace
}  // namespace mimus::server
