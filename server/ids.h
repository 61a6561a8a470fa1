// The ids of replies: unique, and yet the same in every run. They are a function of a call's digest and of how often
// this digest was seen before, so the second run of the same tests sees the same ids.
// Source of the shapes: ids in recorded replies of OpenAI's API (chatcmpl- and 29 base62, resp_ and 48 hex, ...).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/brief_mutex.h"

namespace mimus::server {

enum class IdKind {
  ChatCompletion,  // chatcmpl-
  Completion,      // cmpl-
  ToolCall,        // call_
  Request,         // req_
  Response,        // resp_
  Message,         // msg_
  FunctionCall,    // fc_
  CustomToolCall,  // ctc_
  Reasoning,       // rs_
  File,            // file-
  Batch,           // batch_
  BatchRequest,    // batch_req_
  Moderation,      // modr-
  Upload,          // upload_
  UploadPart,      // part_
  Conversation,    // conv_
  GeminiResponse,  // no prefix
};

// The ids that belong to one reply. A value; pure.
class Ids {
 public:
  explicit Ids(std::uint64_t root) : root_(root) {}

  // The id of kind `kind` and number `index` (the third tool call, the second choice ...).
  [[nodiscard]] std::string make(IdKind kind, std::uint64_t index = 0) const;

  // A seed for what else is random in the encoding of this reply: padding, jitter.
  [[nodiscard]] std::uint64_t seed() const { return root_; }

 private:
  std::uint64_t root_;
};

// "fp_" and ten hex digits: a function of the model alone, as a fingerprint stands for a build of the backend.
std::string system_fingerprint(std::string_view model);

// Counts how often each digest was seen. Thread-safe. Remembers about `capacity` digests and forgets the oldest; after
// that, ids stay unique (counting never falls back to where it was), but depend on what was asked before.
class IdSource {
 public:
  static constexpr std::size_t kDefaultCapacity = 65'536;
  explicit IdSource(std::size_t capacity = kDefaultCapacity);

  // The ids for this sighting of `digest`.
  Ids next(std::uint64_t digest);

  // Counts from the start again, as after a restart.
  void reset();

 private:
  static constexpr std::size_t kShards = 16;
  struct Mixed {  // digests are spread by us: what a standard library hashes with differs between them
    std::size_t operator()(std::uint64_t digest) const;
  };
  struct Shard {
    BriefMutex lock;
    std::unordered_map<std::uint64_t, std::uint64_t, Mixed> seen;
    std::deque<std::uint64_t> by_age;
    std::uint64_t floor = 0;  // above every count that was forgotten
  };

  std::size_t capacity_of_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace mimus::server
