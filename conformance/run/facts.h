// What a run learns about its target while it goes, and what the rules may need of it. Saved with the evidence.
#pragma once

#include <cstdint>
#include <string>

namespace mimus::conformance {

struct Facts {
  std::string base_url;                                 // as used: "https://gateway.example/v1"
  std::string model;                                    // of the chat probes
  std::string cap_parameter = "max_completion_tokens";  // or max_tokens, where the target refuses the new name
  std::int64_t cap_floor = 0;   // caps are raised to this when the model was seen to think before it answers
  int loopback_port = 0;        // not 0: mimus is the upstream of the target, on this port
  std::int64_t started_at = 0;  // seconds since the epoch
};

}  // namespace mimus::conformance
