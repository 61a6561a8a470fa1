// aimock's fixtures. Its texts match as substrings, its models exactly or with a date behind ("gpt-4o" takes
// "gpt-4o-2024-08-06"). `sequenceIndex` counts how often the same match was hit: fixtures that differ in nothing else
// become one with several replies.
#include <algorithm>
#include <array>
#include <map>

#include "api/object_reader.h"
#include "server/match/convert/convert.h"
#include "server/match/convert/fixture_writer.h"
#include "server/match/template.h"

namespace mimus::server {
namespace {

std::string milliseconds(double value) {
  std::string text;
  JsonWriter(text).number(std::clamp(value, 0.0, 3'600'000.0));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + "ms";
}

class AimockFixture {
 public:
  AimockFixture(FixtureWriter& to, std::size_t number) : to_(to), number_(number) {}

  // Fixtures of one sequence: `entries` in the order of their index.
  void convert(const std::vector<Json>& entries) {
    const Json match = entries.front().find("match");
    for (const Json entry : entries) {
      if (!is_reply_known(entry.find("response"))) return left_out("its kind of response is not known here; left out");
    }
    if (match.find("predicate") || match.find("context")) {
      return left_out("a predicate or context cannot be carried over; left out");
    }
    if (match.find("endpoint") && endpoint_of(match.find("endpoint").string_or("")).empty()) {
      return left_out("endpoint \"" + std::string(match.find("endpoint").string_or("")) + "\" is not served; left out");
    }
    to_.add(number_, [&](JsonWriter& writer) {
      write_when(writer, match);
      const bool is_sequence = match.find("sequenceIndex").has_value();
      writer.key(is_sequence ? "replies" : "reply");
      if (is_sequence) writer.array();
      for (const Json entry : entries) write_reply(writer, entry);
      if (is_sequence) writer.end_array().member("then", "fall_through");
    });
  }

 private:
  void left_out(const std::string& why) { to_.note(number_, why); }

  static bool is_reply_known(Json response) {
    constexpr std::array<std::string_view, 9> kKnown = {"content", "toolCalls", "blocks", "error",        "embedding",
                                                        "image",   "images",    "json",   "transcription"};
    return std::any_of(kKnown.begin(), kKnown.end(), [response](auto key) { return response.find(key).has_value(); });
  }

  static std::string_view endpoint_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
        {{"chat", "chat.completions"},
         {"image", "images.generations"},
         {"embedding", "embeddings"},
         {"transcription", "audio.transcriptions"},
         {"translation", "audio.translations"}}};
    for (const auto& [theirs, ours] : kNames) {
      if (theirs == name) return ours;
    }
    return {};
  }

  static void write_contains(JsonWriter& writer, std::string_view key, Json value) {
    if (value.is_string() || value.is_array()) writer.key(key).object().key("contains").value(value).end_object();
  }

  void write_when(JsonWriter& writer, Json match) {
    writer.key("when").object();
    if (const Json endpoint = match.find("endpoint"); endpoint.is_string()) {
      // Their "chat" is every conversation.
      if (endpoint.as_string() == "chat") {
        writer.key("endpoint").array().string("chat.completions").string("responses").end_array();
      } else {
        writer.member("endpoint", endpoint_of(endpoint.as_string()));
      }
    }
    if (const Json model = match.find("model"); model.is_string()) write_model(writer, model.as_string());
    const Json text = match.find("userMessage") ? match.find("userMessage") : match.find("inputText");
    write_contains(writer, "last_user", text);
    write_contains(writer, "system", match.find("systemMessage"));
    write_contains(writer, "tool_result", match.find("toolResultContains"));
    for (const auto& [theirs, ours] : {std::pair("toolCallId", "tool_call_id"), std::pair("toolName", "offers_tool"),
                                       std::pair("hasToolResult", "has_tool_result")}) {
      if (const Json value = match.find(theirs); value.has_value()) writer.key(ours).value(value);
    }
    if (const Json format = match.find("responseFormat"); format.is_string()) {
      writer.key("json").object().member("/response_format/type", format.as_string()).end_object();
    }
    if (match.find("turnIndex")) {
      to_.note(number_,
               "turnIndex counts assistant messages and only breaks ties; here `turn` counts the user's: left out");
    }
    writer.end_object();
    note_unknown(match);
  }

  // What is dropped makes the fixture match more than it did.
  void note_unknown(Json match) {
    constexpr std::array<std::string_view, 14> kKnown = {
        "endpoint", "model",     "userMessage",   "inputText",      "systemMessage", "toolResultContains", "toolCallId",
        "toolName", "predicate", "hasToolResult", "responseFormat", "turnIndex",     "sequenceIndex",      "context"};
    for (const auto [key, value] : match.members()) {
      if (std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end()) continue;
      to_.note(number_, "match." + std::string(key) + " is not known here: left out, so it matches more");
    }
  }

  static void write_model(JsonWriter& writer, std::string_view model) {
    std::string pattern = "^";
    for (const char c : model) {
      if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
      pattern += c;
    }
    writer.key("model").object().member("regex", pattern + "(-\\d.*)?$").end_object();
  }

