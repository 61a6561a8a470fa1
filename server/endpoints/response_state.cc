#include "server/endpoints/response_state.h"

namespace mimus::server {
namespace {

constexpr std::size_t kOverhead = 256;  // what an entry costs beside its texts, about

std::size_t bytes_of(const ResponseEcho& echo) {
  return echo.limits.size() + echo.links.size() + echo.settings.size() + echo.owner.size();
}

std::size_t bytes_of(const Choice& choice) {
  constexpr std::size_t kTokenLogprob = 96;
  std::size_t bytes = choice.text.size() + choice.reasoning.size() + choice.refusal.value_or("").size();
  for (const ToolCall& call : choice.tool_calls) bytes += kOverhead + call.arguments.size();
  for (const TokenLogprob& token : choice.logprobs) bytes += kTokenLogprob * (1 + token.top.size());
  return bytes;
}

}  // namespace

std::size_t bytes_of(const ResponseItemEntry& item) {
  return kOverhead + item.id.size() + 2 * item.json.size();  // the message holds its text once more
}

std::size_t bytes_of(const StoredResponse& response) {
  std::size_t bytes = 2 * kOverhead + bytes_of(response.frame.echo);
  for (const Choice& choice : response.reply.choices) bytes += bytes_of(choice);
  return bytes + (response.input.size() + response.output.size()) * sizeof(SharedItem);
}

std::size_t bytes_of(const StoredConversation& conversation) {
  std::size_t bytes = kOverhead;
  for (const auto& [key, value] : conversation.metadata) bytes += key.size() + value.size();
  for (const SharedItem& item : conversation.items) bytes += bytes_of(*item);
  return bytes;
}

void ResponseState::remember(const std::vector<SharedItem>& entries) {
  for (const SharedItem& entry : entries) items.put(entry->id, entry, bytes_of(*entry));
}

bool ResponseState::append(const std::string& conversation, const std::vector<SharedItem>& entries) {
  return conversations.update(conversation, [&](StoredConversation& changed) {
    changed.items.insert(changed.items.end(), entries.begin(), entries.end());
    return std::optional(bytes_of(changed));
  });
}

void ResponseState::clear() {
  responses.clear();
  conversations.clear();
  items.clear();
}

}  // namespace mimus::server
