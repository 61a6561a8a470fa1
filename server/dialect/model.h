// The models of a vendor, and what each of them does not take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus::server {

// A parameter that a model does not take, or not with every value.
struct ParameterRefusal {
  std::string parameter;              // "max_tokens"
  std::string instead;                // "max_completion_tokens"; may be empty
  std::vector<std::string> accepted;  // the values it still takes, as compact JSON: 1, "low"; empty: none
  bool only_while_reasoning = false;  // with reasoning_effort "none" it is taken
};

// The pictures that a model takes for an edit or a variation.
struct ImageInputs {
  std::vector<std::string> types = {"image/jpeg", "image/png", "image/webp"};
  std::int64_t most = 16;
  std::int64_t megabytes = 50;  // of each; of a mask at most 4
  bool is_square = false;
  std::vector<std::string> modes;               // of an edit without a mask: "RGBA"; empty: any
  std::string unreadable = "image_unreadable";  // the situation of a file that is not what it says
  std::string too_large = "body_too_large";     // and of one beyond `megabytes`
};

struct Model {
  std::string id;
  std::string snapshot;  // what replies call it; the id itself when the vendor does not resolve aliases
  std::string owned_by;
  std::optional<std::int64_t> created;
  std::vector<std::string> serves;             // operations ("chat.completions"); empty: all
  std::vector<ParameterRefusal> refuses;       // in the order of report
  std::vector<std::string> refuses_roles;      // roles of messages ("function")
  std::vector<std::string> refuses_parts;      // types of content parts ("image_url")
  std::string reasoning_effort;                // the default effort; empty: not a reasoning model
  std::optional<std::int64_t> context_tokens;  // prompt and reply together
  std::optional<std::int64_t> max_output_tokens;
  std::optional<std::int64_t> embedding_dimensions;  // the most it gives, and the default
  std::optional<std::int64_t> max_prompt_chars;      // of an image prompt
  bool images_inline = false;                        // images come as base64 only, with their usage
  ImageInputs image_inputs;
  bool revises_prompt = false;  // images come with the prompt as the model rewrote it

  [[nodiscard]] bool serves_operation(std::string_view operation) const;
};

// `families` holds what several models share; a model names its own with "family", and may overrule any member.
Result<std::vector<Model>> read_models(Json models, Json families, const std::string& where);

}  // namespace mimus::server