  void write_reply(JsonWriter& writer, Json entry) {
    const Json response = entry.find("response");
    writer.object();
    if (const Json error = response.find("error"); error.is_object()) {
      write_error(writer, response, error);
    } else if (const Json embedding = response.find("embedding")) {
      writer.key("embeddings").array().value(embedding).end_array();
    } else if (response.find("image") || response.find("images")) {
      write_images(writer, response);
    } else if (const Json json = response.find("json")) {
      writer.key("raw").object().member("status", response.find("status").int_or(200)).key("body");
      write_escaped(writer, json);
      writer.end_object();
    } else if (const Json transcription = response.find("transcription")) {
      writer.member("text", escape_template(transcription.find("text").string_or("")));
      if (transcription.size() > 1) to_.note(number_, "of the transcription only the text is carried over");
    } else {
      write_words(writer, response);
    }
    write_pace(writer, entry);
    writer.end_object();
    note_rest(entry, response);
  }

  void write_error(JsonWriter& writer, Json response, Json error) {
    const std::int64_t status = response.find("status").int_or(500);
    const bool is_kept = status >= 400 && status <= 599;
    if (!is_kept) to_.note(number_, "an error has a status from 400 to 599; 500 in place of " + std::to_string(status));
    writer.key("error").object().member("status", is_kept ? status : 500);
    writer.member("message", escape_template(error.find("message").string_or("")));
    for (const std::string_view key : {"type", "param", "code"}) {
      if (const Json value = error.find(key); value.is_string()) writer.member(key, value.as_string());
    }
    writer.end_object();
    const Json retry = response.find("retryAfter");
    if (retry || response.find("status").int_or(500) == 429) {
      writer.key("headers").object().member("retry-after", std::to_string(retry.int_or(1))).end_object();
    }
  }

  static void write_images(JsonWriter& writer, Json response) {
    writer.key("images").array();
    const auto write = [&writer](Json image) {
      writer.object();
      for (const auto& [theirs, ours] :
           {std::pair("url", "url"), std::pair("b64Json", "b64_json"), std::pair("revisedPrompt", "revised_prompt")}) {
        if (const Json value = image.find(theirs); value.is_string()) writer.member(ours, value.as_string());
      }
      writer.end_object();
    };
    if (const Json image = response.find("image")) write(image);
    for (const Json image : response.find("images").elements()) write(image);
    writer.end_array();
  }

  void write_words(JsonWriter& writer, Json response) {
    if (const Json content = response.find("content"); content.is_string()) {
      writer.member("text", escape_template(content.as_string()));
    } else if (content.has_value()) {
      writer.key("json");
      write_escaped(writer, content);
    }
    std::vector<Json> calls;
    for (const Json call : response.find("toolCalls").elements()) calls.push_back(call);
    if (!response.find("content") && calls.empty()) add_blocks(writer, response.find("blocks"), calls);
    if (response.find("blocks")) to_.note(number_, "the order of blocks is not kept: text comes before tool calls");
    if (!calls.empty()) write_calls(writer, calls);
    if (const Json reasoning = response.find("reasoning"); reasoning.is_string()) {
      writer.member("reasoning", escape_template(reasoning.as_string()));
    }
    write_finish(writer, response.find("finishReason"));
    write_usage(writer, response.find("usage"));
  }

  static void add_blocks(JsonWriter& writer, Json blocks, std::vector<Json>& calls) {
    std::string text;
    for (const Json block : blocks.elements()) {
      if (block.find("type").string_or("") == "toolCall") calls.push_back(block);
      text += block.find("text").string_or("");
    }
    if (!text.empty()) writer.member("text", escape_template(text));
  }

  static void write_calls(JsonWriter& writer, const std::vector<Json>& calls) {
    writer.key("tool_calls").array();
    for (const Json call : calls) {
      writer.object().member("name", call.find("name").string_or(""));
      if (const Json id = call.find("id"); id.is_string()) writer.member("id", id.as_string());
      const Json arguments = call.find("arguments");
      const auto parsed = parse_json(arguments.string_or(""));
      writer.key("arguments");
      if (arguments.is_object()) {
        write_escaped(writer, arguments);
      } else if (parsed && parsed->root().is_object()) {
        write_escaped(writer, parsed->root());
      } else {
        writer.string(escape_template(arguments.is_string() ? arguments.as_string() : to_text(arguments)));
      }
      writer.end_object();
    }
    writer.end_array();
  }

  void write_finish(JsonWriter& writer, Json finish) {
    constexpr std::array<std::string_view, 5> kKnown = {"stop", "length", "tool_calls", "function_call",
                                                        "content_filter"};
    if (!finish.is_string()) return;
    if (std::find(kKnown.begin(), kKnown.end(), finish.as_string()) != kKnown.end()) {
      writer.member("finish_reason", finish.as_string());
    } else {
      to_.note(number_, "finishReason \"" + std::string(finish.as_string()) + "\" is not one of OpenAI's: left out");
    }
  }

