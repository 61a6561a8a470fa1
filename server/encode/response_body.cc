#include "server/encode/response_body.h"

#include <string_view>

#include "server/encode/chat_members.h"
#include "server/encode/response_items.h"

namespace mimus::server {
namespace {

// The members that depend on how far the response is, as JSON.
struct Progress {
  std::string_view status;
  std::string completed_at = "null";
  std::string error = "null";
  std::string incomplete_details = "null";
  std::string output = "[]";
  std::string usage = "null";
  std::string_view service_tier = "auto";
};

std::string encode_object(const ResponseFrame& frame, const Progress& progress) {
  std::string out;
  out.reserve(1024 + progress.output.size() + frame.echo.settings.size() + frame.echo.limits.size());
  out.append(R"({"id":)");
  append_quoted(frame.id, out);
  out.append(R"(,"object":"response","created_at":)");
  append_integer(frame.created, out);
  out.append(R"(,"status":")").append(progress.status);
  out.append(frame.background ? R"(","background":true,"completed_at":)" : R"(","background":false,"completed_at":)");
  out.append(progress.completed_at).append(R"(,"error":)").append(progress.error);
  out.append(R"(,"incomplete_details":)").append(progress.incomplete_details).append(",").append(frame.echo.limits);
  out.append(R"(,"model":)");
  append_quoted(frame.model, out);
  out.append(R"(,"output":)").append(progress.output).append(",").append(frame.echo.links);
  out.append(R"(,"service_tier":)");
  append_quoted(progress.service_tier, out);
  out.append(",").append(frame.echo.settings).append(R"(,"usage":)").append(progress.usage);
  out.append(",").append(frame.echo.owner).append("}");
  return out;
}

std::string_view final_tier(const ResponseFrame& frame) {
  return frame.service_tier.empty() ? "default" : std::string_view(frame.service_tier);
}

std::string encode_output(const ResponseFrame& frame, const Choice& choice) {
  const auto items = response_items(frame.ids, choice);
  std::string out = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) out.push_back(',');
    append_item(items[i], choice, final_state(choice, items, i), out);
  }
  out.push_back(']');
  return out;
}

std::string incomplete_details(FinishReason finish) {
  if (finish == FinishReason::Length) return R"({"reason":"max_output_tokens"})";
  if (finish == FinishReason::ContentFilter) return R"({"reason":"content_filter"})";
  return "null";
}

}  // namespace

std::string_view response_status(const Reply& reply) {
  return incomplete_details(reply.choices.front().finish) == "null" ? "completed" : "incomplete";
}

std::string encode_response(const ResponseFrame& frame, const Reply& reply) {
  Progress progress;
  progress.status = response_status(reply);
  if (progress.status == "completed") progress.completed_at = std::to_string(frame.completed);
  progress.incomplete_details = incomplete_details(reply.choices.front().finish);
  progress.output = encode_output(frame, reply.choices.front());
  progress.usage.clear();
  append_response_usage(reply.usage, progress.usage);
  progress.service_tier = final_tier(frame);
  return encode_object(frame, progress);
}

std::string encode_pending_response(const ResponseFrame& frame, PendingStatus status) {
  Progress progress;
  switch (status) {
    case PendingStatus::Queued:
      progress.status = "queued";
      break;
    case PendingStatus::InProgress:
      progress.status = "in_progress";
      break;
    case PendingStatus::Cancelled:
      progress.status = "cancelled";
      break;
  }
  return encode_object(frame, progress);
}

std::string encode_failed_response(const ResponseFrame& frame, const ApiError& error) {
  Progress progress;
  progress.status = "failed";
  progress.error = R"({"code":)";
  append_quoted(error.code ? std::string_view(*error.code) : "server_error", progress.error);
  progress.error.append(R"(,"message":)");
  append_quoted(error.message, progress.error);
  progress.error.push_back('}');
  progress.service_tier = final_tier(frame);
  return encode_object(frame, progress);
}

void append_response_usage(const Usage& usage, std::string& out) {
  out.append(R"({"input_tokens":)");
  append_integer(usage.prompt_tokens, out);
  out.append(R"(,"input_tokens_details":{"cached_tokens":)");
  append_integer(usage.cached_tokens, out);
  out.append(R"(,"cache_write_tokens":0},"output_tokens":)");
  append_integer(usage.completion_tokens, out);
  out.append(R"(,"output_tokens_details":{"reasoning_tokens":)");
  append_integer(usage.reasoning_tokens, out);
  out.append(R"(},"total_tokens":)");
  append_integer(usage.prompt_tokens + usage.completion_tokens, out);
  out.push_back('}');
}

}  // namespace mimus::server
