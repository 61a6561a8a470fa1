// The list of endpoints: one line each. A new one is its own file and a line here.
#include <array>

#include "server/endpoints/audio_speech.h"
#include "server/endpoints/audio_transcripts.h"
#include "server/endpoints/chat.h"
#include "server/endpoints/completions.h"
#include "server/endpoints/embeddings.h"
#include "server/endpoints/endpoint.h"
#include "server/endpoints/files.h"
#include "server/endpoints/gemini.h"
#include "server/endpoints/gemini_models.h"
#include "server/endpoints/health.h"
#include "server/endpoints/images.h"
#include "server/endpoints/models.h"
#include "server/endpoints/moderations.h"

namespace mimus::server {

std::span<const EndpointRow> all_endpoints() {
  static constexpr std::array kRows = {
      EndpointRow{"audio.speech", answer_audio_speech},
      EndpointRow{"audio.transcriptions", answer_audio_transcriptions},
      EndpointRow{"audio.translations", answer_audio_translations},
      EndpointRow{"chat.completions", answer_chat},
      EndpointRow{"completions", answer_completions},
      EndpointRow{"embeddings", answer_embeddings},
      EndpointRow{"files.content", answer_files_content},
      EndpointRow{"files.create", answer_files_create},
      EndpointRow{"files.delete", answer_files_delete},
      EndpointRow{"files.list", answer_files_list},
      EndpointRow{"files.retrieve", answer_files_retrieve},
      EndpointRow{"gemini.count", answer_gemini_count},
      EndpointRow{"gemini.generate", answer_gemini_generate},
      EndpointRow{"gemini.model", answer_gemini_model},
      EndpointRow{"gemini.models", answer_gemini_models},
      EndpointRow{"gemini.stream", answer_gemini_stream},
      EndpointRow{"health", answer_health},
      EndpointRow{"images.file", answer_images_file},
      EndpointRow{"images.generations", answer_images_generations},
      EndpointRow{"models.list", answer_models_list},
      EndpointRow{"models.retrieve", answer_models_retrieve},
      EndpointRow{"moderations", answer_moderations},
  };
  return kRows;
}

}  // namespace mimus::server
