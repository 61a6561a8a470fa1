// Many paced streams against a running mimus: the measuring part of scripts/bench.
// Exit: 0 every token came, 1 something is missing, 2 wrong usage, 3 could not run.
#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "benchmarks/load/load_report.h"
#include "benchmarks/load/load_run.h"

namespace {

using namespace mimus::load;

constexpr std::string_view kHelp = R"(usage: mimus_load_client --port N [OPTION...]
  --port N          of a mimus on 127.0.0.1
  --streams N       open at the same time (100)
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

enum Option { Port = 1, Streams, Ramp, Tokens, Ttft, Delay, Timeout, Pid, ModelName, Prompt, Key, AsJson, Help };

constexpr option kOptions[] = {
    {"port", 1, nullptr, Port},          {"streams", 1, nullptr, Streams}, {"ramp-ms", 1, nullptr, Ramp},
    {"tokens", 1, nullptr, Tokens},      {"ttft-ms", 1, nullptr, Ttft},    {"delay-ms", 1, nullptr, Delay},
    {"timeout-ms", 1, nullptr, Timeout}, {"pid", 1, nullptr, Pid},         {"model", 1, nullptr, ModelName},
    {"prompt", 1, nullptr, Prompt},      {"key", 1, nullptr, Key},         {"json", 0, nullptr, AsJson},
    {"help", 0, nullptr, Help},          {nullptr, 0, nullptr, 0}};

// The value of a numeric option, 0 to 10 million; -1 when it is none.
int number_in(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= 10'000'000 ? number : -1;
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

bool take_number(int name, int value, Arguments& a) {
  using std::chrono::milliseconds;
  if (value < 0) return false;
  switch (name) {
    case Port:
      a.plan.port = static_cast<std::uint16_t>(value);
      return value > 0 && value < 65536;
    case Streams:
      a.plan.streams = value;
      return value > 0;
    case Ramp:
      a.plan.ramp = milliseconds(value);
      return true;
    case Tokens:
      a.tokens = value;
      return value > 0;
    case Ttft:
      a.plan.schedule.ttft = milliseconds(value);
      return true;
    case Delay:
      a.plan.schedule.interval = milliseconds(value);
      return true;
    case Timeout:
      a.plan.timeout = milliseconds(value);
      return true;
    case Pid:
      a.plan.server = value;
      return true;
    default:
      return false;
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
    if (!take_text(name, optarg, arguments) && !take_number(name, optarg ? number_in(optarg) : -1, arguments)) {
      std::cerr << "--" << kOptions[index].name << ": not a valid value: " << optarg << "\n";
      return 2;
    }
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
