#include "server/match/lint.h"

#include <algorithm>
#include <map>
#include <set>

#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/match/fixture_reader.h"
#include "server/match/sayable.h"
#include "server/match/shadow.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostCompared = 20'000;  // fixtures: comparing is quadratic

class Linter {
 public:
  explicit Linter(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  LintResult run(const std::vector<FileStamp>& files) {
    for (const FileStamp& file : files) read(file);
    result_.fixtures = fixtures_.size();
    find_repeated_names();
    for (const FixturePtr& fixture : fixtures_) judge_alone(*fixture);
    judge_together();
    return std::move(result_);
  }

 private:
  void report(std::string where, std::string message) {
    if (result_.findings.size() < kMostFindings) {
      result_.findings.push_back({std::move(where), std::move(message)});
    } else {
      ++result_.left_out;
    }
  }

  // `pointer` is one inside the fixture: "/name".
  void report(const Fixture& fixture, const std::string& pointer, std::string message) {
    const std::size_t split = fixture.origin.rfind(": ");
    const std::string file = fixture.origin.substr(0, split);
    const Error error{Errc::BadInput, "", fixture.origin.substr(split + 2) + pointer};
    if (result_.findings.size() >= kMostFindings) return report("", std::move(message));
    const auto text = read_file(file, kMostFixtureBytes);  // read again: nothing is kept for the rare finding
    report(text ? placed_in_file(error, file, *text).where : fixture.origin, std::move(message));
  }

  void read(const FileStamp& file) {
    const auto text = read_file(file.file, kMostFixtureBytes);
    if (!text) return report(text.error().where, text.error().message);
    std::vector<Fixture> fixtures = read_fixtures(*text, file.file.string(), vocabulary_, [this](const Error& error) {
      report(error.where, error.message);
      return result_.findings.size() < kMostFindings;
    });
    for (Fixture& fixture : fixtures) fixtures_.push_back(std::make_shared<const Fixture>(std::move(fixture)));
  }

  void find_repeated_names() {
    std::map<std::string_view, const Fixture*> first;
    for (const FixturePtr& fixture : fixtures_) {
      for (const StateValue& state : fixture->set) states_set_.insert(state.name + "=" + state.value);
      if (fixture->name.empty()) continue;
      const auto [seen, is_new] = first.emplace(fixture->name, fixture.get());
      if (!is_new) report(*fixture, "/name", "the name is given twice, first in " + seen->second->origin);
    }
  }

  void judge_alone(const Fixture& fixture) {
    if (const auto problem = contradiction_in(fixture.when)) report(fixture, "/when", *problem);
    if (const std::string endpoint = unsayable_endpoint(fixture); !endpoint.empty()) {
      report(fixture, "/when/endpoint",
             "never matches: " + endpoint + " can say " + std::string(sayable_at(endpoint)) +
                 ", and the reply is something else");
    }
    for (const StateValue& state : fixture.when.states) {
      if (state.value.empty() || states_set_.contains(state.name + "=" + state.value)) continue;
      report(fixture, "/when/state", "never matches: no fixture sets \"" + state.name + "=" + state.value + "\"");
    }
    const bool never_cycles = fixture.times && *fixture.times < fixture.replies.size();
    if (never_cycles) {
      report(fixture, "/times",
             "with times " + std::to_string(*fixture.times) + " the replies from the " +
                 std::to_string(*fixture.times + 1) + ". on are never given");
    }
  }

  void judge_together() {
    if (fixtures_.size() > kMostCompared) {
      report("", "more than " + std::to_string(kMostCompared) +
                     " fixtures: they are not searched for shadowed ones (lint them in parts)");
      return;
    }
    const Matcher matcher(fixtures_);
    for (std::size_t rank = 0; rank < matcher.ranked().size(); ++rank) {
      const Fixture* above = shadow_of(matcher, rank);
      if (above == nullptr) continue;
      const std::string why = above->priority > matcher.ranked()[rank]->priority ? "has the higher priority"
                              : above->when.size() > matcher.ranked()[rank]->when.size()
                                  ? "has more conditions"
                                  : "stands earlier with as many conditions";
      report(
          *matcher.ranked()[rank], "",
          "never used: " + title_of(*above) + " (" + above->origin + ") matches whatever this one matches, and " + why);
    }
  }

  const Vocabulary& vocabulary_;
  LintResult result_;
  std::vector<FixturePtr> fixtures_;
  std::set<std::string> states_set_;
};

}  // namespace

LintResult lint(const std::vector<FileStamp>& files, const Vocabulary& vocabulary) {
  return Linter(vocabulary).run(files);
}

}  // namespace mimus::server
