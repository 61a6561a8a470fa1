#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

constexpr Situation kSituations[] = {
    // The request as such.
    {"no_api_key", ""},
    {"invalid_api_key", "key"},  // masked
    {"permission_denied", ""},
    {"unknown_url", "method target"},          // below the base path
    {"unknown_url_outside", "method target"},  // elsewhere
    {"wrong_method", "method target"},
    {"bad_http_request", ""},  // not HTTP, or two lengths
    {"unsupported_content_type", "content_type"},
    {"headers_too_large", "limit"},
    {"body_too_large", "limit found"},
    {"request_timeout", ""},

    // The body and its members (request_rules).
    {"invalid_json", ""},
    {"empty_body", ""},
    {"body_not_object", "found"},
    {"missing_model", "param"},
    {"missing_required_parameter", "param"},
    {"unrecognized_argument", "names param"},
    {"unrecognized_arguments", "names param"},
    {"unknown_parameter", "param"},
    {"unknown_parameter_suggest", "param names"},
    {"parameter_moved", "param instead"},
    {"invalid_type", "param expected found"},
    {"invalid_value", "param value allowed"},
    {"integer_above_max_value", "param limit found"},
    {"integer_below_min_value", "param limit found"},
    {"decimal_above_max_value", "param limit found"},
    {"decimal_below_min_value", "param limit found"},
    {"string_above_max_length", "param limit found"},
    {"string_below_min_length", "param limit found"},
    {"empty_string", "param limit"},
    {"string_does_not_match_pattern", "param pattern"},
    {"array_above_max_length", "param limit found"},
    {"array_below_min_length", "param limit found"},
    {"empty_array", "param limit"},
    {"object_above_max_properties", "param limit found"},
    {"property_name_above_max_length", "param object key limit found"},

    // The model.
    {"model_not_found", "model"},   // asked to answer
    {"model_not_listed", "model"},  // asked for its entry
    {"model_not_for_endpoint", "model endpoint"},
    {"unsupported_parameter", "param"},
    {"unsupported_parameter_use", "param instead"},
    {"unsupported_value", "param value"},
    {"unsupported_value_default", "param value default"},
    {"unsupported_value_list", "param value allowed"},
    {"content_part_unsupported", "param value"},
    {"max_tokens_too_large", "param limit found"},
    {"context_length_exceeded", "limit found"},
    {"context_length_exceeded_with_completion", "limit found messages completion"},

    // Members that do not fit each other.
    {"only_allowed_when_enabled", "param other"},
    {"only_allowed_when_specified", "param other"},
    {"invalid_parameter_combination", "param other"},
    {"tool_choice_not_found", "name"},
    {"function_call_not_found", "name"},
    {"duplicate_tool_name", "param name"},
    {"audio_required", ""},
    {"json_word_missing", ""},
    {"response_format_schema", "name reason"},
    {"function_schema", "param name reason"},
    {"tool_call_unanswered", "param ids"},
    {"tool_message_stray", "param"},
    {"tool_call_id_unknown", "param id"},
    {"content_null", "param"},
    {"image_not_allowed", "param role"},
    {"content_part_not_allowed", "param value allowed"},
    {"invalid_image_url", "param"},
    {"invalid_base64", "param"},
    {"invalid_logit_bias", "key"},

    // Limits and failures, raised by limits, faults and scripted replies.
    {"rate_limited_requests", "model limit used requested wait"},
    {"rate_limited_tokens", "model limit used requested wait"},
    {"request_above_rate_limit", "model limit requested"},
    {"out_of_quota", ""},
    {"server_error", "request_id"},
    {"overloaded", "request_id"},
    {"not_found", "kind id"},  // "File", "file-x"

    // Endpoints beside chat.
    {"context_length_exceeded_prompt", "limit found"},
    {"request_tokens_exceeded", "limit found"},
    {"invalid_multipart", "reason"},
    {"invalid_query", "param expected value"},
    {"unsupported_media_type", "content_type"},
    {"unsupported_audio", ""},
    {"audio_too_short", ""},
    {"transcript_format_unsupported", "value model allowed"},
    {"timestamps_unsupported", ""},
    {"model_not_deletable", "model"},

    // Pictures of the caller.
    {"missing_file_mimetype", "param"},
    {"unsupported_file_mimetype", "param found allowed"},
    {"image_not_png", "limit"},  // no PNG, or beyond the megabytes that are its limit
    {"image_unreadable", "index"},
    {"image_not_square", "param"},
    {"image_mode", "allowed found"},
    {"mask_size", "expected found"},

    // Uploads and batches.
    {"upload_not_pending", "id status"},
    {"upload_part_unknown", "id"},
    {"upload_wrong_size", "expected found"},
    {"upload_wrong_md5", "expected found"},
    {"batch_file_format", ""},
    {"batch_not_found", "id"},
    {"batch_not_cancellable", "status"},

    // Responses and conversations.
    {"requested_model_not_found", "model"},
    {"input_missing", ""},
    {"mutually_exclusive_parameters", "names"},
    {"exclusive_parameters_at", "param names"},
    {"missing_one_of_parameters", "param names"},
    {"input_image_url", "param"},
    {"input_image_base64", "param"},
    {"unsupported_sampling", "param"},
    {"unsupported_value_of_model", "param value model allowed"},
    {"logprobs_while_reasoning", "param"},
    {"context_window_exceeded", ""},
    {"json_word_missing_input", ""},
    {"text_format_schema", "name reason"},
    {"background_not_stored", ""},
    {"id_prefix", "param value prefix"},
    {"id_characters", "param value"},
    {"tool_output_missing", "kind id"},  // "function call", "call_x"
    {"tool_call_missing", "kind id"},
    {"previous_response_not_found", "id"},
    {"response_not_found", "id"},
    {"conversation_not_found", "id"},
    {"item_not_found", "id"},
    {"item_not_persisted", "id"},
    {"prompt_not_found", "id"},
    {"cancel_synchronous", ""},
};

}  // namespace

std::span<const Situation> all_situations() {
  return kSituations;
}

const Situation* find_situation(std::string_view name) {
  for (const Situation& situation : kSituations) {
    if (situation.name == name) return &situation;
  }
  return nullptr;
}

bool offers_placeholder(const Situation& situation, std::string_view placeholder) {
  std::string_view rest = situation.placeholders;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (word == placeholder) return true;
    rest.remove_prefix(word.size());
    if (!rest.empty()) rest.remove_prefix(1);
  }
  return false;
}

}  // namespace mimus::server
