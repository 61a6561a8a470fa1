#include "cli/check.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <random>

#include "api/read_file.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/transparency.h"
#include "cli/version.h"
#include "conformance/catalogue/explain.h"
#include "conformance/report/report.h"
#include "conformance/run/evidence.h"

namespace mimus::cli {
namespace {

using namespace mimus::conformance;
namespace fs = std::filesystem;

struct CheckOptions {
  std::string url;
  std::string api_key;
  std::string model;
  std::vector<std::string> models_for;
  std::string dialect = "openai";
  Selection selection;
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
  UpstreamOptions upstream;
};

constexpr int kUsage = 2;
constexpr int kCannot = 3;
constexpr const char* kUpstreamFolder = "upstream";  // below the evidence of its gateway

int complain(const Error& error, int exit_code) {
  std::cerr << "mimus: " << error.text() << "\n";
  return exit_code;
}

struct ReportWish {
  std::string format;
  std::string file;
};

// Before anything is sent: a mistyped format must not cost a run.
Result<std::vector<ReportWish>> read_wishes(const std::vector<std::string>& texts) {
  std::vector<ReportWish> wishes;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const ReportWish wish{text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1)};
    const bool to_console = wish.format == "console" && wish.file.empty();
    if (!to_console && (find_report(wish.format) == nullptr || wish.file.empty())) {
      return Error{Errc::BadInput, "expected console, json=FILE, junit=FILE, html=FILE, markdown=FILE or sarif=FILE",
                   "--report " + text};
    }
    wishes.push_back(wish);
  }
  if (wishes.empty()) wishes.push_back({"console", ""});
  return wishes;
}

// A mistyped area would leave its model unused, and another one tested.
Result<Done> read_models(const std::vector<std::string>& texts, const Catalogue& catalogue, Target& target) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string area = text.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == text.size()) {
      return Error{Errc::BadInput, "expected AREA=MODEL", "--model-for " + text};
    }
    if (catalogue.find_area(area) == nullptr) {
      std::string names;
      for (const Area& known : catalogue.areas) names += (names.empty() ? "" : ", ") + known.name;
      return Error{Errc::BadInput, "no area \"" + area + "\"; the areas are " + names, "--model-for " + text};
    }
    target.model_for[area] = text.substr(equals + 1);
  }
  return Done{};
}

Result<Target> make_target(const CheckOptions& options, const Catalogue& catalogue, const Expectations& expect) {
  auto target = read_target(options.url, expect.base_path);
  if (!target) return target.error();
  target->api_key = options.api_key;
  target->auth_header = expect.auth_header;
  target->auth_scheme = expect.auth_scheme;
  target->model = options.model;
  target->ca_file = options.ca_file;
  if (options.api_key.find_first_of("\r\n") != std::string::npos) {
    return Error{Errc::BadInput, "a key has no line ends", "--api-key"};
  }
  if (const auto read = read_models(options.models_for, catalogue, *target); !read) return read.error();
  return target;
}

// Letters only: guardrails rewrite what looks like a key or an address.
std::string fresh_nonce() {
  std::random_device random;
  std::string word = "finch";
  for (int i = 0; i < 4; ++i) word.push_back(static_cast<char>('a' + random() % 26));
  return word;
}

Run send_plan(const CheckOptions& options, const Target& target, const Catalogue& catalogue, const Plan& plan,
              const Interrupt& interrupt, const std::string& nonce, const std::string& other_key) {
  RunOptions run_options;
  run_options.limits.time = options.timeout;
  run_options.limits.interrupt = interrupt.descriptor();
  if (options.max_requests > 0) run_options.max_requests = options.max_requests;
  if (options.max_tokens > 0) run_options.max_tokens = options.max_tokens;
  run_options.nonce = nonce;
  run_options.now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  RunHooks hooks;
  hooks.send = [&](const Request& request, const std::optional<Request>& lead, const ExchangeLimits& limits) {
    Recording recording = exchange(target, request, lead, limits);
    // A gateway may tell the key that it has for its upstream; a short one may be an ordinary word.
    if (other_key.size() >= kShortestSecret) redact(recording, other_key);
    return recording;
  };
  hooks.wait = [&](std::chrono::milliseconds time) { interrupt.wait(time); };
  hooks.interrupted = [&] { return interrupt.signal() != 0; };
  Progress progress(catalogue);
  hooks.progress = [&](std::size_t done, std::size_t all, const Probe& next) { progress.show(done, all, next); };
  Run run = run_plan(target, catalogue, plan, run_options, hooks);
  progress.end();
  return run;
}

bool write_report(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) std::cerr << "mimus: " << file << ": cannot be written\n";
  return static_cast<bool>(out);
}

bool write_reports(const Report& report, const std::vector<ReportWish>& wishes, bool verbose) {
  bool all = true;
  for (const ReportWish& wish : wishes) {
    if (wish.format == "console") {
      std::cout << console_report(report, isatty(STDOUT_FILENO) == 1, verbose);
    } else {
      all = write_report(wish.file, find_report(wish.format)(report)) && all;
    }
  }
  return all;
}

