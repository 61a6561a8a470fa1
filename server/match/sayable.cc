#include "server/match/sayable.h"

#include <algorithm>

namespace mimus::server {
namespace {

enum class Says { Choices, Embeddings, Images, Nothing };

Says says_of(std::string_view operation) {
  if (operation == "embeddings") return Says::Embeddings;
  if (operation.starts_with("images.")) return Says::Images;
  return operation == "moderations" ? Says::Nothing : Says::Choices;
}

struct IsSayable {
  Says says;
  bool operator()(const ScriptedChoices&) const { return says == Says::Choices; }
  bool operator()(const ScriptedEmbeddings&) const { return says == Says::Embeddings; }
  bool operator()(const ScriptedImages&) const { return says == Says::Images; }
  template <class Anywhere>
  bool operator()(const Anywhere&) const {
    return true;
  }
};

}  // namespace

bool can_say(std::string_view operation, const Fixture& fixture) {
  const IsSayable is_sayable{says_of(operation)};
  return std::all_of(fixture.replies.begin(), fixture.replies.end(),
                     [&](const ScriptedReply& reply) { return std::visit(is_sayable, reply.content); });
}

std::string_view sayable_at(std::string_view operation) {
  switch (says_of(operation)) {
    case Says::Embeddings:
      return "embeddings";
    case Says::Images:
      return "images";
    case Says::Nothing:
      return "nothing but errors and raw replies";
    case Says::Choices:
      break;
  }
  return "a text, tool calls or a refusal";
}

}  // namespace mimus::server
