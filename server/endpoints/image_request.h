// Reading POST /images/generations: from a body to what is to be painted. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"
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
  std::vector<std::uint64_t> seeds;  // one for each of the n pictures
};

Result<ImageRequest, Refusal> read_image_request(std::string_view body, const Dialect& dialect,
                                                 const Endpoint& endpoint, std::uint64_t server_seed);

// {"input_tokens":..,"input_tokens_details":{..},"output_tokens":..,"total_tokens":..}
std::string image_usage(const ImageRequest& request);

}  // namespace mimus::server
