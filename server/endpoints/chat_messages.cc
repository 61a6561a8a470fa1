// The conversation as a whole: who may say what, and which tool message answers which call.
#include <algorithm>
#include <vector>

#include "server/base64.h"
#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/image_address.h"

namespace mimus::server {
namespace {

// Which content parts a role may hold. Source: OpenAI's OpenAPI document, ChatCompletionRequest*Message.
struct RoleParts {
  std::string_view role;
  std::vector<std::string> parts;
};

const std::vector<RoleParts>& role_parts() {
  static const std::vector<RoleParts> table = {
      {"system", {"text"}},
      {"developer", {"text"}},
      {"tool", {"text"}},
      {"assistant", {"text", "refusal", "audio"}},
      {"user", {"text", "image_url", "input_audio", "file"}},
  };
  return table;
}

std::string indexed(std::size_t index) {
  return "messages[" + std::to_string(index) + "]";
}

std::optional<Refusal> refuse_part(std::size_t index, std::size_t part, std::string_view role, std::string_view type,
                                   const std::vector<std::string>& allowed) {
  if (type == "image_url") {
    Refusal refusal = refusal_at("image_not_allowed", indexed(index));
    refusal.args.emplace_back("role", role);
    return refusal;
  }
  Refusal refusal =
      refusal_at("content_part_not_allowed", indexed(index) + ".content[" + std::to_string(part) + "].type");
  refusal.args.emplace_back("value", echo(type));
  refusal.args.emplace_back("allowed", quoted_list(allowed, "and"));
  return refusal;
}

std::optional<Refusal> check_part_data(std::size_t index, std::size_t k, Json part) {
  const std::string path = indexed(index) + ".content[" + std::to_string(k) + "]";
  const Json image = part.find("image_url");
  if (image && fault_of_image_address(image.find("url").string_or("")) != AddressFault::None) {
    return refusal_at("invalid_image_url", path + ".image_url.url");
  }
  if (const Json audio = part.find("input_audio"); audio && !is_base64(audio.find("data").string_or(""))) {
    return refusal_at("invalid_base64", path + ".input_audio.data");
  }
  const Json file = part.find("file");
  if (file && !file.find("file_id").has_value() && !file.find("file_data").has_value()) {
    return refusal_at("missing_required_parameter", path + ".file.file_id");
  }
  return std::nullopt;
}

std::optional<Refusal> check_parts(std::size_t index, std::string_view role, Json content) {
  const auto row =
      std::find_if(role_parts().begin(), role_parts().end(), [&](const RoleParts& each) { return each.role == role; });
  if (row == role_parts().end()) return std::nullopt;
  for (std::size_t k = 0; k < content.size(); ++k) {
    const Json part = content.at(k);
    const std::string_view type = part.find("type").string_or("");
    if (std::find(row->parts.begin(), row->parts.end(), type) == row->parts.end()) {
      return refuse_part(index, k, role, type, row->parts);
    }
    if (type == "text") continue;
    if (auto refusal = check_part_data(index, k, part)) return refusal;
  }
  return std::nullopt;
}

bool may_lack_content(std::string_view role, Json message) {
  if (role == "function") return true;
  if (role != "assistant") return false;
  return message.find("tool_calls").has_value() || message.find("function_call").has_value() ||
         message.find("audio").has_value() || message.find("refusal").has_value();
}

std::optional<Refusal> check_content(std::size_t index, Json message) {
  const std::string_view role = message.find("role").string_or("");
  const Json content = message.find("content");
  if (!content.has_value()) {
    if (may_lack_content(role, message)) return std::nullopt;
    return refusal_at("content_null", dotted_message_path(index, "content"));
  }
  return content.is_array() ? check_parts(index, role, content) : std::nullopt;
}

// The calls of one assistant message that are not answered yet.
class OpenCalls {
 public:
  void open(Json tool_calls) {
    for (const Json call : tool_calls.elements()) ids_.push_back(call.find("id").string_or(""));
    is_open_ = tool_calls.size() > 0;
  }
  // Whether `id` was asked for by the message above this run of tool messages.
  bool answer(std::string_view id) {
    const auto found = std::find(ids_.begin(), ids_.end(), id);
    if (found == ids_.end()) return false;
    ids_.erase(found);
    return true;
  }
  [[nodiscard]] bool is_open() const { return is_open_; }
  // At the message `index`, which is no tool message, or at the end.
  std::optional<Refusal> close(std::size_t index) {
    is_open_ = false;
    if (ids_.empty()) return std::nullopt;
    std::string ids;
    for (const std::string_view id : ids_) ids += (ids.empty() ? "" : ", ") + echo(id);
    Refusal refusal = refusal_at("tool_call_unanswered", dotted_message_path(index, "role"));
    refusal.args.emplace_back("ids", echo(ids));
    return refusal;
  }

 private:
  std::vector<std::string_view> ids_;
  bool is_open_ = false;
};

std::optional<Refusal> check_answer(std::size_t index, Json message, OpenCalls& calls) {
  const std::string_view id = message.find("tool_call_id").string_or("");
  if (!calls.is_open()) return refusal_at("tool_message_stray", dotted_message_path(index, "role"));
  if (calls.answer(id)) return std::nullopt;
  Refusal refusal = refusal_at("tool_call_id_unknown", dotted_message_path(index, "tool_call_id"));
  refusal.args.emplace_back("id", echo(id));
  return refusal;
}

}  // namespace

std::string dotted_message_path(std::size_t index, std::string_view member) {
  return "messages.[" + std::to_string(index) + "]." + std::string(member);
}

std::optional<Refusal> check_messages(Json messages) {
  OpenCalls calls;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Json message = messages.at(i);
    if (auto refusal = check_content(i, message)) return refusal;
    if (message.find("role").string_or("") == "tool") {
      if (auto refusal = check_answer(i, message, calls)) return refusal;
      continue;
    }
    if (auto refusal = calls.close(i)) return refusal;
    calls.open(message.find("tool_calls"));
  }
  return calls.close(messages.size() - 1);
}

}  // namespace mimus::server
