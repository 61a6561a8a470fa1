// Directives: the one vocabulary with which a caller steers a reply. It stands in the header `x-mimus`, behind the
// model's name (gateways strip headers), and in fixtures: "tokens=512;ttft=200ms;fault=cut:after_chunks=3,end=reset".
//
//   tokens=N            length of the reply in tokens
//   ttft=D  token=D     time to the first token, and between tokens; D with its unit: 200ms, 80us, 1.5s
//   jitter=lognormal:CV | uniform:F    spread of the times between tokens
//   chunk_tokens=N      tokens per stream chunk
//   echo                the last user message is the reply
//   status=NNN  error=SITUATION        an error instead, NNN from 400 to 599
//   first=N                            only for the first N times of this request
//   fault=KIND:...  deviate=CHECK-ID   may be given several times
//
// Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/match/vocabulary.h"
#include "server/pace/pace.h"

namespace mimus::server {

struct Directives {
  std::optional<std::int64_t> tokens;
  std::optional<Duration> ttft;
  std::optional<Duration> token;
  std::optional<Jitter> jitter;
  std::optional<int> chunk_tokens;
  bool echo = false;
  std::optional<int> status;
  std::string error;  // a situation; empty for none
  std::optional<int> first;
  std::vector<std::string> faults;
  std::vector<std::string> deviations;

  bool operator==(const Directives&) const = default;
  [[nodiscard]] bool is_empty() const { return *this == Directives{}; }
};

// Errors name the directive that is wrong, what it should be, and the nearest name. An empty text gives no directives.
Result<Directives> parse_directives(std::string_view text, const Vocabulary& vocabulary);

// Adds one directive, for readers that have name and value already apart ("ttft", "200ms").
Result<Done> set_directive(Directives& directives, std::string_view name, std::optional<std::string_view> value,
                           const Vocabulary& vocabulary);

// The names of all directives, in the order of the table above.
std::vector<std::string_view> directive_names();

// "gpt-4o;tokens=512" taken apart: the bare model and the text behind the first semicolon (empty when there is none).
struct SteeredModel {
  std::string_view model;
  std::string_view directives;
};
SteeredModel split_model(std::string_view model);

// `over` laid over `base`: what it gives replaces, member by member; faults and deviations replace as a whole. The
// order of strength is fixture, then model, then header.
Directives merged(Directives base, const Directives& over);

}  // namespace mimus::server
