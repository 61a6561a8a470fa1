// Rules that compare values: between replies, between elements, between members.
#include <set>

#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

// The value at `at` in the body or, for streams, in the last chunk that has one there (usage comes late).
Located value_of(const Transcript& transcript, std::string_view at, Place& place) {
  if (!transcript.is_stream()) {
    place = in_body(transcript, std::string(at));
    return {std::string(at), transcript.json().find_pointer(at)};
  }
  Located found{std::string(at), {}};
  place = in_reply(transcript);
  for (const Chunk& chunk : chunks_of(transcript)) {
    const Json value = chunk.json.find_pointer(at);
    if (!value.has_value()) continue;
    found.json = value;
    place = in_event(transcript, chunk.event, std::string(at));
  }
  return found;
}

bool compare(double left, std::string_view op, double right) {
  if (op == "<=") return left <= right;
  if (op == ">=") return left >= right;
  if (op == "<") return left < right;
  return left == right;
}

}  // namespace

// at or header: each reply has one, and no two are the same.
Finding judge_distinct(const TranscriptList& list, Json args, const Scene&) {
  const std::string_view header = args.find("header").string_or("");
  std::set<std::string, std::less<>> seen;
  for (const Transcript* transcript : list) {
    Place place = in_header(*transcript, header);
    std::string value;
    if (header.empty()) {
      const Located located = value_of(*transcript, args.find("at").string_or(""), place);
      if (located.json) value = to_text(located.json);
    } else if (const std::string* found = transcript->head.find(header)) {
      value = *found;
    }
    if (value.empty()) return broken(place, "a value for each call", "none");
    if (!seen.insert(value).second) return broken(place, "another value for each call", quoted(value) + " twice");
  }
  return holds();
}

// at: the same value in all replies.
Finding judge_equal(const TranscriptList& list, Json args, const Scene&) {
  const std::string_view at = args.find("at").string_or("");
  Place first_place;
  const Located first = value_of(*list.front(), at, first_place);
  if (!first.json.has_value()) return undecided("there is no " + std::string(at) + " in " + list.front()->probe);
  for (const Transcript* transcript : list) {
    Place place;
    const Located other = value_of(*transcript, at, place);
    if (!other.json.has_value()) return undecided("there is no " + std::string(at) + " in " + transcript->probe);
    if (!equal(first.json, other.json)) {
      return broken(place, describe(first.json) + " as in " + list.front()->probe, describe(other.json));
    }
  }
  return holds();
}

// at: a number of the last reply is more than that of the first.
Finding judge_more(const TranscriptList& list, Json args, const Scene&) {
  const std::string_view at = args.find("at").string_or("");
  Place place;
  const Json less = value_of(*list.front(), at, place).json;
  const Json more = value_of(*list.back(), at, place).json;
  if (!less.is_number() || !more.is_number()) return undecided("there are no two numbers to compare");
  if (more.as_double() > less.as_double()) return holds();
  return broken(place, "more than " + to_text(less) + ", as in " + list.front()->probe, to_text(more));
}

// at: pattern whose values do not repeat.
Finding judge_unique(const Transcript& transcript, Json args, const Scene&) {
  std::set<std::string> seen;
  for (const Located& located : find_all(transcript.json(), args.find("at").string_or(""))) {
    const std::string value = to_text(located.json);
    if (!seen.insert(value).second) {
      return broken(in_body(transcript, located.pointer), "every value once", value + " again");
    }
  }
  return holds();
}

// at: pattern whose values are 0, 1, 2 ... in any order.
Finding judge_indices(const Transcript& transcript, Json args, const Scene&) {
  const std::vector<Located> all = find_all(transcript.json(), args.find("at").string_or(""));
  std::set<std::int64_t> seen;
  for (const Located& located : all) {
    const std::int64_t index = located.json.int_or(-1);
    if (index < 0 || index >= static_cast<std::int64_t>(all.size()) || !seen.insert(index).second) {
      return broken(in_body(transcript, located.pointer), "each of 0 to " + std::to_string(all.size() - 1) + " once",
                    describe(located.json));
    }
  }
  return all.empty() ? undecided("there is nothing with an index") : holds();
}

// left op right: two numbers of the reply; right_sent: right is a member of the request. Missing numbers: undecided, or
// with absent "ok" fine. For streams the last chunk that has them.
Finding judge_compare(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view op = args.find("op").string_or("==");
  Place place;
  Place ignored;
  const Json left = value_of(transcript, args.find("left").string_or(""), place).json;
  const Json wanted = args.find("right");
  const bool names_number = wanted.is_number();
  const std::string_view name = wanted.string_or("");
  const Json right = names_number                             ? wanted
                     : args.find("right_sent").bool_or(false) ? transcript.sent().find_pointer(name)
                                                              : value_of(transcript, name, ignored).json;
  if (!left.is_number() || !right.is_number()) {
    if (args.find("absent").string_or("") == "ok") return not_applicable("the reply has no such numbers");
    return undecided("there are no two numbers to compare");
  }
  if (compare(left.as_double(), op, right.as_double())) return holds();
  const std::string of =
      names_number ? ""
                   : " (" + std::string(name) + (args.find("right_sent").bool_or(false) ? " of the request)" : ")");
  return broken(place, std::string(op) + " " + to_text(right) + of, to_text(left));
}

}  // namespace mimus::conformance
