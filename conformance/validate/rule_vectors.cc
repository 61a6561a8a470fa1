// Rules about embeddings. Values are compared with each other only: what a text's vector is, is the model's affair.
#include <algorithm>
#include <cmath>

#include "api/object_reader.h"
#include "conformance/validate/base64.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

using Vector = std::vector<double>;

// By the index that each item says, or by its place; an unreadable one is empty.
std::vector<Vector> vectors_of(const Transcript& transcript) {
  std::vector<Vector> vectors(transcript.json().find("data").size());
  std::size_t place = 0;
  for (const Json item : transcript.json().find("data").elements()) {
    const auto index = static_cast<std::size_t>(item.find("index").int_or(static_cast<std::int64_t>(place++)));
    if (index >= vectors.size()) continue;
    const Json embedding = item.find("embedding");
    for (const Json number : embedding.elements()) vectors[index].push_back(number.double_or(std::nan("")));
    if (!embedding.is_string()) continue;
    const auto bytes = read_base64(embedding.as_string());
    const auto floats = bytes ? read_floats(*bytes) : std::nullopt;
    if (floats) vectors[index] = *floats;
  }
  return vectors;
}

double distance(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return HUGE_VAL;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

double length(const Vector& v) {
  return distance(v, Vector(v.size(), 0.0));
}

Place at_item(const Transcript& transcript, std::size_t index) {
  return in_body(transcript, "/data/" + std::to_string(index) + "/embedding");
}

Finding judge_finite(const Transcript& transcript) {
  const std::vector<Vector> vectors = vectors_of(transcript);
  if (vectors.empty()) return undecided("there are no vectors");
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const Vector& v = vectors[i];
    if (v.empty()) return broken(at_item(transcript, i), "a vector", "none that can be read");
    if (!std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); })) {
      return broken(at_item(transcript, i), "finite numbers", "something else among them");
    }
    if (v.size() != vectors[0].size()) {
      return broken(at_item(transcript, i), std::to_string(vectors[0].size()) + " numbers, as in the first",
                    std::to_string(v.size()));
    }
  }
  return holds();
}

Finding judge_base64(const Transcript& transcript) {
  for (const Located& located : find_all(transcript.json(), "/data/*/embedding")) {
    const Place place = in_body(transcript, located.pointer);
    if (!located.json.is_string()) return broken(place, "a base64 string, as was asked", describe(located.json));
    const auto bytes = read_base64(located.json.as_string());
    if (!bytes || bytes->empty() || bytes->size() % 4 != 0) {
      return broken(place, "base64 of numbers of 4 bytes", quoted(located.json.as_string()));
    }
  }
  return holds();
}

}  // namespace

// want: "finite" (numbers, as many in each), "base64" (strings of base64 that hold numbers of 4 bytes).
Finding judge_vectors(const Transcript& transcript, Json args, const Scene&) {
  return args.find("want").string_or("") == "base64" ? judge_base64(transcript) : judge_finite(transcript);
}

// want: "same" (two replies with the same inputs have the same vectors, up to 1 %: servers that batch are not exact to
// the bit), "swapped" (the second reply's inputs are those of the first in the other order, and so are its vectors).
Finding judge_vector_pairs(const TranscriptList& list, Json args, const Scene&) {
  const std::vector<Vector> first = vectors_of(*list.front());
  std::vector<Vector> second = vectors_of(*list.back());
  if (args.find("want").string_or("") == "swapped") std::reverse(second.begin(), second.end());
  if (first.empty() || first.size() != second.size()) return undecided("there are no vectors to compare");
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double off = distance(first[i], second[i]);
    if (off <= 0.01 * length(first[i])) continue;
    return broken(at_item(*list.back(), i), "the vector that the same input has in " + list.front()->probe,
                  std::isfinite(off) ? "another" : "one of another length");
  }
  return holds();
}

}  // namespace mimus::conformance
