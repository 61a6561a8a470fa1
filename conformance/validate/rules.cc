#include "conformance/validate/rules.h"

#include <array>

namespace mimus::conformance {
namespace {

// The whole vocabulary of checks: a new rule is one row here and one file.
const std::array kRules = {
    Rule{"status", {"in", "warn", "info", "situation"}, &judge_status},
    Rule{"accepted", {"refusal", "stream"}, &judge_accepted},
    Rule{"no_error_in_success", {}, &judge_no_error_in_success},
    Rule{"header", {"name", "media_type", "present", "contains", "absent"}, &judge_header},
    Rule{"member",
         {"at", "over", "present", "absent", "type", "values", "nonempty", "min", "max", "near_now", "holds_json",
          "situation", "field", "dialect_member", "dialect_created", "empty_ok"},
         &judge_member},
    Rule{"schema", {"schema", "over"}, &judge_schema},
    Rule{"distinct", {"at", "header"}, nullptr, &judge_distinct},
    Rule{"equal", {"at", "last_chunk"}, nullptr, &judge_equal},
    Rule{"more", {"at"}, nullptr, &judge_more},
    Rule{"unique", {"at"}, &judge_unique},
    Rule{"indices", {"at"}, &judge_indices},
    Rule{"compare", {"left", "op", "right", "right_sent", "over", "absent"}, &judge_compare},
    Rule{"json_body", {"want"}, &judge_json_body},
    Rule{"length", {}, &judge_length},
    Rule{"coding", {"identity"}, &judge_coding},
    Rule{"absent_text", {"text"}, &judge_absent_text},
    Rule{"reuse", {}, &judge_reuse},
    Rule{"same_refusal", {}, nullptr, &judge_same_refusal},
    Rule{"refused_first", {}, &judge_refused_first},
    Rule{"parity", {}, nullptr, &judge_parity},
    Rule{"sse", {"want"}, &judge_sse},
    Rule{"done", {"want"}, &judge_done},
    Rule{"constant", {"at"}, &judge_constant},
    Rule{"choices", {"want"}, &judge_choices},
    Rule{"spread", {}, &judge_spread},
    Rule{"usage_total", {}, &judge_usage_total},
    Rule{"usage_chunk", {"want"}, &judge_usage_chunk},
    Rule{"length_reason", {}, &judge_length_reason},
    Rule{"tool_choice", {"want", "name"}, &judge_tool_choice},
    Rule{"tool_fragments", {"want"}, &judge_tool_fragments},
    Rule{"count", {"at", "is", "is_sent", "at_least", "at_most"}, &judge_count},
    Rule{"text", {"at", "starts_with", "contains", "equals", "sent"}, &judge_text},
    Rule{"content", {"want", "has", "text"}, &judge_content},
    Rule{"logprobs", {"want"}, &judge_logprobs},
    Rule{"vectors", {"want"}, &judge_vectors},
    Rule{"vector_pairs", {"want"}, nullptr, &judge_vector_pairs},
    Rule{"signature", {"at", "formats"}, &judge_signature},
    Rule{"limits", {"want"}, &judge_limits},
    Rule{"answer", {"text", "finish", "tool_calls", "usage"}, &judge_answer},
    Rule{"same_answer", {}, nullptr, &judge_same_answer},
    Rule{"own_answer", {}, &judge_own_answer},
    Rule{"stream_error", {"want"}, &judge_stream_error},
    Rule{"upstream", {"want", "at_most", "within_ms"}, &judge_upstream},
    Rule{"forwarded", {"members", "but", "renamed", "added"}, &judge_forwarded},
    Rule{"response_events", {"want"}, &judge_response_events},
};

}  // namespace

const Rule* find_rule(std::string_view name) {
  for (const Rule& rule : kRules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

}  // namespace mimus::conformance
