#include "server/synth/tool_calls.h"

#include "server/synth/prose.h"
#include "server/synth/rng.h"
#include "server/synth/schema_instance.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::uint64_t kId = 1;  // parts of the digest of one call, see derive()
constexpr std::uint64_t kArguments = 2;
constexpr int kFreeTextWords = 6;

// "call_" and 24 characters, as OpenAI's are.
std::string make_call_id(std::uint64_t digest) {
  constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  Rng rng(digest);
  std::string id = "call_";
  for (int i = 0; i < 24; ++i) id.push_back(rng.pick(kBase62));
  return id;
}

std::string place_of(const Call& call, const ToolSpec& tool) {
  const auto index = std::to_string(&tool - call.tools.data());
  return call.legacy_functions ? "functions[" + index + "].parameters" : "tools[" + index + "].function.parameters";
}

Result<ToolCall> make_call(const Call& call, const Standing& standing, const ToolSpec& tool, std::uint64_t digest) {
  ToolCall made;
  if (!call.legacy_functions) made.id = make_call_id(derive(digest, kId));
  made.name = tool.name;
  made.is_custom = tool.is_custom;
  if (tool.is_custom) {
    append_phrase(derive(digest, kArguments), standing.topics, kFreeTextWords, made.arguments);
    return made;
  }
  auto arguments = object_instance(tool.parameters, derive(digest, kArguments), standing.topics);
  if (!arguments) return arguments.error().in(place_of(call, tool));
  made.arguments = std::move(*arguments);
  return made;
}

}  // namespace

Result<std::vector<ToolCall>> make_tool_calls(const Call& call, const Standing& standing,
                                              const std::vector<const ToolSpec*>& tools, std::uint64_t digest) {
  std::vector<ToolCall> calls;
  for (const ToolSpec* tool : tools) {
    Result<ToolCall> made = make_call(call, standing, *tool, derive(digest, calls.size()));
    if (!made) return made.error();
    calls.push_back(std::move(*made));
  }
  return calls;
}

std::int64_t cut_tool_calls(std::vector<ToolCall>& calls, std::int64_t limit, bool& cut) {
  std::int64_t used = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (i > 0 && used >= limit) {
      calls.resize(i);
      cut = true;
      break;
    }
    used = std::min(limit, used + count_tokens(calls[i].name));
    const std::string_view kept = first_tokens(calls[i].arguments, limit - used);
    if (kept.size() < calls[i].arguments.size()) {
      calls[i].arguments.resize(kept.size());
      cut = true;
    }
    used += count_tokens(calls[i].arguments);
  }
  return used;
}

}  // namespace mimus::server
