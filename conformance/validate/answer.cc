#include "conformance/validate/answer.h"

#include <array>

namespace mimus::conformance {
namespace {

void add_texts(Json json, std::string_view pattern, std::string& text) {
  for (const Located& located : find_all(json, pattern)) text += located.json.string_or("");
}

void take_finish(Json json, std::string& finish) {
  constexpr std::array<std::string_view, 4> kPlaces = {"/choices/0/finish_reason", "/candidates/0/finishReason",
                                                       "/incomplete_details/reason",
                                                       "/response/incomplete_details/reason"};
  for (const std::string_view place : kPlaces) {
    const std::string_view found = json.find_pointer(place).string_or("");
    if (!found.empty()) finish = found;
  }
}

// Only the first choice: with n the others come between.
void add_chunk(Json chunk, std::string& text) {
  for (const Json choice : chunk.find("choices").elements()) {
    if (choice.find("index").int_or(0) != 0) continue;
    text += choice.find_pointer("/delta/content").string_or("");
    text += choice.find("text").string_or("");
  }
  if (chunk.find("type").string_or("") == "response.output_text.delta") text += chunk.find("delta").string_or("");
  add_texts(chunk, "/candidates/0/content/parts/*/text", text);
}

}  // namespace

Answer answer_of(const Transcript& transcript) {
  Answer answer;
  for (const Chunk& chunk : chunks_of(transcript)) {
    add_chunk(chunk.json, answer.text);
    take_finish(chunk.json, answer.finish);
  }
  if (transcript.is_stream()) return answer;
  const Json json = transcript.json();
  answer.text = json.find_pointer("/choices/0/message/content").string_or("");
  answer.text += json.find_pointer("/choices/0/text").string_or("");
  add_texts(json, "/output/*/content/*/text", answer.text);
  add_texts(json, "/candidates/0/content/parts/*/text", answer.text);
  take_finish(json, answer.finish);
  return answer;
}

}  // namespace mimus::conformance
