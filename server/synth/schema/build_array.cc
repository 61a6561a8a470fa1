#include <algorithm>

#include "server/synth/schema/instance_builder.h"

namespace mimus::server {
namespace {

constexpr int kShallow = 2;  // levels that get more elements than they need
constexpr std::uint32_t kUsualElements = 3;
constexpr int kDifferentTries = 60;  // for one element that has to differ from the others

bool is_false(Json schema) {
  return schema.is_bool() && !schema.as_bool();
}

// What one part demands of element `index`.
Json element_rule(Json part, std::size_t index) {
  const Json items = part.find("items");
  const Json first = items.is_array() ? items : part.find("prefixItems");  // draft 7, 2020-12
  if (index < first.size()) return first.at(index);
  if (items.is_array()) return part.find("additionalItems");
  return items ? items : part.find("unevaluatedItems");
}

std::size_t most_elements(const SchemaParts& open) {
  const double most = std::min(smallest(open, "maxItems").value_or(1e6), 1e6);
  std::size_t count = static_cast<std::size_t>(std::max(most, 0.0));
  for (const Json part : open) {
    const Json items = part.find("items");
    const std::size_t first = items.is_array() ? items.size() : part.find("prefixItems").size();
    for (std::size_t i = 0; i <= first && i < count; ++i) {
      if (is_false(element_rule(part, i))) count = i;
    }
  }
  return count;
}

// The schemas that some elements have to satisfy, one entry for each such element.
std::vector<Json> contained(const SchemaParts& open) {
  std::vector<Json> wanted;
  for (const Json part : open) {
    const Json schema = part.find("contains");
    if (!schema) continue;
    const auto count =
        static_cast<std::size_t>(std::clamp(part.find("minContains").double_or(1), 0.0, 1.0 * kMostElements));
    wanted.insert(wanted.end(), count, schema);
  }
  return wanted;
}

std::size_t tuple_size(const SchemaParts& open) {
  std::size_t size = 0;
  for (const Json part : open) {
    const Json items = part.find("items");
    size = std::max(size, items.is_array() ? items.size() : part.find("prefixItems").size());
  }
  return size;
}

}  // namespace

bool InstanceBuilder::build_array(const SchemaParts& open, Slot slot, std::string& out) {
  const std::vector<Json> wanted = contained(open);
  const double minimum = largest(open, "minItems").value_or(0);
  if (minimum > static_cast<double>(kMostElements)) {
    return fail("minItems above " + std::to_string(kMostElements) + " is not supported");
  }
  const auto least = static_cast<std::size_t>(std::max(minimum, wanted.empty() ? 0.0 : 1.0));
  const std::size_t most = most_elements(open);
  if (least > most) {
    return fail("an array of " + std::to_string(least) + " elements is required, " + std::to_string(most) +
                " are allowed");
  }
  std::size_t usual = std::max({least, wanted.size(), tuple_size(open)});
  if (slot.depth <= kShallow && tuple_size(open) == 0)
    usual = std::max<std::size_t>(usual, 1 + rng_.below(kUsualElements));
  if (slot.stray > 1)
    usual = std::max<std::size_t>(least, usual + rng_.below(slot.stray) - std::min<std::size_t>(usual, slot.stray / 2));
  const std::size_t count = std::min(most, usual);

  const auto uniques = all_of(open, "uniqueItems");
  const bool unique = std::any_of(uniques.begin(), uniques.end(), [](Json u) { return u.bool_or(false); });
  std::vector<std::string> seen;
  const std::size_t start = out.size();
  const std::size_t place = place_.size();
  out.push_back('[');
  for (std::size_t i = 0; i < count; ++i) {
    SchemaParts parts;
    for (const Json part : open) parts.push_back(element_rule(part, i));
    for (std::size_t w = i; w < wanted.size(); w += count) parts.push_back(wanted[w]);
    place_ += "/" + std::to_string(i);
    const std::size_t before = out.size();
    if (i > 0) out.push_back(',');
    const std::size_t element = out.size();
    const bool built = build_element(parts, {slot.name, slot.depth + 1, slot.stray}, unique ? &seen : nullptr, out);
    place_.resize(place);
    if (!built) {
      out.resize(before);
      if (i >= std::max(least, wanted.size())) break;
      return out.resize(start), false;
    }
    if (unique) seen.push_back(out.substr(element));
  }
  out.push_back(']');
  return true;
}

bool InstanceBuilder::build_element(const SchemaParts& parts, Slot slot, const std::vector<std::string>* seen,
                                    std::string& out) {
  const std::size_t start = out.size();
  const bool wanted_variety = wants_variety_;
  for (int i = 0; i < (seen == nullptr ? 1 : kDifferentTries); ++i) {
    wants_variety_ = wanted_variety || i > 4;
    const std::uint32_t stray = slot.stray + (i > 4 ? static_cast<std::uint32_t>(i) : 0);
    const bool built = build(parts, {slot.name, slot.depth, stray}, out);
    wants_variety_ = wanted_variety;
    if (!built) return false;
    if (seen == nullptr || std::find(seen->begin(), seen->end(), out.substr(start)) == seen->end()) return true;
    out.resize(start);
  }
  return fail("found no further element that differs from the others");
}

}  // namespace mimus::server
