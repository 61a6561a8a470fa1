// The form of a transcription or translation as a JSON object, so that rules, models and fixtures see it like any body.
// Pure and thread-safe. Source: OpenAI API reference, createTranscription, createTranslation.
#pragma once

#include <memory>
#include <string_view>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"
#include "server/http_request.h"

namespace mimus::server {

inline constexpr std::size_t kLargestAudio = 26'214'400;  // bytes of a file

struct AudioForm {
  std::shared_ptr<const JsonDocument> body;  // {"file":{"filename":"a.wav","bytes":44},"model":"whisper-1",...}
  std::string_view audio;                    // a view into the request
};

// Refuses what is no form, what the endpoint's rules refuse, and files that are too large, too short, or not audio:
// the extension, or else the part's own type, must be one that the API takes, and so must the first bytes be.
Result<AudioForm, Refusal> read_audio_form(const HttpRequest& http, const Endpoint& endpoint);

}  // namespace mimus::server
