// POST /audio/transcriptions and /audio/translations: what a recording says, in five formats or as a stream of events.
// What is heard: server/synth/transcript.h; a fixture's text is heard instead.
// Source: OpenAI API reference, createTranscription, createTranslation.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_audio_transcriptions(const Exchange& exchange, const Services& services);
Delivery answer_audio_translations(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
