// One batch: its states, and the run of its requests. It moves on when it is looked at, a slice of requests at a time,
// so that it needs no thread, never holds a caller up for long, and a poller sees every state:
//   validating -> in_progress (as often as it has slices) -> finalizing -> completed
//   validating -> failed; any of them -> expired when its time is over; cancelling -> cancelled
// Source: OpenAI API reference, batches (states, members, output and error lines).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/clock.h"
#include "server/state/batch_input.h"

namespace mimus::server {

enum class BatchStatus { Validating, Failed, InProgress, Finalizing, Completed, Expired, Cancelling, Cancelled };
std::string_view name_of(BatchStatus status);  // "in_progress"
bool is_final(BatchStatus status);

// When each state was reached; nothing when it was not.
struct BatchTimes {
  WallTime created{};
  WallTime expires{};  // 24 hours after it was created
  std::optional<WallTime> in_progress, finalizing, completed, failed, expired, cancelling, cancelled;
};

struct BatchInfo {
  std::string id;  // "batch_..."
  std::string endpoint;
  std::string input_file_id;
  std::string completion_window;                    // "24h"
  std::string metadata;                             // JSON text, "null" for none
  std::optional<std::chrono::seconds> output_life;  // how long its files are kept; nothing: until they are deleted
  BatchStatus status = BatchStatus::Validating;
  BatchTimes times;
  std::vector<BatchError> errors;
  std::size_t total = 0;
  std::size_t completed = 0;
  std::size_t failed = 0;      // answered with a status of 400 or more
  std::string output_file_id;  // empty until there is one
  std::string error_file_id;
};

struct BatchReply {
  int status = 200;
  std::string request_id;
  std::string body;  // JSON text
};

// What a batch needs of the server. Neither may look at the batch that calls it.
struct BatchWork {
  std::function<BatchReply(const BatchRequest&)> execute;
  // Stores a file that the batch produced, and gives its id; `kind` is "output" or "error". Empty: there is no room.
  std::function<std::string(std::string_view kind, std::string content)> save_file;
  CheckBatchBody check_body;  // may be empty
};

// How much of a batch is done at a time: the first of the two that is reached ends a step.
struct BatchSlice {
  std::size_t requests = 200;
  std::size_t bytes = 1024 * 1024;  // of requests and replies together
};

class Batch {
 public:
  // `input` may be null: a file that is not there is a reason to fail.
  Batch(BatchInfo info, std::shared_ptr<const std::string> input) : info_(std::move(info)), input_(std::move(input)) {}

  // One step: to the next state, or through the next `slice` of requests.
  void step(WallTime now, const BatchSlice& slice, const BatchWork& work);

  // False when it is over already.
  bool cancel(WallTime now);

  [[nodiscard]] const BatchInfo& info() const { return info_; }
  [[nodiscard]] std::size_t bytes() const;  // what it occupies, about

 private:
  void validate(WallTime now, const BatchWork& work);
  void run(WallTime now, const BatchSlice& slice, const BatchWork& work);
  std::size_t run_one(std::string_view line, const BatchWork& work);  // the bytes of request and reply
  void refuse_rest(std::string_view code, std::string_view message);
  void close(const BatchWork& work);

  BatchInfo info_;
  std::shared_ptr<const std::string> input_;  // gone once it is over
  std::vector<std::string_view> lines_;       // views into it
  std::size_t next_ = 0;
  std::string output_;
  std::string error_output_;
};

}  // namespace mimus::server
