// POST /audio/speech: a text as sound, in one of six formats; as bytes, or as events with stream_format "sse".
// What is heard: server/synth/speech.h. Source: OpenAI API reference, createSpeech.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_audio_speech(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
