// The list of endpoints: one line each. A new one is its own file and a line here.
#include <array>

#include "server/endpoints/batches.h"
#include "server/endpoints/chat.h"
#include "server/endpoints/completions.h"
#include "server/endpoints/conversation_items.h"
#include "server/endpoints/conversations.h"
#include "server/endpoints/embeddings.h"
#include "server/endpoints/endpoint.h"
#include "server/endpoints/files.h"
#include "server/endpoints/gemini.h"
#include "server/endpoints/gemini_models.h"
#include "server/endpoints/health.h"
#include "server/endpoints/images.h"
#include "server/endpoints/models.h"
#include "server/endpoints/moderations.h"
#include "server/endpoints/uploads.h"
#include "server/endpoints/responses.h"
#include "server/endpoints/stored_completions.h"
#include "server/endpoints/stored_responses.h"

namespace mimus::server {

std::span<const EndpointRow> all_endpoints() {
  static constexpr std::array kRows = {
      EndpointRow{"batches.cancel", answer_batches_cancel},
      EndpointRow{"batches.create", answer_batches_create},
      EndpointRow{"batches.list", answer_batches_list},
      EndpointRow{"batches.retrieve", answer_batches_retrieve},
      EndpointRow{"chat.completions", answer_chat},
      EndpointRow{"chat.completions.delete", answer_stored_completion_delete},
      EndpointRow{"chat.completions.list", answer_stored_completion_list},
      EndpointRow{"chat.completions.messages", answer_stored_completion_messages},
      EndpointRow{"chat.completions.retrieve", answer_stored_completion_retrieve},
      EndpointRow{"chat.completions.update", answer_stored_completion_update},
      EndpointRow{"completions", answer_completions},
      EndpointRow{"conversations.create", answer_conversations_create},
      EndpointRow{"conversations.delete", answer_conversations_delete},
      EndpointRow{"conversations.items.create", answer_conversation_items_create},
      EndpointRow{"conversations.items.delete", answer_conversation_items_delete},
      EndpointRow{"conversations.items.list", answer_conversation_items_list},
      EndpointRow{"conversations.items.retrieve", answer_conversation_items_retrieve},
      EndpointRow{"conversations.retrieve", answer_conversations_retrieve},
      EndpointRow{"conversations.update", answer_conversations_update},
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
      EndpointRow{"images.edits", answer_images_edits},
      EndpointRow{"images.file", answer_images_file},
      EndpointRow{"images.generations", answer_images_generations},
      EndpointRow{"images.variations", answer_images_variations},
      EndpointRow{"models.delete", answer_models_delete},
      EndpointRow{"models.list", answer_models_list},
      EndpointRow{"models.retrieve", answer_models_retrieve},
      EndpointRow{"moderations", answer_moderations},
      EndpointRow{"uploads.cancel", answer_uploads_cancel},
      EndpointRow{"uploads.complete", answer_uploads_complete},
      EndpointRow{"uploads.create", answer_uploads_create},
      EndpointRow{"uploads.parts", answer_uploads_parts},
      EndpointRow{"responses", answer_responses},
      EndpointRow{"responses.cancel", answer_responses_cancel},
      EndpointRow{"responses.delete", answer_responses_delete},
      EndpointRow{"responses.input_items", answer_responses_input_items},
      EndpointRow{"responses.input_tokens", answer_responses_input_tokens},
      EndpointRow{"responses.retrieve", answer_responses_retrieve},
  };
  return kRows;
}

}  // namespace mimus::server