Result<Baseline> baseline_of(const CheckOptions& options, const Catalogue& catalogue) {
  if (options.baseline.empty()) return Baseline{};
  const auto text = read_file(options.baseline, 4 * 1024 * 1024);
  if (!text) return text.error();
  return read_baseline(*text, options.baseline, catalogue);
}

// What the target said and, with an upstream, what that says to the same.
struct Answers {
  Run target;
  std::optional<Run> upstream;
  int interrupted_by = 0;
};

Answers ask(const CheckOptions& options, const Target& target, std::optional<Target> upstream,
            const Catalogue& catalogue, const Plan& plan) {
  const Interrupt interrupt;
  const std::string nonce = fresh_nonce();  // one for both: the same bytes go to both
  Answers answers;
  answers.target = send_plan(options, target, catalogue, plan, interrupt, nonce, upstream ? upstream->api_key : "");
  if (upstream && answers.target.nothing_measured.empty() && interrupt.signal() == 0) {
    std::cerr << "mimus: the same to the upstream\n";
    if (upstream->model.empty()) upstream->model = answers.target.facts.model;
    answers.upstream = send_plan(options, *upstream, catalogue, plan, interrupt, nonce, target.api_key);
  }
  answers.interrupted_by = interrupt.signal();
  return answers;
}

Result<Answers> replay(const fs::path& folder, const Catalogue& catalogue) {
  auto target = load_evidence(folder, catalogue);
  if (!target) return target.error();
  Answers answers;
  answers.target = std::move(*target);
  if (!fs::exists(folder / kUpstreamFolder)) return answers;
  auto upstream = load_evidence(folder / kUpstreamFolder, catalogue);
  if (!upstream) return upstream.error();
  answers.upstream = std::move(*upstream);
  return answers;
}

Result<Done> save(const Answers& answers, const fs::path& folder) {
  if (folder.empty()) return Done{};
  if (auto saved = save_evidence(answers.target, folder); !saved || !answers.upstream) return saved;
  const fs::path upstream = folder / kUpstreamFolder;
  if (auto made = make_evidence_folder(upstream); !made) return made.error();
  return save_evidence(*answers.upstream, upstream);
}

Report make_report(const CheckOptions& options, const Catalogue& catalogue, const std::vector<const Check*>& checks,
                   const Expectations& expect, const Baseline& baseline, const Answers& answers) {
  const Run& run = answers.target;
  Report report;
  report.catalogue = &catalogue;
  const std::string version = version_text();
  report.version = version.substr(0, version.find('\n'));
  if (report.version.starts_with("mimus ")) report.version.erase(0, 6);
  report.dialect = expect.dialect;
  report.facts = run.facts;
  report.outcomes = judge(catalogue, checks, Scene{run.transcripts, run.facts, expect, options.expect_auth});
  report.baseline = apply_baseline(baseline, date_of(run.facts.started_at), report.outcomes);
  report.notes = run.notes;
  report.nothing_measured = run.nothing_measured;
  report.requests = run.requests;
  report.tokens = run.tokens;
  report.took_ms = run.took.count() / 1000;
  report.strict = options.strict;
  report.interrupted_by = answers.interrupted_by;
  if (answers.upstream) {
    compare_with_upstream(catalogue, checks, expect, options.expect_auth, run.transcripts, *answers.upstream, report);
  }
  return report;
}

// Judges the folder of --replay.
int check_replay(const CheckOptions& options, const Catalogue& catalogue, const std::vector<const Check*>& checks,
                 const Expectations& expect, const Baseline& baseline, const std::vector<ReportWish>& wishes) {
  const auto answers = replay(options.replay, catalogue);
  if (!answers) return complain(answers.error(), kCannot);
  Report report = make_report(options, catalogue, checks, expect, baseline, *answers);
  if (report.nothing_measured.empty() && report.counts().measured() == 0) {
    report.nothing_measured = "the evidence holds nothing that the selected checks read";
  }
  return write_reports(report, wishes, options.verbose) ? report.exit_code() : kCannot;
}

// Nothing where no upstream is named.
Result<std::optional<Target>> upstream_of(const CheckOptions& options, const Target& target,
                                          const Expectations& expect) {
  if (options.upstream.url.empty()) return std::optional<Target>();
  auto made = make_upstream(options.upstream, target, expect);
  if (!made) return made.error();
  return std::optional<Target>(std::move(*made));
}

