// What the target asked of its upstream, when mimus is that upstream (--loopback): plain values that the runner is
// handed, rules read, and evidence keeps. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"
#include "api/json.h"

namespace mimus::conformance {

struct UpstreamCall {
  std::string method;
  std::string path;             // without the query, which may hold a key
  std::vector<Header> headers;  // credentials replaced
  std::string body;             // as it came, cut where it is very long
  int status = 0;               // of what the upstream said; 0: nothing yet
  std::string ended;  // "whole", "cut" (as the script has it), "left" (the target closed before the end), "open"
  std::chrono::microseconds arrived{0};  // since the probe began to be sent
  std::chrono::microseconds over{0};     // when it ended; 0 while it is open
};

// A JSON array of calls, and back. A body that is not UTF-8 stands as pairs of hexadecimal digits under "body_hex".
std::string upstream_text(const std::vector<UpstreamCall>& calls);
std::vector<UpstreamCall> read_upstream(Json calls);

// Takes `key` out of what the target passed on.
void redact(UpstreamCall& call, std::string_view key);

// What the target asked, for people: a line a call, then the body of the first.
std::string told(const std::vector<UpstreamCall>& calls);

// Why nothing can be said of a target that never asked the upstream on `port`.
std::string no_upstream_call(int port);

// The same of one that asked there for what the upstream does not have.
std::string wrong_upstream_path(const UpstreamCall& call);

}  // namespace mimus::conformance
