// Reading a request for pictures: from a body to what is to be painted. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"
#include "server/endpoints/model_choice.h"
#include "server/synth/image.h"

namespace mimus::server {

struct ImageRequest {
  std::shared_ptr<const JsonDocument> body;
  std::string model;         // as asked
  bool is_inline = false;    // base64 instead of a URL
  bool has_details = false;  // background, quality, usage ... stand in the reply
  bool revises_prompt = false;
  std::string prompt;
  ImageSize size;
  int n = 1;
  std::string quality;     // as the reply shows it: "high"
  std::string background;  // "opaque"
  bool is_streamed = false;
  int partial_images = 0;
  std::string_view events = "image_generation";  // what the names of a stream's events begin with
  std::int64_t image_tokens = 0;                 // of the caller's pictures, for usage
  std::uint64_t digest = 0;                      // of everything that a picture depends on but the server's seed

  // The pictures are different from each other and the same in every run.
  [[nodiscard]] std::uint64_t seed_of(std::size_t index, std::uint64_t server_seed) const;
};

// What all endpoints for pictures share. `body` has passed the endpoint's rules; `choice` is of this body.
Result<ImageRequest, Refusal> image_request_of(std::shared_ptr<const JsonDocument> body, const ModelChoice& choice);

// Reads POST /images/generations.
Result<ImageRequest, Refusal> read_image_request(std::string_view body, const Dialect& dialect,
                                                 const Endpoint& endpoint);

// {"input_tokens":..,"input_tokens_details":{..},"output_tokens":..,"total_tokens":..}
std::string image_usage(const ImageRequest& request);

}  // namespace mimus::server
