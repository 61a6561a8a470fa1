#include "conformance/validate/folded.h"

#include "conformance/validate/answer.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kMostCalls = 128;

void add_usage(Json json, const std::string& pointer, std::map<std::string, std::int64_t>& usage) {
  for (const auto [name, value] : json.members()) {
    const std::string at = pointer + "/" + pointer_step(name);
    if (value.is_integer()) usage[at] = value.as_int();
    if (value.is_object() && pointer.empty()) add_usage(value, at, usage);
  }
}

void add_call(Json piece, std::size_t at, std::vector<FoldedCall>& calls) {
  if (at >= kMostCalls) return;
  if (calls.size() <= at) calls.resize(at + 1);
  calls[at].id += piece.find("id").string_or("");
  calls[at].name += piece.find_pointer("/function/name").string_or("");
  calls[at].arguments += piece.find_pointer("/function/arguments").string_or("");
}

void add_calls(Json pieces, std::vector<FoldedCall>& calls) {
  std::size_t place = 0;
  for (const Json piece : pieces.elements()) {
    const std::int64_t index = piece.find("index").int_or(static_cast<std::int64_t>(place++));
    if (index >= 0) add_call(piece, static_cast<std::size_t>(index), calls);
  }
}

}  // namespace

Folded fold(const Transcript& transcript) {
  Folded folded;
  const Answer answer = answer_of(transcript);
  folded.text = answer.text;
  folded.finish = answer.finish;
  for (const Chunk& chunk : chunks_of(transcript)) {
    add_usage(chunk.json.find("usage"), "", folded.usage);
    for (const Json choice : chunk.json.find("choices").elements()) {
      if (choice.find("index").int_or(0) == 0) add_calls(choice.find_pointer("/delta/tool_calls"), folded.tool_calls);
    }
  }
  if (transcript.is_stream()) return folded;
  add_usage(transcript.json().find("usage"), "", folded.usage);
  add_calls(transcript.json().find_pointer("/choices/0/message/tool_calls"), folded.tool_calls);
  return folded;
}

std::string plain_arguments(std::string_view text) {
  if (!parse_json(text)) return std::string(text);
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '"') {
      if (std::string_view(" \t\r\n").find(text[at]) == std::string_view::npos) plain += text[at];
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    const auto string = parse_json(text.substr(at, end + 1 - at));
    if (string) plain += to_text(string->root());
    at = end;
  }
  return plain;
}

std::string text_of(const FoldedCall& call) {
  return call.name + "(" + call.arguments + ")" + (call.id.empty() ? "" : " with the id " + quoted(call.id));
}

}  // namespace mimus::conformance