int check(const CheckOptions& options) {
  const auto catalogue = load_catalogue();
  if (!catalogue) return complain(catalogue.error(), kCannot);
  const auto expect = load_expectations(options.dialect);
  if (!expect) return complain(expect.error(), kUsage);
  Selection selection = options.selection;
  selection.api = expect->api;
  const auto checks = select_checks(*catalogue, selection);
  if (!checks) return complain(checks.error(), kUsage);
  const auto wishes = read_wishes(options.reports);
  if (!wishes) return complain(wishes.error(), kUsage);
  const auto baseline = baseline_of(options, *catalogue);
  if (!baseline) return complain(baseline.error(), kUsage);
  if (options.list) {
    std::cout << list_text(*checks);
    return 0;
  }
  if (!options.replay.empty()) return check_replay(options, *catalogue, *checks, *expect, *baseline, *wishes);
  const auto target = make_target(options, *catalogue, *expect);
  if (!target) return complain(target.error(), kUsage);
  const auto upstream = upstream_of(options, *target, *expect);
  if (!upstream) return complain(upstream.error(), kUsage);
  const Plan plan = make_plan(*catalogue, *checks);
  if (options.plan) {
    std::cout << plan_text(plan, target->origin() + target->base_path);
    if (*upstream) std::cout << "The same to " << (*upstream)->origin() << (*upstream)->base_path << ".\n";
    return 0;
  }
  if (!options.evidence.empty()) {
    if (const auto made = make_evidence_folder(options.evidence); !made) return complain(made.error(), kCannot);
  }
  const Answers answers = ask(options, *target, *upstream, *catalogue, plan);
  const auto saved = save(answers, options.evidence);
  const Report report = make_report(options, *catalogue, *checks, *expect, *baseline, answers);
  const bool written = write_reports(report, *wishes, options.verbose);
  if (!saved) return complain(saved.error(), kCannot);
  return written ? report.exit_code() : kCannot;
}

// "30s", "500ms", "2m".
std::string read_time(const std::string& text, std::chrono::milliseconds& into) {
  const std::size_t unit = text.find_first_not_of("0123456789");
  const std::string name = unit == std::string::npos ? "" : text.substr(unit);
  const long factor = name == "ms" ? 1 : name == "s" ? 1000 : name == "m" ? 60'000 : 0;
  if (unit == 0 || unit > 7 || factor == 0) return "expected a time such as 30s, 500ms or 2m, found '" + text + "'";
  into = std::chrono::milliseconds(std::stol(text.substr(0, unit)) * factor);
  return into.count() > 0 ? "" : "expected more than no time";
}

void add_target_options(CLI::App& command, CheckOptions& options) {
  command.add_option("url", options.url, "The base URL, such as http://127.0.0.1:8080/v1");
  command.add_option("--api-key", options.api_key, "The key; never printed or saved")->envname("MIMUS_API_KEY");
  command.add_option("--model", options.model, "The model for chat; the first usable one listed when not given");
  command.add_option("--model-for", options.models_for, "AREA=MODEL, for areas that need another model; repeatable")
      ->allow_extra_args(false);
  command
      .add_option("--dialect", options.dialect, "Whose documents the expectations come from: a name or a .json file")
      ->capture_default_str();
  command.add_option("--ca-file", options.ca_file, "Certificates (PEM) to trust besides the system's");
  command.add_flag("--expect-auth", options.expect_auth, "A target that takes calls without a key is wrong");
}

void add_run_options(CLI::App& command, CheckOptions& options) {
  command.add_option("--select", options.selection.select, "Only checks or areas whose id begins so; repeatable")
      ->allow_extra_args(false);
  command.add_option("--skip", options.selection.skip, "But not these; repeatable")->allow_extra_args(false);
  command.add_flag("--all", options.selection.all, "The areas that cost money or leave something behind as well");
  command.add_flag("--strict", options.strict, "Warnings count for the exit code");
  command.add_option("--max-requests", options.max_requests, "Send no more than this")->check(CLI::PositiveNumber);
  command.add_option("--max-tokens", options.max_tokens, "Spend no more than this, by estimate")
      ->check(CLI::PositiveNumber);
  command.add_option("--timeout", options.timeout_text, "For each request; the first gets twice that")
      ->capture_default_str()
      ->check([&options](const std::string& text) { return read_time(text, options.timeout); }, "TIME");
}

void add_output_options(CLI::App& command, CheckOptions& options) {
  command.add_option("--baseline", options.baseline, "Known failures, see docs/conformance.md");
  command
      .add_option(
          "--report", options.reports,
          "console (alone by default), json=FILE, junit=FILE, html=FILE, markdown=FILE or sarif=FILE; repeatable")
      ->allow_extra_args(false);
  command.add_option("--evidence", options.evidence, "Save every request and reply in this folder, new or empty");
  command.add_option("--replay", options.replay, "Judge the evidence in this folder instead of calling anyone");
  command.add_flag("--plan", options.plan, "Print what would be sent, and its cost");
  command.add_flag("--list", options.list, "Print the selected checks");
  command.add_flag("-v,--verbose", options.verbose, "Show what passed as well");
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Test whether an API behaves as documented");
  command->footer(
      "Examples:\n  mimus check http://127.0.0.1:8080/v1 --api-key sk-test\n  mimus check http://127.0.0.1:8080/v1 "
      "--report junit=report.xml\n  mimus check http://127.0.0.1:4000/v1 --api-key sk-gateway --upstream "
      "https://api.openai.com/v1 "
      "--upstream-key-env OPENAI_API_KEY");
  add_target_options(*command, *options);
  add_upstream_options(*command, options->upstream);
  add_run_options(*command, *options);
  add_output_options(*command, *options);
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace mimus::cli
