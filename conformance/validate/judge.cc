#include "conformance/validate/judge.h"

#include <algorithm>
#include <map>
#include <set>

#include "conformance/run/reply_kind.h"
#include "conformance/validate/curl.h"
#include "conformance/validate/gate.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kLongestBytes = 600;

Verdict verdict_of_broken(Level level, Verdict at_most) {
  const Verdict by_level = level == Level::Must     ? Verdict::Fail
                           : level == Level::Should ? Verdict::Warn
                                                    : Verdict::Info;
  return std::max(by_level, at_most);  // the enumerators run from grave to mild
}

Verdict verdict_of(const Finding& finding, Level level) {
  switch (finding.kind) {
    case Finding::Kind::Holds:
      return Verdict::Pass;
    case Finding::Kind::Broken:
      return verdict_of_broken(level, finding.at_most);
    case Finding::Kind::Note:
      return Verdict::Info;
    case Finding::Kind::NotApplicable:
      return Verdict::Skip;
    case Finding::Kind::Undecided:
      return Verdict::Inconclusive;
    case Finding::Kind::Failed:
      return Verdict::Error;
  }
  return Verdict::Error;
}

// How much a finding says: the most telling one stands for all transcripts of a check.
int weight(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::Failed:
      return 6;
    case Finding::Kind::Broken:
      return finding.at_most == Verdict::Fail ? 5 : finding.at_most == Verdict::Warn ? 4 : 3;
    case Finding::Kind::Note:
      return 2;
    default:
      return 1;
  }
}

Finding judge_each(const TranscriptList& list, const Rule& rule, Json args, const Scene& scene) {
  std::vector<Finding> findings;
  for (const Transcript* transcript : list) findings.push_back(rule.one(*transcript, args, scene));
  const auto worst = std::max_element(findings.begin(), findings.end(),
                                      [](const Finding& a, const Finding& b) { return weight(a) < weight(b); });
  Finding finding = *worst;
  const auto broken_count =
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.kind == Finding::Kind::Broken; });
  if (finding.kind == Finding::Kind::Broken && broken_count > 1) {
    finding.found += " (and " + std::to_string(broken_count - 1) + " more replies)";
  }
  if (finding.kind == Finding::Kind::Holds || weight(finding) > 1) return finding;
  const bool any_holds =
      std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.kind == Finding::Kind::Holds; });
  return any_holds ? holds() : finding;
}

// What a target says by itself tells nothing of what it makes of its upstream.
std::optional<Finding> why_unseen(TranscriptList& list, const Scene& scene) {
  const auto unseen = std::find_if(list.begin(), list.end(), [](const Transcript* t) { return t->upstream.empty(); });
  if (unseen == list.end()) return std::nullopt;
  std::string why = no_upstream_call(scene.facts.loopback_port);
  if ((*unseen)->status() >= 300) {
    why += " (it answered HTTP " + std::to_string((*unseen)->status()) + ": " + refusal_text(**unseen) + ")";
  }
  std::erase_if(list, [](const Transcript* t) { return t->upstream.empty(); });
  return undecided(std::move(why));
}

Finding run_rule(const Catalogue& catalogue, const Check& check, const Scene& scene) {
  const Rule* rule = find_rule(check.rule);
  if (rule == nullptr) return {Finding::Kind::Failed, "", "", "no rule \"" + check.rule + "\"", {}, Verdict::Fail};
  TranscriptList list;
  std::optional<Finding> stopped;
  for (const Probe* probe : catalogue.probes_of(check)) {
    const Transcript* transcript = scene.find(probe->id);
    auto stop = transcript == nullptr ? std::optional(undecided(probe->id + " was not sent"))
                                      : gate(*transcript, check.gate, scene);
    if (!stop) list.push_back(transcript);
    if (stop && (!stopped || stopped->kind == Finding::Kind::NotApplicable)) stopped = std::move(stop);
  }
  if (check.check_class == CheckClass::Loopback && !stopped) stopped = why_unseen(list, scene);
  // A rule that compares needs all its transcripts; one that looks at each takes what there is.
  if (stopped && (list.empty() || rule->all != nullptr)) return *stopped;
  return rule->all != nullptr ? rule->all(list, check.args.root(), scene)
                              : judge_each(list, *rule, check.args.root(), scene);
}

