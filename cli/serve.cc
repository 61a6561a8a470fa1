#include "cli/serve.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "api/descriptors.h"
#include "cli/config_file.h"
#include "cli/deviator.h"
#include "server/app.h"
#include "server/pace/pace.h"
#include "server/transport/http_server.h"

namespace mimus::cli {
namespace {

// What the flags of `mimus serve` say, before it is checked.
struct ServeFlags {
  server::AppOptions app;
  server::LogOptions log;
  server::TransportOptions transport;
  std::string ready_file;
  std::string clock = "real";
  std::string ttft = "0ms";
  std::string token_delay = "0ms";
  std::string grace = "5s";
  std::string control = "on";
  std::string upstream_key_env;
  std::string upstream_timeout = "600s";
  bool fail_unused = false;
  std::vector<std::string> deviations;
};

const std::map<std::string, server::LogLevel> kLevels = {{"debug", server::LogLevel::Debug},
                                                         {"info", server::LogLevel::Info},
                                                         {"warn", server::LogLevel::Warn},
                                                         {"error", server::LogLevel::Error},
                                                         {"off", server::LogLevel::Off}};
const std::map<std::string, server::LogFormat> kFormats = {{"text", server::LogFormat::Text},
                                                           {"json", server::LogFormat::Json}};
const std::map<std::string, server::Executor> kExecutors = {{"reactor", server::Executor::Reactor},
                                                            {"threads", server::Executor::Threads}};

void add_socket_flags(CLI::App& command, ServeFlags& flags) {
  auto& transport = flags.transport;
  command.add_option("--host", transport.host, "Address to listen on")->capture_default_str();
  command.add_option("--port", transport.port, "Port to listen on; 0 picks a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command.add_option("--ready-file", flags.ready_file, "Write the server's URL to this file once it serves");
  command
      .add_option("--transport", transport.executor, "reactor (Linux, fastest) or threads (one per connection; TLS)")
      ->transform(CLI::CheckedTransformer(kExecutors))
      ->type_name("reactor|threads");
  command.add_option("--reactors", transport.reactors, "Event loops; 0 is one per core, at most 4")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  command.add_option("--tls-cert", transport.tls_cert, "PEM certificate chain; serves HTTPS with --transport threads")
      ->check(CLI::ExistingFile);
  command.add_option("--tls-key", transport.tls_key, "PEM private key of the certificate")->check(CLI::ExistingFile);
  command.add_option("--max-body", transport.limits.max_body_bytes, "Largest request body, in bytes (413 beyond)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command.add_option("--max-connections", transport.max_connections, "Connections at a time")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--grace", flags.grace, "How long open streams may go on after SIGTERM")->capture_default_str();
}

void add_api_flags(CLI::App& command, ServeFlags& flags) {
  command.add_option("--dialect", flags.app.dialects, "Vendor to speak like, by name or as a .json file; repeatable")
      ->capture_default_str();
  command.add_option("--api-key", flags.app.api_keys,
                     "Accept only this key; repeatable. Without it any key is accepted");
  command.add_option("--seed", flags.app.seed, "Replies are a function of the request and this number")
      ->capture_default_str();
  command
      .add_option("--clock", flags.clock,
                  "real, frozen, or frozen:EPOCH (seconds), for replies that are the same to the byte")
      ->capture_default_str();
  command.add_option("--ttft", flags.ttft, "Time to the first token, such as 200ms")->capture_default_str();
  command.add_option("--token-delay", flags.token_delay, "Time between tokens, such as 20ms")->capture_default_str();
  command.add_option("--chunk-tokens", flags.app.pace.chunk_tokens, "Tokens per stream chunk")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
}

void add_limit_flags(CLI::App& command, ServeFlags& flags) {
  server::LimitOptions& limits = flags.app.limits;
  command.add_option("--plan", limits.plan, "Rate limits of a plan that the vendor documents, such as free");
  command.add_option("--rpm", limits.requests, "Requests a minute that each key has in each class of endpoints")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000'000}));
  command.add_option("--tpm", limits.tokens, "Tokens a minute that each key has in each class of endpoints")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000'000}));
}

void add_state_flags(CLI::App& command, ServeFlags& flags) {
  server::StoreCaps& state = flags.app.state;
  command
      .add_option("--state-max-entries", state.entries,
                  "Files, stored replies, batches and so on that are kept, of each kind; the oldest go first")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->capture_default_str();
  command.add_option("--state-max-bytes", state.bytes, "Bytes that each kind may occupy, such as 256mb")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
}

void add_fixture_flags(CLI::App& command, ServeFlags& flags) {
  command.add_option("--fixtures", flags.app.fixtures, "Scripted replies: a file or folder; repeatable");
  command.add_option("--deviate", flags.deviations,
                     "Be wrong in the way that this check of mimus check finds; repeatable, see mimus deviations");
  command.add_flag("--strict", flags.app.strict, "Refuse a request that no fixture matches");
  command.add_flag("--show-prompts", flags.app.show_prompts, "Let messages about a miss quote the request");
}

void add_record_flags(CLI::App& command, ServeFlags& flags) {
  auto& record = flags.app.record;
  command.add_option("--record", record.file,
                     "Relay requests that no fixture matches, and add the exchanges to this file as fixtures");
  command.add_option("--upstream", record.upstream, "The real API that they go to, such as https://api.openai.com/v1");
  command.add_option("--upstream-key-env", flags.upstream_key_env,
                     "Environment variable with the key for it, which replaces the client's");
  command.add_option("--upstream-ca", record.ca_file, "PEM certificates to trust there instead of the system's");
  command.add_option("--upstream-timeout", flags.upstream_timeout, "How long it may be silent")->capture_default_str();
}

void add_control_flags(CLI::App& command, ServeFlags& flags) {
  auto& control = flags.app.control;
  command
      .add_option("--control", flags.control, "The control API under /_mimus/: on, off, or the token that it asks for")
      ->type_name("on|off|TOKEN");
  command.add_option("--journal", control.journal.entries, "Requests that the journal keeps; 0: none")
      ->check(CLI::Range(0, 10'000'000))
      ->capture_default_str();
  command.add_option("--journal-bytes", control.journal.bytes, "Memory that they may take")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command.add_option("--journal-body", control.journal.body, "Longest body that is kept whole, in bytes")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command.add_flag("--watch", control.watches, "Load fixture files again when they change");
  command.add_flag("--fail-unused", flags.fail_unused, "End with 1 and a list if a fixture was never hit");
}

void add_log_flags(CLI::App& command, ServeFlags& flags) {
  command.add_option("--log-level", flags.log.level, "What is logged on stderr")
      ->transform(CLI::CheckedTransformer(kLevels))
      ->type_name("debug|info|warn|error|off");
  command.add_option("--log-format", flags.log.format, "How it is logged")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->type_name("text|json");
}

Result<std::optional<server::WallTime>> read_clock(const std::string& text) {
  constexpr std::string_view kFrozen = "frozen";
  // 2026-01-01T00:00:00Z: any moment would do, as long as it is always the same one.
  constexpr std::int64_t kDefaultEpoch = 1767225600;
  constexpr std::int64_t kLatest = 253402300799;  // the end of the year 9999
  if (text == "real") return std::optional<server::WallTime>();
  std::int64_t epoch = kDefaultEpoch;
  bool is_valid = text == kFrozen;
  if (text.starts_with("frozen:")) {
    const std::string digits = text.substr(kFrozen.size() + 1);
    is_valid = !digits.empty() && digits.size() <= 12 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (is_valid) epoch = std::stoll(digits);
  }
  if (!is_valid || epoch > kLatest) {
    return Error{Errc::BadInput, "expected real, frozen or frozen:EPOCH with EPOCH in seconds, found \"" + text + "\"",
                 "--clock"};
  }
  return std::optional<server::WallTime>(server::WallTime(std::chrono::seconds(epoch)));
}

// The flags of recording, which need each other.
Result<Done> complete_record(ServeFlags& flags) {
  auto& record = flags.app.record;
  if (record.file.empty() != record.upstream.empty()) {
    return Error{Errc::BadInput, "expected both or neither", "--record, --upstream"};
  }
  const bool is_alone = !flags.upstream_key_env.empty() || !record.ca_file.empty();
  if (record.file.empty() && is_alone) {
    return Error{Errc::BadInput, "expected only together with --record and --upstream",
                 "--upstream-key-env, --upstream-ca"};
  }
  if (!record.file.empty() && flags.app.strict) {
    return Error{Errc::BadInput, "one refuses what no fixture matches, the other relays it", "--strict, --record"};
  }
  if (!flags.upstream_key_env.empty()) {
    const char* const key = std::getenv(flags.upstream_key_env.c_str());
    record.key = key == nullptr ? "" : key;
    if (record.key.find_first_of("\r\n") != std::string::npos || record.key.empty()) {
      return Error{
          Errc::BadInput,
          "expected the name of a variable that holds a key in one line, found \"" + flags.upstream_key_env + "\"",
          "--upstream-key-env"};
    }
  }
  const auto timeout = server::read_duration(flags.upstream_timeout);
  if (!timeout) return timeout.error().in("--upstream-timeout");
  record.silence_deadline = std::chrono::ceil<std::chrono::milliseconds>(*timeout);
  return Done{};
}

// In a list the same twice, or an empty value, can only be a mistake. "./replies/" and "replies" are the same.
Result<Done> check_list(const char* flag, const std::vector<std::string>& values) {
  std::set<std::string> seen;
  for (const std::string& value : values) {
    if (value.empty()) return Error{Errc::BadInput, "expected a value, found an empty one", flag};
    if (!seen.insert((std::filesystem::path(value) / "").lexically_normal().string()).second) {
      return Error{Errc::BadInput, "\"" + value + "\" is given twice", flag};
    }
  }
  return Done{};
}

Result<Done> check_lists(const ServeFlags& flags) {
  if (auto done = check_list("--dialect", flags.app.dialects); !done) return done;
  if (auto done = check_list("--fixtures", flags.app.fixtures); !done) return done;
  if (auto done = check_list("--deviate", flags.deviations); !done) return done;
  const std::vector<std::string>& keys = flags.app.api_keys;
  if (std::find(keys.begin(), keys.end(), "") != keys.end()) {
    return Error{Errc::BadInput, "expected a key, found an empty one", "--api-key"};
  }
  if (std::set<std::string>(keys.begin(), keys.end()).size() < keys.size()) {
    return Error{Errc::BadInput, "the same key is given twice", "--api-key"};
  }
  if (flags.app.control.watches && flags.app.fixtures.empty()) {
    return Error{Errc::BadInput, "expected only together with --fixtures, whose files it watches", "--watch"};
  }
  return Done{};
}

// Fills what needs more than CLI11 to be read. The first error is about one flag, and names it.
Result<Done> complete(ServeFlags& flags, server::Duration& grace) {
  if (auto done = check_lists(flags); !done) return done;
  const auto clock = read_clock(flags.clock);
  if (!clock) return clock.error();
  flags.app.frozen_at = *clock;
  const std::pair<const char*, std::pair<const std::string*, server::Duration*>> durations[] = {
      {"--ttft", {&flags.ttft, &flags.app.pace.ttft}},
      {"--token-delay", {&flags.token_delay, &flags.app.pace.token}},
      {"--grace", {&flags.grace, &grace}},
  };
  for (const auto& [flag, field] : durations) {
    const auto duration = server::read_duration(*field.first);
    if (!duration) return duration.error().in(flag);
    *field.second = *duration;
  }
  auto deviator = Deviator::create(flags.deviations);
  if (!deviator) return deviator.error().in("--deviate");
  flags.app.filter = std::move(*deviator);
  flags.app.control.is_on = flags.control != "off";
  if (flags.control != "on" && flags.control != "off") flags.app.control.token = flags.control;
  if (flags.control.empty()) return Error{Errc::BadInput, "expected on, off or a token, found nothing", "--control"};
  if (flags.transport.tls_cert.empty() != flags.transport.tls_key.empty()) {
    return Error{Errc::BadInput, "expected both or neither", "--tls-cert, --tls-key"};
  }
  if (auto done = complete_record(flags); !done) return done;
  if (!flags.transport.tls_cert.empty()) flags.transport.executor = server::Executor::Threads;
  return Done{};
}

// Written beside the file and renamed, so that who waits for it never reads half a line.
Result<Done> write_ready_file(const std::string& file, const std::string& url) {
  if (file.empty()) return Done{};
  const std::string draft = file + ".tmp";
  std::ofstream stream(draft);
  stream << url << "\n";
  stream.close();
  std::error_code failed;
  if (stream) std::filesystem::rename(draft, file, failed);
  if (!stream || failed) return Error{Errc::Io, "cannot be written", "--ready-file " + file};
  return Done{};
}

std::string url_of(const server::TransportOptions& transport, int port) {
  const bool is_v6 = transport.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + transport.host + "]" : transport.host;
  return (transport.tls_cert.empty() ? "http://" : "https://") + host + ":" + std::to_string(port);
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int report_unused(const std::vector<std::string>& unused) {
  for (const std::string& fixture : unused) std::cerr << "mimus: never hit: " << fixture << "\n";
  return unused.empty() ? 0 : 1;
}

int run(ServeFlags& flags, const CLI::App& program) {
  server::Duration grace{0};
  if (const auto done = complete(flags, grace); !done) {
    Error error = done.error();
    if (const std::string source = config_source(program, error.where); !source.empty()) {
      error.where.insert(0, source + ": ");
    }
    report_error(error);
    return kExitUsage;
  }
  // Blocked before any thread starts, so that all inherit it and the signal waits for sigwait below.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  reserve_descriptors(flags.transport.max_connections);  // likewise

  server::Log log(flags.log.level, flags.log.format, STDERR_FILENO);
  auto app = server::App::create(flags.app, log);
  if (!app) return report_error(app.error());
  const server::RequestLimits limits = flags.transport.limits;
  flags.transport.on_error = [&app, limits](int status, std::string_view reason) {
    return (*app)->refuse_transport(status, reason, status == 413 ? limits.max_body_bytes : limits.max_head_bytes);
  };
  auto http = server::HttpServer::start(
      flags.transport,
      [&app](const server::HttpRequest& request, server::Respond respond) { (*app)->handle(request, respond); });
  if (!http) return report_error(http.error());

  const std::string url = url_of(flags.transport, (*http)->port());
  if (const auto done = write_ready_file(flags.ready_file, url); !done) return report_error(done.error());
  std::cout << "mimus ready on " << url << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  log.info("stopping: open streams may go on for " + flags.grace);
  (*app)->end_tails();
  (*http)->stop(std::chrono::duration_cast<std::chrono::milliseconds>(grace));
  return flags.fail_unused ? report_unused((*app)->unused_fixtures()) : 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("serve", "Serve the API of one or more vendors, with deterministic replies");
  auto flags = std::make_shared<ServeFlags>();
  flags->transport.port = 8080;
  command->fallthrough();
  add_socket_flags(*command, *flags);
  add_api_flags(*command, *flags);
  add_limit_flags(*command, *flags);
  add_state_flags(*command, *flags);
  add_fixture_flags(*command, *flags);
  add_record_flags(*command, *flags);
  add_control_flags(*command, *flags);
  add_log_flags(*command, *flags);
  add_environment_twins(*command);
  command->footer(
      "Every flag has an environment twin (--api-key: MIMUS_API_KEY) and may stand in the [serve] section of a "
      "--config "
      "file.\n\nExit codes: 0 it was stopped, 1 a fixture was never hit (--fail-unused), 2 wrong usage, 3 it could not "
      "be done.\n\nExamples:\n"
      "  mimus serve\n"
      "  mimus serve --port 0 --ready-file /tmp/mimus.url --clock frozen\n"
      "  mimus serve --fixtures replies/ --strict\n"
      "  mimus serve --dialect platform --plan free --clock frozen\n"
      "  mimus serve --fixtures replies/ --watch --fail-unused\n"
      "  mimus serve --record chat.json --upstream https://api.openai.com/v1 --upstream-key-env OPENAI_API_KEY\n"
      "  mimus serve --ttft 200ms --token-delay 20ms");
  command->callback([flags, &app, &exit_code] { exit_code = run(*flags, app); });
}

}  // namespace mimus::cli
