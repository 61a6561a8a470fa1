// What a `when` may ask about a request, the same for every endpoint that has it: built from a Call, or from the body
// of an endpoint that has no Call. A view: valid as long as the Call or body and the headers it was made from.
#pragma once

#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "server/call.h"
#include "server/http_request.h"

namespace mimus::server {

// What a tool gave back, with the call that asked for it.
struct ToolResult {
  std::string_view call_id;  // empty where the protocol has none
  std::string_view tool;     // the name of the tool; empty when the conversation does not tell
  std::string_view text;
};

struct Question {
  Question() = default;
  Question(const Question&) = delete;  // its views point into `owned`
  Question& operator=(const Question&) = delete;
  Question(Question&&) = default;
  Question& operator=(Question&&) = default;
  ~Question() = default;

  std::string_view operation;  // "chat.completions"
  std::string_view model;      // the bare name; empty when the request names none

  // What the user says: the last user message; the input of an embedding or a response; the prompt of an image or a
  // legacy completion (several are joined with newlines). Nothing where the endpoint has no such thing.
  std::optional<std::string_view> last_user;
  std::optional<std::string_view> system;  // all system and developer texts, joined with newlines
  std::vector<std::string_view> texts;     // of every message, in order

  // Of conversations only. A turn begins with a user message (two in a row count as one), so a tool loop stays in its
  // turn; tool results are those of the last round: behind them comes nothing but instructions.
  std::optional<int> turn;
  std::vector<ToolResult> tool_results;

  std::vector<std::string_view> offered_tools;
  bool stream = false;
  Json body;  // Missing when the request has none
  std::span<const HeaderView> headers;

  // The value of a header (name in any case); nothing when absent.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;

  std::list<std::string> owned;  // texts that had to be put together; a list, so that they stay where they are
};

Question question_of(const Call& call, std::span<const HeaderView> headers);

// For endpoints without a Call. The shape of the body decides what is read: `messages` (chat), `contents` (Gemini),
// `input` (Responses, embeddings, moderation, speech), `prompt` (legacy completions, images).
// `model` and `stream` may be empty or false: they are then read from the body.
Question question_of(std::string_view operation, std::string_view model, bool stream, Json body,
                     std::span<const HeaderView> headers);

}  // namespace mimus::server
