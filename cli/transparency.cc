#include "cli/transparency.h"

#include <cstdlib>

namespace mimus::cli {

using namespace mimus::conformance;

void add_upstream_options(CLI::App& command, UpstreamOptions& options) {
  CLI::Option* url =
      command.add_option("--upstream", options.url,
                         "The target is a gateway and this is the API behind it: ask both, tell whose each fault is");
  command
      .add_option("--upstream-key-env", options.key_env,
                  "The environment variable with the upstream's key; the target's key when not given")
      ->needs(url);
  command.add_option("--upstream-model", options.model, "The model's name there; the same when not given")->needs(url);
}

Result<Target> make_upstream(const UpstreamOptions& options, const Target& gateway, const Expectations& expect) {
  auto place = read_target(options.url, expect.base_path);
  if (!place) return place.error().in("--upstream");
  Target upstream = gateway;
  upstream.tls = place->tls;
  upstream.host = place->host;
  upstream.port = place->port;
  upstream.base_path = place->base_path;
  upstream.headers.clear();  // they are for the gateway, and may hold its secrets
  if (!options.model.empty()) upstream.model = options.model;
  upstream.model_flag = "--upstream-model";
  if (options.key_env.empty()) return upstream;
  const char* const key = std::getenv(options.key_env.c_str());
  if (key == nullptr || *key == '\0') {
    return Error{Errc::BadInput, "this environment variable is not set", "--upstream-key-env " + options.key_env};
  }
  upstream.api_key = key;
  if (upstream.api_key.find_first_of("\r\n") != std::string::npos) {
    return Error{Errc::BadInput, "a key has no line ends", "--upstream-key-env " + options.key_env};
  }
  return upstream;
}

void compare_with_upstream(const Catalogue& catalogue, const std::vector<const Check*>& checks,
                           const Expectations& expect, bool expects_auth, const Transcripts& gateway,
                           const Run& upstream, Report& report) {
  Transparency& transparency = report.transparency.emplace();
  transparency.upstream_url = upstream.facts.base_url;
  transparency.nothing_measured = upstream.nothing_measured;
  transparency.requests = upstream.requests;
  transparency.tokens = upstream.tokens;
  if (!upstream.nothing_measured.empty() || !report.nothing_measured.empty()) return;
  const auto outcomes = judge(catalogue, checks, Scene{upstream.transcripts, upstream.facts, expect, expects_auth});
  transparency.checks = compare_outcomes(report.outcomes, outcomes);
  transparency.wire = compare_wire(gateway, upstream.transcripts);
}

}  // namespace mimus::cli