std::string bytes_at(const Place& place, const Scene& scene) {
  const Transcript* transcript = scene.find(place.probe);
  if (transcript == nullptr || !transcript->has_head) return {};
  std::string text;
  if (place.at.starts_with("upstream")) {
    text = told(transcript->upstream);
  } else if (place.block) {
    text = transcript->block_text(*place.block);
  } else {
    const std::string_view raw = transcript->recording.raw;
    const std::size_t head_end = raw.find("\r\n\r\n");
    const bool whole_head = place.at.starts_with("header") || head_end == std::string_view::npos;
    text = whole_head ? std::string(raw) : std::string(raw.substr(0, raw.find("\r\n"))) + "\n\n" + transcript->body;
  }
  if (text.size() > kLongestBytes) text = text.substr(0, kLongestBytes) + "...";
  return text;
}

const std::string* broken_before(const Check& check, const std::set<std::string>& broken_ids) {
  for (const std::string& earlier : check.after) {
    if (broken_ids.count(earlier) > 0) return &earlier;
  }
  return nullptr;
}

Outcome judge_check(const Catalogue& catalogue, const Check& check, const Scene& scene,
                    std::set<std::string>& broken_ids) {
  Outcome outcome;
  outcome.check = &check;
  Finding finding;
  if (check.check_class == CheckClass::Loopback && scene.facts.loopback_port == 0) {
    finding = not_applicable("needs mimus as the upstream of the target (--loopback)");
  } else if (const std::string* earlier = broken_before(check, broken_ids)) {
    finding = not_applicable("blocked by " + *earlier);
    broken_ids.insert(check.id);
  } else if (!scene.expect.agrees(check.where.root())) {
    finding = not_applicable("the documents of " + scene.expect.dialect + " do not ask for it");
  } else {
    finding = run_rule(catalogue, check, scene);
  }
  if (finding.kind == Finding::Kind::Broken) broken_ids.insert(check.id);
  outcome.verdict = verdict_of(finding, check.level);
  outcome.expected = std::move(finding.expected);
  outcome.found = std::move(finding.found);
  outcome.reason = std::move(finding.reason);
  outcome.place = std::move(finding.place);
  if (const Transcript* transcript = scene.find(outcome.place.probe)) {
    outcome.curl = curl_line(transcript->recording.request, scene.facts.base_url);
    outcome.bytes = bytes_at(outcome.place, scene);
  }
  return outcome;
}

// Judges each check once, those it comes after first, wherever they stand.
class Bench {
 public:
  Bench(const Catalogue& catalogue, const std::vector<const Check*>& checks, const Scene& scene)
      : catalogue_(catalogue), checks_(checks), scene_(scene) {}

  std::vector<Outcome> all() {
    std::vector<Outcome> outcomes;
    for (const Check* check : checks_) judge_with_earlier(*check);
    for (const Check* check : checks_) outcomes.push_back(std::move(done_.at(check->id)));
    return outcomes;
  }

 private:
  void judge_with_earlier(const Check& check) {
    if (!begun_.insert(check.id).second) return;  // done, or a circle, which the order of the catalogue then breaks
    for (const Check* other : checks_) {
      if (std::find(check.after.begin(), check.after.end(), other->id) != check.after.end()) judge_with_earlier(*other);
    }
    done_.emplace(check.id, judge_check(catalogue_, check, scene_, broken_));
  }

  const Catalogue& catalogue_;
  const std::vector<const Check*>& checks_;
  const Scene& scene_;
  std::set<std::string> begun_;
  std::set<std::string> broken_;  // and those that were blocked by one
  std::map<std::string, Outcome> done_;
};

}  // namespace

std::vector<Outcome> judge(const Catalogue& catalogue, const std::vector<const Check*>& checks, const Scene& scene) {
  return Bench(catalogue, checks, scene).all();
}

}  // namespace mimus::conformance
