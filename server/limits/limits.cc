#include "server/limits/limits.h"

#include <algorithm>

#include "server/limits/limit_headers.h"
#include "server/limits/request_sketch.h"

namespace mimus::server {
namespace {

using PlanRows = std::map<std::string, MinuteLimits, std::less<>>;

// Where a dialect has no classes of its own, everything counts together.
constexpr std::string_view kOnlyClass = "api";

const PlanRows* find_plan(const Dialect& dialect, const std::string& plan) {
  const auto found = dialect.limits.plans.find(plan);
  return found == dialect.limits.plans.end() ? nullptr : &found->second;
}

std::string plan_names(std::span<const Dialect* const> dialects) {
  std::string names;
  for (const Dialect* dialect : dialects) {
    for (const auto& [plan, rows] : dialect->limits.plans) {
      names += (names.empty() ? "" : ", ") + plan + " (" + dialect->name + ")";
    }
  }
  return names;
}

Result<Done> check_plan(const LimitOptions& options, std::span<const Dialect* const> dialects) {
  if (options.plan.empty()) return Done{};
  bool is_known = false;
  bool has_numbers = options.requests || options.tokens;
  for (const Dialect* dialect : dialects) {
    const PlanRows* rows = find_plan(*dialect, options.plan);
    if (rows == nullptr) continue;
    is_known = true;
    has_numbers = has_numbers || !rows->empty();
  }
  if (!is_known) {
    const std::string names = plan_names(dialects);
    return Error{Errc::BadInput,
                 names.empty() ? "no dialect here documents plans, found \"" + options.plan + "\""
                               : "expected one of " + names + ", found \"" + options.plan + "\"",
                 "--plan"};
  }
  if (has_numbers) return Done{};
  return Error{Errc::BadInput,
               "the numbers of \"" + options.plan + "\" are set by contract: give yours with --rpm and --tpm",
               "--plan"};
}

std::string_view class_of(const LimitRules& rules, const std::string& operation) {
  return rules.classes.empty() ? kOnlyClass : rules.class_of(operation);
}

MinuteLimits limits_of(const Dialect& dialect, std::string_view limit_class, const LimitOptions& options) {
  MinuteLimits limits;
  if (const PlanRows* rows = find_plan(dialect, options.plan)) {
    if (const auto row = rows->find(limit_class); row != rows->end()) limits = row->second;
  }
  if (options.requests) limits.requests = options.requests;
  if (options.tokens) limits.tokens = options.tokens;
  return limits;
}

}  // namespace

Result<std::unique_ptr<Limits>> Limits::create(const LimitOptions& options, std::span<const Dialect* const> dialects) {
  auto limits = std::make_unique<Limits>();
  if (auto done = check_plan(options, dialects); !done) return done.error();
  if (!options.any()) return limits;
  for (const Dialect* dialect : dialects) limits->add(*dialect, options);
  return limits;
}

void Limits::add(const Dialect& dialect, const LimitOptions& options) {
  const LimitRules& rules = dialect.limits;
  vendors_.push_back({&dialect, std::make_unique<RateLimiter>(rules.time)});
  for (const Endpoint& endpoint : dialect.endpoints) {
    const std::string_view limit_class = class_of(rules, endpoint.operation);
    if (limit_class.empty()) continue;
    const MinuteLimits limits = limits_of(dialect, limit_class, options);
    if (!limits.requests && !limits.tokens) continue;
    counters_[&endpoint] = {vendors_.back().limiter.get(), &rules, std::string(limit_class), limits,
                            rules.is_counted(endpoint.operation)};
  }
}

Limits::Admission Limits::admit(const Counter& counter, std::string_view key, std::string_view body, WallTime now) {
  Admission admission;
  admission.counter = &counter;
  admission.at = now;
  if (!counter.is_counted) {
    admission.decision = counter.limiter->look(key, counter.limit_class, counter.limits, now);
    return admission;
  }
  if (counter.limits.tokens) admission.estimated = sketch_request(body).tokens;
  admission.decision = counter.limiter->admit(key, counter.limit_class, counter.limits, {1, admission.estimated}, now);
  if (!admission.decision.is_admitted()) admission.model = sketch_request(body).model;
  return admission;
}

void Limits::settle(const Admission& admission, std::string_view key, std::optional<std::int64_t> used, WallTime now) {
  const Counter& counter = *admission.counter;
  if (!used || !counter.is_counted || !admission.decision.is_admitted()) return;
  counter.limiter->settle(key, counter.limit_class, counter.limits, admission.estimated, *used, admission.at, now);
}

void Limits::reset() {
  for (const Vendor& vendor : vendors_) vendor.limiter->reset();
}

std::vector<Limits::Shown> Limits::snapshot(WallTime now, std::size_t most) const {
  std::vector<Shown> shown;
  for (const Vendor& vendor : vendors_) {
    for (CounterState& state : vendor.limiter->snapshot(now, most)) {
      shown.push_back({vendor.dialect->name, std::move(state)});
    }
  }
  return shown;
}

RateLimiter::Stats Limits::stats() const {
  RateLimiter::Stats sum;
  for (const Vendor& vendor : vendors_) {
    const RateLimiter::Stats stats = vendor.limiter->stats();
    sum.keys += stats.keys;
    sum.evicted += stats.evicted;
  }
  return sum;
}

Refusal limit_refusal(const Limits::Admission& admission) {
  Refusal refusal{std::string(limit_situation(admission.decision.verdict)), limit_args(admission.decision)};
  refusal.args.emplace_back("model", admission.model.empty() ? "the default model" : admission.model);
  return refusal;
}

std::vector<Header> limit_headers(const Limits::Admission& admission, int status) {
  const LimitRules& rules = *admission.counter->rules;
  const bool is_silent = std::find(rules.silent_on.begin(), rules.silent_on.end(), status) != rules.silent_on.end();
  return is_silent ? std::vector<Header>() : limit_headers(rules.headers, admission.decision, admission.at);
}

}  // namespace mimus::server
