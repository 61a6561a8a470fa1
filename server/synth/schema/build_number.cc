#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "server/synth/schema/instance_builder.h"
#include "server/synth/schema/named_values.h"

namespace mimus::server {

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExact = 9'007'199'254'740'992;  // 2^53: up to here doubles count one by one
constexpr int kStepTries = 2'000;
constexpr int kFinest = 12;  // decimal places
constexpr int kDraws = 8;
}  // namespace

struct InstanceBuilder::Bounds {
  double low = -kInfinity;
  double high = kInfinity;
  bool low_is_out = false;  // exclusive
  bool high_is_out = false;

  [[nodiscard]] bool hold(double value) const {
    return (low_is_out ? value > low : value >= low) && (high_is_out ? value < high : value <= high);
  }
  void raise(double to, bool out) {
    if (to < low || (to == low && low_is_out)) return;
    low = to;
    low_is_out = out;
  }
  void lower(double to, bool out) {
    if (to > high || (to == high && high_is_out)) return;
    high = to;
    high_is_out = out;
  }
};

namespace {

// The shortest decimal that reads back; whole numbers without a point.
void append_number(double value, std::string& out) {
  std::array<char, 32> text;
  const bool whole = value == std::trunc(value) && std::fabs(value) < kExact;
  const auto end = whole ? std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(value)).ptr
                         : std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

std::string spelled(double value) {
  std::string text;
  append_number(value, text);
  return text;
}

// [low, high] in units, moved into the bounds (also in units): what both have in common, else the nearest stretch.
std::pair<double, double> moved_into(double low, double high, double least, double most) {
  const double span = high - low;
  if (high < least || low > most) {
    low = high < least ? least : most - span;
    high = low + span;
  }
  return {std::max(low, least), std::min(high, most)};
}

// A whole number in [low, high]; both are whole and exact as doubles.
double draw(Rng& rng, double low, double high) {
  low = std::max(low, -kExact);
  high = std::min(high, kExact);
  if (low >= high) return low;
  return static_cast<double>(rng.between(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)));
}

// Larger after some failures, and below zero every other time.
UsualRange strayed(UsualRange range, std::uint32_t stray) {
  if (stray < 2) return range;
  for (std::uint32_t i = stray / 2 % 6; i > 0; --i) {
    range.low = range.high + 1;
    range.high *= 10;
  }
  return stray % 2 == 0 ? range : UsualRange{-range.high, -range.low, range.scale};
}

}  // namespace

bool InstanceBuilder::build_number(const SchemaParts& open, Slot slot, bool whole, std::string& out) {
  Bounds bounds;
  for (const Json part : open) {
    const Json low = part.find("minimum");
    const Json high = part.find("maximum");
    const Json above = part.find("exclusiveMinimum");  // draft 4: a flag on minimum
    const Json below = part.find("exclusiveMaximum");
    if (low.is_number()) bounds.raise(low.as_double(), above.bool_or(false));
    if (high.is_number()) bounds.lower(high.as_double(), below.bool_or(false));
    if (above.is_number()) bounds.raise(above.as_double(), true);
    if (below.is_number()) bounds.lower(below.as_double(), true);
  }
  if (bounds.low > bounds.high || (bounds.low == bounds.high && !bounds.hold(bounds.low))) {
    return fail("no number lies between " + spelled(bounds.low) + " and " + spelled(bounds.high));
  }
  const std::vector<Json> steps = all_of(open, "multipleOf");
  return steps.empty() ? build_decimal(bounds, slot, whole, out) : build_multiple(steps, bounds, whole, out);
}

// Multiples of the largest step, from a random one on, until one is a multiple of the others as well. Validators
// divide in binary arithmetic, where 0.07 is no multiple of 0.01: such multiples are passed over.
bool InstanceBuilder::build_multiple(const std::vector<Json>& steps, const Bounds& bounds, bool whole,
                                     std::string& out) {
  double step = 0;
  for (const Json one : steps) step = std::max(step, one.double_or(0));
  if (!(step > 0)) return fail("multipleOf has to be above 0");
  const auto good = [&](double value) {
    return bounds.hold(value) && (!whole || value == std::trunc(value)) &&
           std::all_of(steps.begin(), steps.end(), [&](Json s) { return is_multiple(value, s.double_or(1)); });
  };
  const double usual = std::max(20.0, std::ceil(10 / step));
  const auto [low, high] =
      moved_into(1, std::min(usual, 1e9), std::ceil(bounds.low / step), std::floor(bounds.high / step));
  const double parts = std::round(1 / step);
  const double first = draw(rng_, low, high);
  for (int i = 0; i < kStepTries; ++i) {
    const double up = first + i;
    const double down = first - i;
    for (const double count : {up, down}) {
      for (const double value : {count * step, count / parts}) {
        if (good(value)) return append_number(value, out), true;
      }
    }
  }
  return fail("found no multiple of " + spelled(step) + " between " + spelled(bounds.low) + " and " +
              spelled(bounds.high));
}

// A usual value where the bounds allow it, with few decimal places; more of them only where the bounds are that close.
bool InstanceBuilder::build_decimal(const Bounds& bounds, Slot slot, bool whole, std::string& out) {
  const UsualRange usual = strayed(usual_range(slot.name, whole), slot.stray);
  double scale = static_cast<double>(usual.scale);
  int places = 0;
  // A narrow range has few numbers with few places: after many failures, begin with more.
  for (std::uint32_t more = std::min(slot.stray / 10, 4U); more > 0 && !whole; --more, ++places) scale *= 10;
  for (; places <= (whole ? 0 : kFinest); ++places, scale *= 10) {
    const double stretch = scale / static_cast<double>(usual.scale);
    const auto [low, high] =
        moved_into(static_cast<double>(usual.low) * stretch, static_cast<double>(usual.high) * stretch,
                   std::ceil(bounds.low * scale), std::floor(bounds.high * scale));
    for (int i = 0; low <= high && i < kDraws; ++i) {
      // The last draws are the ends: a range may hold one number only.
      const double count = i == kDraws - 1 ? low : i == kDraws - 2 ? high : draw(rng_, low, high);
      if (bounds.hold(count / scale)) return append_number(count / scale, out), true;
    }
  }
  if (whole) return fail("no integer lies between " + spelled(bounds.low) + " and " + spelled(bounds.high));
  for (const double value : {bounds.low + (bounds.high - bounds.low) / 2, bounds.low, bounds.high}) {
    if (std::isfinite(value) && bounds.hold(value)) return append_number(value, out), true;
  }
  return fail("found no number between " + spelled(bounds.low) + " and " + spelled(bounds.high));
}

}  // namespace mimus::server
