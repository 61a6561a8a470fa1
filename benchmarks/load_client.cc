// Many paced streams against a running mimus: the measuring part of scripts/bench.
// Exit: 0 every token came, 1 something is missing, 2 wrong usage, 3 could not run.
#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/load/load_report.h"
#include "benchmarks/load/load_run.h"

namespace {

using namespace mimus::load;

constexpr std::string_view kHelp = R"(usage: mimus_load_client --port N [OPTION...]
  --port N          of a mimus on 127.0.0.1
  --streams N       open at the same time (100)
  --threads N       of this client, 1 to 64; never more than streams (as many as cores, at most 4)
  --ramp-ms N       the starts are spread evenly over this time (1000)
  --tokens N        max_tokens of each request (100)
  --ttft-ms N       the server's --ttft (0)
  --delay-ms N      the server's --token-delay (20)
  --timeout-ms N    of the whole run (60000)
  --pid N           the server's process, to report its memory and CPU
  --model NAME      (gpt-4o)
  --prompt TEXT     of every request
  --key KEY         (sk-load)
  --json            the report as JSON
example: mimus serve --port 8080 --token-delay 20ms & mimus_load_client --port 8080 --streams 1000 --delay-ms 20
)";

struct Arguments {
  LoadPlan plan;
  std::string model = "gpt-4o";
  std::string prompt = "Tell me a long story about a bird that learns the songs of all the others.";
  int tokens = 100;
  bool as_json = false;
};

enum Option {
  Port = 1,
  Streams,
  Threads,
  Ramp,
  Tokens,
  Ttft,
  Delay,
  Timeout,
  Pid,
  ModelName,
  Prompt,
  Key,
  AsJson,
  Help
};

constexpr option kOptions[] = {
    {"port", 1, nullptr, Port},       {"streams", 1, nullptr, Streams},    {"threads", 1, nullptr, Threads},
    {"ramp-ms", 1, nullptr, Ramp},    {"tokens", 1, nullptr, Tokens},      {"ttft-ms", 1, nullptr, Ttft},
    {"delay-ms", 1, nullptr, Delay},  {"timeout-ms", 1, nullptr, Timeout}, {"pid", 1, nullptr, Pid},
    {"model", 1, nullptr, ModelName}, {"prompt", 1, nullptr, Prompt},      {"key", 1, nullptr, Key},
    {"json", 0, nullptr, AsJson},     {"help", 0, nullptr, Help},          {nullptr, 0, nullptr, 0}};

struct Range {
  int least = 0;
  int most = 10'000'000;
};

Range range_of(int name) {
  switch (name) {
    case Port:
      return {1, 65535};
    case Threads:
      return {1, kMaxLoadThreads};
    case Streams:
    case Tokens:
      return {1};
    default:
      return {};
  }
}

std::optional<int> find_number(std::string_view text, Range range) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number >= range.least && number <= range.most ? std::optional(number) : std::nullopt;
}

bool take_text(int name, const char* value, Arguments& a) {
  switch (name) {
    case ModelName:
      a.model = value;
      return true;
    case Prompt:
      a.prompt = value;
      return true;
    case Key:
      a.plan.key = value;
      return true;
    case AsJson:
      a.as_json = true;
      return true;
    default:
      return false;
  }
}

void take_number(int name, int value, Arguments& a) {
  using std::chrono::milliseconds;
  switch (name) {
    case Port:
      a.plan.port = static_cast<std::uint16_t>(value);
      break;
    case Streams:
      a.plan.streams = value;
      break;
    case Threads:
      a.plan.threads = value;
      break;
    case Ramp:
      a.plan.ramp = milliseconds(value);
      break;
    case Tokens:
      a.tokens = value;
      break;
    case Ttft:
      a.plan.schedule.ttft = milliseconds(value);
      break;
    case Delay:
      a.plan.schedule.interval = milliseconds(value);
      break;
    case Timeout:
      a.plan.timeout = milliseconds(value);
      break;
    case Pid:
      a.plan.server = value;
      break;
    default:
      break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.plan.streams = 100;
  arguments.plan.ramp = std::chrono::seconds(1);
  arguments.plan.schedule.interval = std::chrono::milliseconds(20);
  arguments.plan.timeout = std::chrono::seconds(60);
  int index = 0;
  for (int name; (name = getopt_long(argc, argv, "", kOptions, &index)) != -1;) {
    if (name == Help) {
      std::cout << kHelp;
      return 0;
    }
    if (name == '?') return 2;
    if (take_text(name, optarg, arguments)) continue;
    const Range range = range_of(name);
    const auto number = find_number(optarg, range);
    if (!number) {
      std::cerr << "--" << kOptions[index].name << ": expected a number from " << range.least << " to " << range.most
                << ", found \"" << optarg << "\"\n";
      return 2;
    }
    take_number(name, *number, arguments);
  }
  if (arguments.plan.port == 0 || optind != argc) {
    std::cerr << kHelp;
    return 2;
  }
  arguments.plan.body = chat_body(arguments.model, arguments.prompt, arguments.tokens);
  const auto result = run_load(arguments.plan);
  if (!result) {
    std::cerr << "mimus_load_client: " << result.error().text() << "\n";
    return 3;
  }
  std::cout << (arguments.as_json ? json_report(*result) + "\n" : text_report(*result));
  return result->is_whole() ? 0 : 1;
}
