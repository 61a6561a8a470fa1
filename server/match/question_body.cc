// Reads a Question from a JSON body, by the shape of its members. Only what is there and of the expected kind counts:
// refusing a bad body is the endpoint's business.
#include <array>

#include "server/match/conversation.h"
#include "server/match/question.h"

namespace mimus::server {
namespace {

Role role_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Role>, 6> kRoles = {{{"system", Role::System},
                                                                        {"developer", Role::Developer},
                                                                        {"assistant", Role::Assistant},
                                                                        {"model", Role::Assistant},
                                                                        {"tool", Role::Tool},
                                                                        {"function", Role::Function}}};
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return Role::User;
}

// The text of a string, or of the parts of an array ("text" members), joined with newlines.
std::string_view text_of(Json content, Question& question) {
  if (content.is_string()) return content.as_string();
  std::vector<std::string_view> texts;
  for (const Json part : content.elements()) {
    if (part.is_string()) texts.push_back(part.as_string());
    if (const Json text = part.find("text"); text.is_string()) texts.push_back(text.as_string());
  }
  return texts.empty() ? std::string_view() : joined(texts, question);
}

// A value as text: itself when it is one, else its JSON.
std::string_view any_text_of(Json value, Question& question) {
  if (value.is_string() || value.is_array()) return text_of(value, question);
  return question.owned.emplace_back(to_text(value));
}

void read_messages(Json messages, Conversation& conversation, Question& question) {
  for (const Json message : messages.elements()) {
    const Role role = role_of(message.find("role").string_or("user"));
    conversation.say(role, text_of(message.find("content"), question), message.find("tool_call_id").string_or(""),
                     role == Role::Function ? message.find("name").string_or("") : "");
    for (const Json call : message.find("tool_calls").elements()) {
      const Json function = call.find("function") ? call.find("function") : call.find("custom");
      conversation.call(call.find("id").string_or(""), function.find("name").string_or(""));
    }
    if (const Json call = message.find("function_call"); call.is_object()) {
      conversation.call("", call.find("name").string_or(""));
    }
  }
}

void read_contents(Json contents, Conversation& conversation, Question& question) {
  for (const Json content : contents.elements()) {
    const Json parts = content.find("parts");
    bool has_result = false;
    for (const Json part : parts.elements()) {
      if (const Json result = part.find("functionResponse"); result.is_object()) {
        has_result = true;
        conversation.say(Role::Tool, any_text_of(result.find("response"), question), result.find("id").string_or(""),
                         result.find("name").string_or(""));
      }
    }
    if (has_result) continue;  // a message of role "user" only in name
    conversation.say(role_of(content.find("role").string_or("user")), text_of(parts, question));
    for (const Json part : parts.elements()) {
      if (const Json call = part.find("functionCall"); call.is_object()) {
        conversation.call(call.find("id").string_or(""), call.find("name").string_or(""));
      }
    }
  }
}

void read_items(Json items, Conversation& conversation, Question& question) {
  for (const Json item : items.elements()) {
    const std::string_view type = item.find("type").string_or("message");
    if (type == "function_call" || type == "custom_tool_call") {
      conversation.call(item.find("call_id").string_or(""), item.find("name").string_or(""));
    } else if (type == "function_call_output" || type == "custom_tool_call_output") {
      conversation.say(Role::Tool, any_text_of(item.find("output"), question), item.find("call_id").string_or(""));
    } else if (type == "message") {
      conversation.say(role_of(item.find("role").string_or("user")), text_of(item.find("content"), question));
    }
  }
}

// Embedding inputs, prompts: one text or several, and no conversation.
void read_plain(Json input, Question& question) {
  std::vector<std::string_view> texts;
  if (input.is_string()) texts.push_back(input.as_string());
  for (const Json element : input.elements()) {
    if (element.is_string()) texts.push_back(element.as_string());
    if (const Json text = element.find("text"); text.is_string()) texts.push_back(text.as_string());
  }
  if (texts.empty()) return;
  question.last_user = joined(texts, question);
  question.texts.insert(question.texts.end(), texts.begin(), texts.end());
}

bool is_conversation(Json input) {
  const Json first = input.at(0);
  return first.find("role").has_value() || first.find("call_id").has_value() ||
         first.find("type").string_or("") == "message";
}

void read_tools(Json tools, Question& question) {
  for (const Json tool : tools.elements()) {
    for (const Json declaration : tool.find("functionDeclarations").elements()) {
      question.offered_tools.push_back(declaration.find("name").string_or(""));
    }
    const Json holder = tool.find("function") ? tool.find("function")
                        : tool.find("custom") ? tool.find("custom")
                                              : tool;
    if (const Json name = holder.find("name"); name.is_string()) question.offered_tools.push_back(name.as_string());
  }
}

}  // namespace

Question question_of(std::string_view operation, std::string_view model, bool stream, Json body,
                     std::span<const HeaderView> headers) {
  Question question;
  question.operation = operation;
  question.model = model.empty() ? body.find("model").string_or("") : model;
  question.stream = stream || body.find("stream").bool_or(false);
  question.body = body;
  question.headers = headers;
  read_tools(body.find("tools"), question);
  read_tools(body.find("functions"), question);

  Conversation conversation(question);
  const Json input = body.find("input");
  const Json gemini_system = body.find("systemInstruction");
  if (const Json instructions = body.find("instructions"); instructions.is_string()) {
    conversation.say(Role::System, instructions.as_string());
  }
  if (gemini_system.is_object()) conversation.say(Role::System, text_of(gemini_system.find("parts"), question));
  if (body.find("messages").is_array()) {
    read_messages(body.find("messages"), conversation, question);
  } else if (body.find("contents").is_array()) {
    read_contents(body.find("contents"), conversation, question);
  } else if (is_conversation(input)) {
    read_items(input, conversation, question);
  } else if (operation.starts_with("responses") && input.is_string()) {
    conversation.say(Role::User, input.as_string());
  } else {
    read_plain(input ? input : body.find("prompt"), question);
    return question;
  }
  conversation.finish();
  return question;
}

}  // namespace mimus::server
