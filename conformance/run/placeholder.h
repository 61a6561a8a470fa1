// The placeholders in the paths and bodies of probes; see probe.h for their meaning. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"

namespace mimus::conformance {

struct Placeholder {
  std::size_t begin = 0;  // of its {{
  std::size_t end = 0;    // behind its }}
  std::string probe;      // of {{PROBE#/pointer}}; empty for the others
  std::string text;       // "model", "filler:200", or the pointer
  bool percent_encoded = false;
};

std::vector<Placeholder> find_placeholders(std::string_view text);

// What stands for a placeholder: JSON text of any kind ("\"gpt-4o\"", "{...}"), or nothing when there is no such value.
using Resolver = std::function<std::optional<std::string>(const Placeholder&)>;

// `text` with all placeholders replaced; strings lose their quotes, other values are written as JSON. Nothing when a
// value is missing.
std::optional<std::string> fill_text(std::string_view text, const Resolver& resolve);

// The JSON text of `body` with all placeholders in its strings replaced.
std::optional<std::string> fill_json(Json body, const Resolver& resolve);

}  // namespace mimus::conformance
