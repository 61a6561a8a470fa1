#include "server/state/batch.h"

#include <algorithm>
#include <utility>

#include "api/json_writer.h"

namespace mimus::server {
namespace {

constexpr std::size_t kOverhead = 1024;  // what a batch costs beside its texts, about

void append_line(std::string_view batch_id, std::size_t number, std::string_view custom_id, const BatchReply& reply,
                 std::string& out) {
  const std::string_view suffix = batch_id.substr(std::min(batch_id.find('_'), batch_id.size()));
  JsonWriter json(out);
  json.object().member("id", "batch_req" + std::string(suffix) + "_" + std::to_string(number));
  json.member("custom_id", custom_id).key("response").object();
  json.member("status_code", reply.status).member("request_id", reply.request_id).key("body").raw(reply.body);
  json.end_object().null_member("error").end_object();
  out += '\n';
}

}  // namespace

std::string_view name_of(BatchStatus status) {
  constexpr std::string_view kNames[] = {"validating", "failed",  "in_progress", "finalizing",
                                         "completed",  "expired", "cancelling",  "cancelled"};
  return kNames[static_cast<std::size_t>(status)];
}

bool is_final(BatchStatus status) {
  return status == BatchStatus::Failed || status == BatchStatus::Completed || status == BatchStatus::Expired ||
         status == BatchStatus::Cancelled;
}

void Batch::step(WallTime now, const BatchSlice& slice, const BatchWork& work) {
  if (is_final(info_.status)) return;
  if (info_.status == BatchStatus::Cancelling) {
    info_.status = BatchStatus::Cancelled;
    info_.times.cancelled = now;
    close(work);
    return;
  }
  if (now >= info_.times.expires) {
    info_.status = BatchStatus::Expired;
    info_.times.expired = now;
    refuse_rest("batch_expired", "This request could not be executed before the completion window expired.");
    close(work);
    return;
  }
  switch (info_.status) {
    case BatchStatus::Validating:
      validate(now, work);
      break;
    case BatchStatus::InProgress:
      run(now, slice, work);
      break;
    default:  // Finalizing
      info_.status = BatchStatus::Completed;
      info_.times.completed = now;
      close(work);
  }
}

bool Batch::cancel(WallTime now) {
  if (is_final(info_.status) || info_.status == BatchStatus::Cancelling) return false;
  info_.status = BatchStatus::Cancelling;
  info_.times.cancelling = now;
  return true;
}

std::size_t Batch::bytes() const {
  return kOverhead + info_.metadata.size() + (input_ ? input_->size() : 0) + output_.size() + error_output_.size();
}

void Batch::validate(WallTime now, const BatchWork& work) {
  BatchInput input;
  if (input_) {
    input = read_batch_input(*input_, info_.endpoint, work.check_body);
  } else {
    const std::string message = "Cannot find file " + info_.input_file_id + ", or you do not have access to it.";
    input.errors.push_back({"invalid_request", message, "file_id", std::nullopt});
  }
  if (input.errors.empty()) {
    lines_ = std::move(input.lines);
    info_.total = lines_.size();
    info_.status = BatchStatus::InProgress;
    info_.times.in_progress = now;
    return;
  }
  info_.errors = std::move(input.errors);
  info_.status = BatchStatus::Failed;
  info_.times.failed = now;
  input_.reset();
}

void Batch::run(WallTime now, const BatchSlice& slice, const BatchWork& work) {
  std::size_t bytes = 0;
  for (std::size_t done = 0; done < slice.requests && bytes < slice.bytes && next_ < lines_.size(); ++done) {
    bytes += run_one(lines_[next_++], work);
  }
  if (next_ < lines_.size()) return;
  info_.status = BatchStatus::Finalizing;
  info_.times.finalizing = now;
}

std::size_t Batch::run_one(std::string_view line, const BatchWork& work) {
  const BatchRequest request = read_batch_request(line);
  const BatchReply reply = work.execute(request);
  const bool is_failure = reply.status >= 400;
  ++(is_failure ? info_.failed : info_.completed);
  append_line(info_.id, next_, request.custom_id, reply, is_failure ? error_output_ : output_);
  return line.size() + reply.body.size();
}

// The error lines of the requests that will not be run.
void Batch::refuse_rest(std::string_view code, std::string_view message) {
  const std::string_view suffix = std::string_view(info_.id).substr(std::min(info_.id.find('_'), info_.id.size()));
  while (next_ < lines_.size()) {
    const BatchRequest request = read_batch_request(lines_[next_++]);
    ++info_.failed;
    JsonWriter json(error_output_);
    json.object().member("id", "batch_req" + std::string(suffix) + "_" + std::to_string(next_));
    json.member("custom_id", request.custom_id).null_member("response").key("error").object();
    json.member("code", code).member("message", message).end_object().end_object();
    error_output_ += '\n';
  }
}

// Hands over what there is, and lets go of the rest.
void Batch::close(const BatchWork& work) {
  if (!output_.empty()) info_.output_file_id = work.save_file("output", std::move(output_));
  if (!error_output_.empty()) info_.error_file_id = work.save_file("error", std::move(error_output_));
  output_.clear();
  error_output_.clear();
  lines_.clear();
  input_.reset();
}

}  // namespace mimus::server
