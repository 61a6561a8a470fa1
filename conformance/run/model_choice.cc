#include "conformance/run/model_choice.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mimus::conformance {
namespace {

// The ids of a list of models, OpenAI's or Gemini's ("models/gemini-...").
std::vector<std::string> ids_of(Json list) {
  std::vector<std::string> ids;
  for (const Json item : list.find("data").elements()) ids.emplace_back(item.find("id").string_or(""));
  for (const Json item : list.find("models").elements()) {
    std::string_view name = item.find("name").string_or("");
    if (name.starts_with("models/")) name.remove_prefix(7);
    ids.emplace_back(name);
  }
  return ids;
}

}  // namespace

std::string choose_model(Json list) {
  constexpr std::array<std::string_view, 12> kOthers = {"embed",    "tts",        "whisper", "dall-e",
                                                        "image",    "moderation", "rerank",  "audio",
                                                        "realtime", "transcribe", "sora",    "bge"};
  for (const std::string& id : ids_of(list)) {
    const bool other = std::any_of(kOthers.begin(), kOthers.end(),
                                   [&](std::string_view part) { return id.find(part) != std::string::npos; });
    if (!id.empty() && !other) return id;
  }
  return {};
}

std::string find_model(Json list, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    for (const std::string& id : ids_of(list)) {
      if (id.find(part) != std::string::npos) return id;
    }
  }
  return {};
}

}  // namespace mimus::conformance
