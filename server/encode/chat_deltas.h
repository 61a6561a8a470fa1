// The deltas of one choice of a streamed chat completion, in order: role, text, refusal, calls, finish.
// Sources: OpenAI API reference, chat completion chunk; recorded streams. The role comes once, in the first delta; a
// call's id, type and name once, in its first fragment (official clients concatenate what is repeated); the last delta
// is empty and carries the finish reason alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "server/dialect/dialect.h"
#include "server/encode/text_cursor.h"
#include "server/reply.h"

namespace mimus::server {

// A cursor over one choice. The choice is handed in each time, always the same one, so that the two may live side by
// side in something that moves.
class ChatDeltas {
 public:
  [[nodiscard]] bool is_over() const { return step_ == Step::Over; }

  // Appends the next element of "choices"; not when is_over().
  void append_next(std::size_t index, const Choice& choice, const BodyStyle& style, int chunk_tokens, std::string& out);

  // Tokens of the choice that chunks so far have carried.
  [[nodiscard]] std::int64_t tokens() const { return tokens_before_ + cursor_.tokens(); }

 private:
  enum class Step { Role, Text, Refusal, Calls, Finish, Over };

  void append_delta(const Choice& choice, const BodyStyle& style, int chunk_tokens, std::string& out);
  void append_role(const Choice& choice, const BodyStyle& style, std::string& out);
  void append_text(const Choice& choice, int chunk_tokens, std::string& out);
  void append_refusal(const Choice& choice, int chunk_tokens, std::string& out);
  void append_call(const Choice& choice, int chunk_tokens, std::string& out);
  void leave_finished_steps(const Choice& choice);
  void restart_cursor();

  Step step_ = Step::Role;
  bool call_is_open_ = false;  // its first fragment is out
  std::size_t call_ = 0;
  TextCursor cursor_;  // over the text, the refusal or the arguments of call_
  std::int64_t tokens_before_ = 0;
};

}  // namespace mimus::server
