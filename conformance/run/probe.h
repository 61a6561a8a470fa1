// A probe: one request as data. Bodies and paths hold placeholders that are filled when the probe is sent.
//
//   {{model}}              the model of the probe's area
//   {{nonce}}              a word that no other request of this run carries
//   {{filler:N}}           N bytes of harmless prose
//   {{PROBE#/pointer}}     a value out of the JSON reply to another probe, which is sent before
//   {{PROBE#/pointer|uri}} the same, percent-encoded, for a path
//
// A body string that is nothing but a placeholder becomes the value itself, of whatever kind. The member "{{cap}}": N
// becomes the parameter that limits the length of the reply, by the name that the target takes, raised for models that
// think before they answer; "{{exact_cap}}": N is not raised.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/header.h"
#include "api/json.h"
#include "api/result.h"

namespace mimus::conformance {

struct Probe {
  std::string id;  // "chat", "errors.missing-messages"
  std::string area;
  std::string why;        // what it is for, for --plan
  std::string operation;  // "chat.completions": what a 404 or 405 says is not offered; empty for none
  std::string method;
  std::string path;  // below the base path; "" with an `absolute` path only
  std::vector<Header> headers;
  std::string auth;                     // "key", "none", "wrong", "lower-scheme", "query" (?key=)
  std::string expects;                  // "json", "stream", "error", "any": what a conforming target answers
  JsonDocument body;                    // an object; null when there is none
  std::optional<std::string> raw_body;  // instead of `body`: not JSON, or odd JSON; a form (see form.h) comes here, too
  bool chunked = false;
  std::string lead;     // the probe whose request goes first, on the same connection
  std::string script;   // words of the prompt by which mimus, as the upstream, knows what to say (--loopback)
  int leave_after = 0;  // not 0: the client closes once so many events have come
  std::chrono::milliseconds leave_time{0};  // not 0: the client closes after this time, whatever has come
  std::chrono::milliseconds settle{500};    // how long the upstream may take to see the end
  std::vector<std::string> together;        // probes whose requests go out at the same time
  int tokens = 0;                           // estimate of what it makes the model read and write
  std::vector<std::string> needs;           // probes whose reply it quotes; from the placeholders
  bool names_model = false;                 // whether {{model}} stands in it

  [[nodiscard]] bool is_valid_call() const { return auth == "key" && (expects == "json" || expects == "stream"); }
};

// The probe in `json`, at `where` of its file.
Result<Probe> read_probe(Json json, const std::string& where, const std::string& area);

}  // namespace mimus::conformance