  static void write_usage(JsonWriter& writer, Json usage) {
    if (!usage.is_object()) return;
    const auto count = [&](std::initializer_list<std::string_view> names) {
      for (const std::string_view name : names) {
        if (const Json value = usage.find(name); value.is_integer()) return value;
      }
      return Json();
    };
    const Json prompt = count({"prompt_tokens", "input_tokens", "promptTokenCount"});
    const Json completion = count({"completion_tokens", "output_tokens", "candidatesTokenCount"});
    const Json cached = usage.find_pointer("/prompt_tokens_details/cached_tokens");
    const Json reasoning = usage.find_pointer("/completion_tokens_details/reasoning_tokens");
    writer.key("usage").object();
    if (prompt) writer.member("prompt_tokens", prompt.as_int());
    if (completion) writer.member("completion_tokens", completion.as_int());
    if (cached.is_integer()) writer.member("cached_tokens", cached.as_int());
    if (reasoning.is_integer()) writer.member("reasoning_tokens", reasoning.as_int());
    writer.end_object();
  }

  // `latency` is between chunks and before the first; a streamingProfile says both apart.
  void write_pace(JsonWriter& writer, Json entry) {
    const Json profile = entry.find("streamingProfile");
    const double latency = entry.find("latency").double_or(0);
    const double ttft = profile.find("ttft").double_or(latency);
    const double tps = profile.find("tps").double_or(0);
    const double token = tps > 0 ? 1000 / tps : latency;
    if (ttft > 0 || token > 0) {
      writer.key("pace").object();
      if (ttft > 0) writer.member("ttft", milliseconds(ttft));
      if (token > 0) writer.member("token", milliseconds(token));
      const double jitter = profile.find("jitter").double_or(0);
      std::string amount = "uniform:";
      JsonWriter(amount).number(std::clamp(jitter, 0.0, 1.0));
      if (jitter > 0) writer.member("jitter", amount);
      writer.end_object();
    }
    if (const Json after = entry.find("truncateAfterChunks"); after.is_integer()) {
      writer.member("fault", "cut:after_chunks=" + std::to_string(after.as_int()));
    }
  }

  void note_rest(Json entry, Json response) {
    for (const std::string_view key :
         {"chunkSize", "disconnectAfterMs", "recordedTimings", "replaySpeed", "chaos", "openRouterProcessing"}) {
      if (entry.find(key)) to_.note(number_, std::string(key) + " is left out");
    }
    for (const std::string_view key :
         {"id", "created", "model", "systemFingerprint", "role", "provider", "nativeFinishReason", "reasoningSignature",
          "redactedThinking", "webSearches", "billableUnits", "fallthrough"}) {
      if (response.find(key)) to_.note(number_, "response." + std::string(key) + " is left out");
    }
  }

  // JSON whose strings are taken literally here, where braces would be variables.
  static void write_escaped(JsonWriter& writer, Json json) {
    if (json.is_string()) {
      writer.string(escape_template(json.as_string()));
    } else if (json.is_array()) {
      writer.array();
      for (const Json element : json.elements()) write_escaped(writer, element);
      writer.end_array();
    } else if (json.is_object()) {
      writer.object();
      for (const auto [key, value] : json.members()) {
        writer.key(key);
        write_escaped(writer, value);
      }
      writer.end_object();
    } else {
      writer.value(json);
    }
  }

  FixtureWriter& to_;
  std::size_t number_;
};

// What a match asks for besides its place in a sequence.
std::string key_without_index(Json match) {
  std::string key;
  for (const auto [name, value] : match.members()) {
    if (name != "sequenceIndex") key += std::string(name) + "=" + to_text(value) + "\n";
  }
  return key;
}

}  // namespace

Result<Converted> convert_aimock(std::string_view text, const std::string& file) {
  auto document = parse_file_text(text, file);
  if (!document) return document.error();
  const Json fixtures = document->root().find("fixtures");
  if (!fixtures.is_array()) {
    return Error{Errc::BadInput, "expected aimock's {\"fixtures\": [...]}, found " + describe(document->root()), file};
  }
  std::map<std::string, std::vector<Json>> sequences;
  for (const Json entry : fixtures.elements()) {
    const Json match = entry.find("match");
    if (match.find("sequenceIndex").has_value()) sequences[key_without_index(match)].push_back(entry);
  }
  FixtureWriter writer;
  for (std::size_t i = 0; i < fixtures.size(); ++i) {
    AimockFixture fixture(writer, i);
    const Json match = fixtures.at(i).find("match");
    if (!match.find("sequenceIndex").has_value()) {
      fixture.convert({fixtures.at(i)});
      continue;
    }
    std::vector<Json>& sequence = sequences[key_without_index(match)];
    std::stable_sort(sequence.begin(), sequence.end(), [](Json a, Json b) {
      return a.find_pointer("/match/sequenceIndex").int_or(0) < b.find_pointer("/match/sequenceIndex").int_or(0);
    });
    if (!sequence.empty()) fixture.convert(sequence);
    sequence.clear();  // written with its first
  }
  return writer.finish();
}

}  // namespace mimus::server
