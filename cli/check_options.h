// What `mimus check` was asked for, as the command line gives it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/loopback.h"
#include "cli/transparency.h"
#include "conformance/catalogue/catalogue.h"

namespace mimus::cli {

struct CheckOptions {
  std::string url;
  std::string api_key;
  std::string model;
  std::vector<std::string> models_for;
  std::string dialect = "openai";
  conformance::Selection selection;
  bool strict = false;
  bool expect_auth = false;
  bool plan = false;
  bool list = false;
  bool verbose = false;
  int max_requests = 0;
  int max_tokens = 0;
  std::string timeout_text = "30s";
  std::chrono::milliseconds timeout{30'000};
  std::string baseline;
  std::vector<std::string> reports;
  std::string evidence;
  std::string replay;
  std::string ca_file;
  std::vector<std::string> headers;
  UpstreamOptions upstream;
  LoopbackOptions loopback;
};

}  // namespace mimus::cli
