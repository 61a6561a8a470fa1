#include "conformance/run/plan.h"

#include <algorithm>

namespace mimus::conformance {
namespace {

// The first probe tells whether anything can be measured; a plain chat call does that best.
constexpr std::string_view kFirstCall = "chat";

void add_with_needs(const Catalogue& catalogue, const Probe& probe, Plan& plan, int depth) {
  if (std::find(plan.probes.begin(), plan.probes.end(), &probe) != plan.probes.end() || depth == 0) return;
  for (const std::string& need : probe.needs) add_with_needs(catalogue, *catalogue.find_probe(need), plan, depth - 1);
  plan.probes.push_back(&probe);
  plan.tokens += probe.tokens;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace

int Plan::requests() const {
  int count = 0;
  for (const Probe* probe : probes) count += probe->lead.empty() ? 1 : 2;
  return count;
}

Plan make_plan(const Catalogue& catalogue, const std::vector<const Check*>& checks, bool loopback) {
  constexpr int kDeepest = 8;
  Plan plan;
  std::vector<const Probe*> wanted;
  for (const Check* check : checks) {
    if (check->check_class == CheckClass::Loopback && !loopback) continue;
    for (const Probe* probe : catalogue.probes_of(*check)) wanted.push_back(probe);
  }
  const auto first = std::find_if(wanted.begin(), wanted.end(), [](const Probe* p) { return p->id == kFirstCall; });
  if (first != wanted.end()) add_with_needs(catalogue, **first, plan, kDeepest);
  for (const Probe& probe : catalogue.probes) {
    if (std::find(wanted.begin(), wanted.end(), &probe) != wanted.end()) {
      add_with_needs(catalogue, probe, plan, kDeepest);
    }
  }
  return plan;
}

std::string plan_text(const Plan& plan, const std::string& base_url) {
  std::string out = "Requests to " + base_url + ", one after the other:\n\n";
  for (const Probe* probe : plan.probes) {
    const std::string tokens = probe->tokens > 0 ? "~" + std::to_string(probe->tokens) + " tokens" : "";
    out += "  " + padded(probe->id, 30) + padded(probe->method + " " + probe->path, 40) + padded(tokens, 14) +
           probe->why + "\n";
  }
  // What connecting and reading take besides is little: ten seconds of room.
  const int minutes = (plan.requests() * 2 + 10 + 59) / 60;
  return out + "\n" + std::to_string(plan.requests()) + " requests, about " + std::to_string(plan.tokens) +
         " tokens in and out (an estimate): at most " + std::to_string(minutes) +
         " min where each reply takes 2 s. A refused request may be sent once more.\n";
}

}  // namespace mimus::conformance
