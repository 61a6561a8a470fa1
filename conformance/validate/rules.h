// The rules that validate/rules.cc lists, one family a file. What each demands is documented beside its function and,
// for those who write checks, in docs/conformance.md.
#pragma once

#include "conformance/validate/rule.h"

namespace mimus::conformance {

// rule_status.cc
Finding judge_status(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_accepted(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_no_error_in_success(const Transcript& transcript, Json args, const Scene& scene);
// rule_header.cc
Finding judge_header(const Transcript& transcript, Json args, const Scene& scene);
// rule_member.cc
Finding judge_member(const Transcript& transcript, Json args, const Scene& scene);
// rule_schema.cc
Finding judge_schema(const Transcript& transcript, Json args, const Scene& scene);
// rule_values.cc
Finding judge_distinct(const TranscriptList& list, Json args, const Scene& scene);
Finding judge_equal(const TranscriptList& list, Json args, const Scene& scene);
Finding judge_more(const TranscriptList& list, Json args, const Scene& scene);
Finding judge_unique(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_indices(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_compare(const Transcript& transcript, Json args, const Scene& scene);
// rule_body.cc
Finding judge_json_body(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_length(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_coding(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_absent_text(const Transcript& transcript, Json args, const Scene& scene);
// rule_connection.cc
Finding judge_reuse(const Transcript& transcript, Json args, const Scene& scene);
// rule_auth.cc
Finding judge_same_refusal(const TranscriptList& list, Json args, const Scene& scene);
Finding judge_refused_first(const Transcript& transcript, Json args, const Scene& scene);
// rule_parity.cc
Finding judge_parity(const TranscriptList& list, Json args, const Scene& scene);
// rule_sse.cc
Finding judge_sse(const Transcript& transcript, Json args, const Scene& scene);
// rule_done.cc
Finding judge_done(const Transcript& transcript, Json args, const Scene& scene);
// rule_constant.cc
Finding judge_constant(const Transcript& transcript, Json args, const Scene& scene);
// rule_choices.cc
Finding judge_choices(const Transcript& transcript, Json args, const Scene& scene);
// rule_spread.cc
Finding judge_spread(const Transcript& transcript, Json args, const Scene& scene);
// rule_usage.cc
Finding judge_usage_total(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_usage_chunk(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_length_reason(const Transcript& transcript, Json args, const Scene& scene);
// rule_tool_call.cc
Finding judge_tool_choice(const Transcript& transcript, Json args, const Scene& scene);
// rule_tool_fragments.cc
Finding judge_tool_fragments(const Transcript& transcript, Json args, const Scene& scene);

// rule_count.cc
Finding judge_count(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_text(const Transcript& transcript, Json args, const Scene& scene);
// rule_content.cc
Finding judge_content(const Transcript& transcript, Json args, const Scene& scene);
// rule_logprobs.cc
Finding judge_logprobs(const Transcript& transcript, Json args, const Scene& scene);
// rule_vectors.cc
Finding judge_vectors(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_vector_pairs(const TranscriptList& list, Json args, const Scene& scene);
// rule_signature.cc
Finding judge_signature(const Transcript& transcript, Json args, const Scene& scene);
// rule_limits.cc
Finding judge_limits(const Transcript& transcript, Json args, const Scene& scene);
// rule_answer.cc
Finding judge_answer(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_same_answer(const TranscriptList& list, Json args, const Scene& scene);
Finding judge_own_answer(const Transcript& transcript, Json args, const Scene& scene);
// rule_stream_error.cc
Finding judge_stream_error(const Transcript& transcript, Json args, const Scene& scene);
// rule_upstream.cc
Finding judge_upstream(const Transcript& transcript, Json args, const Scene& scene);
Finding judge_forwarded(const Transcript& transcript, Json args, const Scene& scene);
// rule_response_events.cc
Finding judge_response_events(const Transcript& transcript, Json args, const Scene& scene);

}  // namespace mimus::conformance
