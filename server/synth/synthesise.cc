#include "server/synth/synthesise.h"

#include <algorithm>

#include "server/synth/digest.h"
#include "server/synth/logprobs.h"
#include "server/synth/reply_text.h"
#include "server/synth/rng.h"
#include "server/synth/standing.h"
#include "server/synth/tool_calls.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::uint64_t kLogprobs = 100;  // parts of a choice's digest, see derive()
constexpr std::uint64_t kTools = 101;

struct Spoken {
  Choice choice;
  std::int64_t tokens = 0;
};

// `text` up to the first place where any of `stop` begins.
void cut_at_stop(std::string& text, const std::vector<std::string>& stop) {
  for (const std::string& mark : stop) {
    if (!mark.empty()) text.resize(std::min(text.size(), text.find(mark)));
  }
}

Result<Spoken> speak(const Call& call, const Standing& standing, std::uint64_t digest) {
  Result<std::string> text = reply_text(call, standing, digest, call.tokens);
  if (!text) return text.error();
  Spoken spoken;
  spoken.choice.text = std::move(*text);
  cut_at_stop(spoken.choice.text, call.stop);
  spoken.tokens = count_tokens(spoken.choice.text);
  if (call.max_tokens && spoken.tokens > *call.max_tokens) {
    spoken.choice.text.resize(first_tokens(spoken.choice.text, *call.max_tokens).size());
    spoken.choice.finish = FinishReason::Length;
    spoken.tokens = std::max<std::int64_t>(0, *call.max_tokens);
  }
  if (call.logprobs) {
    spoken.choice.logprobs = make_logprobs(derive(digest, kLogprobs), spoken.choice.text, call.top_logprobs);
  }
  return spoken;
}

Result<Spoken> call_tools(const Call& call, const Standing& standing, const std::vector<const ToolSpec*>& tools,
                          std::uint64_t digest) {
  auto calls = make_tool_calls(call, standing, tools, derive(digest, kTools));
  if (!calls) return calls.error();
  Spoken spoken;
  spoken.choice.tool_calls = std::move(*calls);
  bool cut = false;
  spoken.tokens = cut_tool_calls(spoken.choice.tool_calls, call.max_tokens.value_or(INT64_MAX), cut);
  spoken.choice.finish = cut ? FinishReason::Length : finish_of_tools(call);
  return spoken;
}

}  // namespace

std::uint64_t digest_of(const Call& call, std::uint64_t server_seed) {
  Digest digest(server_seed);
  digest.add(call.model).add(static_cast<std::int64_t>(call.messages.size()));
  for (const Message& message : call.messages) {
    // Not the ids of tool calls: they may differ from run to run.
    digest.add(static_cast<std::int64_t>(message.role)).add(message.text).add(message.name);
    digest.add(message.images + std::int64_t{1000} * message.audios + std::int64_t{1000000} * message.files);
    for (const ToolCall& made : message.tool_calls) digest.add(made.name).add(made.arguments);
  }
  digest.add(static_cast<std::int64_t>(call.tools.size()));
  for (const ToolSpec& tool : call.tools) digest.add(tool.name).add(tool.description).add(tool.parameters);
  digest.add(static_cast<std::int64_t>(call.format.kind)).add(call.format.name).add(call.format.schema);
  digest.add(std::int64_t{call.seed.has_value()}).add(call.seed.value_or(0));
  return digest.value();
}

Result<Reply> synthesise(const Call& call, std::uint64_t digest) {
  const Standing standing = standing_of(call);
  const std::vector<const ToolSpec*> tools = choose_tools(call, standing);
  Reply reply;
  for (int i = 0; i < std::max(1, call.n); ++i) {
    const std::uint64_t own = choice_digest(digest, i);
    Result<Spoken> spoken = tools.empty() ? speak(call, standing, own) : call_tools(call, standing, tools, own);
    if (!spoken) return spoken.error();
    reply.usage.completion_tokens += spoken->tokens;
    reply.choices.push_back(std::move(spoken->choice));
  }
  reply.usage.prompt_tokens = prompt_tokens(call);
  return reply;
}

}  // namespace mimus::server
