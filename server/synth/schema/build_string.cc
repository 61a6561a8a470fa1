#include <algorithm>

#include "api/json_writer.h"
#include "server/char_class.h"
#include "server/synth/prose.h"
#include "server/synth/schema/format.h"
#include "server/synth/schema/instance_builder.h"
#include "server/synth/schema/named_values.h"

namespace mimus::server {
namespace {

constexpr int kTries = 96;
constexpr std::size_t kMostPatternChars = 1'000;
constexpr std::size_t kStepChars = 4;  // characters of a tried text that cost a step of the budget

void append_string(std::string_view text, std::string& out) {
  out.push_back('"');
  append_escaped(text, out);
  out.push_back('"');
}

// Formats whose usual texts may be too long for a field.
std::string_view shortest_of(std::string_view format) {
  if (format == "email" || format == "idn-email") return "a@b.io";
  if (format == "hostname" || format == "idn-hostname") return "b.io";
  if (format == "uri" || format == "url" || format == "iri") return "http://b.io";
  if (format == "ipv4") return "192.0.2.1";
  if (format == "ipv6") return "::1";
  if (format == "duration") return "P1D";
  return {};
}

std::size_t as_size(double value) {
  return value < 1e9 ? static_cast<std::size_t>(std::max(value, 0.0)) : 1'000'000'000;
}

}  // namespace

// A text of the usual kind, made longer with prose and cut, so that its length is in range.
std::string InstanceBuilder::usual_string(Slot slot, std::size_t least, std::size_t most) {
  std::string text = named_string(wants_variety_ ? "" : slot.name, rng_, topics_);
  if (wants_variety_) text = std::to_string(1 + rng_.below(99'999)) + " " + text;
  if (text.size() < least) {  // at least as many bytes as characters
    text.push_back(' ');
    append_prose(rng_.next(), topics_, static_cast<std::int64_t>(least), text);
  }
  std::string_view kept = first_chars(text, most);
  if (kept.size() < text.size()) {
    const std::size_t end = kept.find_last_not_of(' ');
    const std::string_view trimmed = kept.substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (count_chars(trimmed) >= least) kept = trimmed;
  }
  return std::string(kept);
}

bool InstanceBuilder::build_string(const SchemaParts& open, Slot slot, std::string& out) {
  const std::size_t least = as_size(largest(open, "minLength").value_or(0));
  const std::size_t most = as_size(smallest(open, "maxLength").value_or(1e9));
  if (least > most) return fail("minLength " + std::to_string(least) + " is above maxLength " + std::to_string(most));
  if (least > kMostChars) return fail("a minLength above " + std::to_string(kMostChars) + " is not supported");
  if (has(open, "pattern") || has(open, "format")) return build_shaped_string(open, slot, out);
  const std::size_t strayed =
      slot.stray % 3 == 2 ? std::min(most, std::max<std::size_t>(least, 20 * slot.stray)) : least;
  std::string text =
      usual_string(slot, strayed, slot.stray % 3 == 1 && slot.stray > 3 ? std::max<std::size_t>(least, 1) : most);
  while (count_chars(text) < least) text += "a";  // characters of several bytes were counted as one each
  append_string(text, out);
  return true;
}

// Texts by the formats and patterns in turn, until one satisfies everything.
bool InstanceBuilder::build_shaped_string(const SchemaParts& open, Slot slot, std::string& out) {
  const std::size_t least = as_size(largest(open, "minLength").value_or(0));
  const std::size_t most = as_size(smallest(open, "maxLength").value_or(1e9));
  const std::vector<Json> formats = all_of(open, "format");
  std::vector<const Pattern*> patterns;
  for (const Json text : all_of(open, "pattern")) {
    const Result<Pattern>& parsed = patterns_[text.string_or("")];
    if (!parsed) return fail(parsed.error().message);
    if (std::max(parsed->shortest(), least) > kMostPatternChars) {
      return fail("a pattern whose texts have more than " + std::to_string(kMostPatternChars) +
                  " characters is not supported");
    }
    patterns.push_back(&*parsed);
  }
  const auto good = [&](std::string_view text) {
    const std::size_t size = count_chars(text);
    return size >= least && size <= most &&
           std::all_of(patterns.begin(), patterns.end(), [&](const Pattern* p) { return p->matches(text); }) &&
           std::all_of(formats.begin(), formats.end(), [&](Json f) { return fits_format(f.string_or(""), text); });
  };
  const auto candidate = [&](int i) -> std::string {
    const auto number = static_cast<std::size_t>(i);
    if (number % 2 == 0 && !formats.empty()) {
      const std::string_view format = formats[number / 2 % formats.size()].string_or("");
      if (i > kTries / 2 && !shortest_of(format).empty()) return std::string(shortest_of(format));
      if (auto text = write_format(format, rng_, topics_)) return *text;
    }
    if (patterns.empty() || (i == 0 && !slot.name.empty())) return usual_string(slot, least, most);
    const Pattern& pattern = *patterns[number / 2 % patterns.size()];
    if (i < 4) return pattern.write(rng_);
    const std::size_t from = std::max(least, pattern.shortest());
    const std::size_t to = std::max(from, std::min(most, from + number * 2));
    return pattern.write(
        rng_, static_cast<std::size_t>(rng_.between(static_cast<std::int64_t>(from), static_cast<std::int64_t>(to))));
  };
  for (int i = 0; i < kTries; ++i) {
    const std::string text = candidate(i);
    const std::size_t size = count_chars(text);
    budget_ -= static_cast<int>(std::min<std::size_t>(size, kMostChars) / kStepChars);
    if (is_exhausted()) break;
    const std::string padding(size < least ? least - size : 0, 'a');
    for (const std::string& variant : {text, padding + text, text + padding, std::string(first_chars(text, most))}) {
      if (good(variant)) return append_string(variant, out), true;
    }
  }
  return fail("found no text that fits format, pattern and length together");
}

}  // namespace mimus::server
