// Rules about the events of a streamed response (the Responses API). Unknown types of events are passed over.
// Sources: OpenAI OpenAPI, ResponseStreamEvent; the accumulator of openai-node (lib/responses/ResponseStream), which
// throws where an item or a part was not announced.
#include <array>
#include <map>
#include <set>

#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

struct ResponseEvent {
  std::size_t event = 0;
  std::string_view type;
  Json json;

  [[nodiscard]] std::int64_t item() const { return json.find("output_index").int_or(-1); }
  [[nodiscard]] std::int64_t part() const { return json.find("content_index").int_or(-1); }
  [[nodiscard]] bool is(std::string_view name) const { return type == name; }
  [[nodiscard]] bool ends_all() const {
    return is("response.completed") || is("response.failed") || is("response.incomplete");
  }
  [[nodiscard]] bool adds_item() const { return is("response.output_item.added"); }
  [[nodiscard]] bool ends_item() const { return is("response.output_item.done"); }
  // Of text: output_text, refusal; not of annotations and others that clients do not accumulate.
  [[nodiscard]] bool is_text() const { return type.starts_with("response.output_text.d"); }
  [[nodiscard]] bool is_part() const { return type.starts_with("response.content_part."); }
  [[nodiscard]] bool is_arguments() const { return type.starts_with("response.function_call_arguments."); }
};
using Events = std::vector<ResponseEvent>;

Events events_of(const Transcript& transcript) {
  Events events;
  for (const Chunk& chunk : chunks_of(transcript)) {
    events.push_back({chunk.event, chunk.json.find("type").string_or(""), chunk.json});
  }
  return events;
}

Place at(const Transcript& transcript, const ResponseEvent& event, std::string pointer = "") {
  return in_event(transcript, event.event, std::move(pointer));
}

Finding judge_name(const Transcript& transcript, const Events& events) {
  for (const ResponseEvent& event : events) {
    const SseBlock& block = transcript.blocks[transcript.events[event.event].block];
    if (block.event == event.type) continue;
    return broken(at(transcript, event), "event: " + std::string(event.type),
                  block.has_event ? "event: " + block.event : "no event field");
  }
  return holds();
}

Finding judge_sequence(const Transcript& transcript, const Events& events) {
  std::int64_t last = -1;
  for (const ResponseEvent& event : events) {
    const Json number = event.json.find("sequence_number");
    if (!number.is_integer() || number.as_int() <= last) {
      return broken(at(transcript, event, "/sequence_number"), "more than " + std::to_string(last), describe(number));
    }
    last = number.as_int();
  }
  return holds();
}

Finding judge_terminal(const Transcript& transcript, const Events& events) {
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    if (events[i].ends_all()) {
      return broken(at(transcript, events[i + 1]), "nothing after " + std::string(events[i].type),
                    std::string(events[i + 1].type));
    }
  }
  if (events.back().ends_all()) return holds();
  return broken(at(transcript, events.back()), "response.completed, .incomplete or .failed at the end",
                quoted(events.back().type));
}

Finding judge_indices_there(const Transcript& transcript, const Events& events) {
  for (const ResponseEvent& event : events) {
    const bool of_part = event.is_text() || event.is_part();
    if (!of_part && !event.is_arguments() && !event.adds_item() && !event.ends_item()) continue;
    if (event.item() < 0) {
      return broken(at(transcript, event, "/output_index"), "an integer", describe(event.json.find("output_index")));
    }
    if (of_part && event.part() < 0) {
      return broken(at(transcript, event, "/content_index"), "an integer", describe(event.json.find("content_index")));
    }
    const Json id = event.json.find("item_id");
    if ((of_part || event.is_arguments()) && !id.is_string()) {
      return broken(at(transcript, event, "/item_id"), "a string", describe(id));
    }
  }
  return holds();
}

// Each item is announced once, before anything about it, and ended once, with nothing about it behind.
Finding judge_items(const Transcript& transcript, const Events& events) {
  std::set<std::int64_t> open;
  std::set<std::int64_t> ended;
  for (const ResponseEvent& event : events) {
    const std::int64_t item = event.item();
    if (item < 0) continue;
    const std::string name = "item " + std::to_string(item);
    if (event.adds_item()) {
      if (!open.insert(item).second) return broken(at(transcript, event), name + " announced once", "again");
    } else if (open.count(item) == 0) {
      return broken(at(transcript, event), "output_item.added for " + name + " before this", std::string(event.type));
    } else if (ended.count(item) > 0) {
      return broken(at(transcript, event), "nothing about " + name + " after its end", std::string(event.type));
    }
    if (event.ends_item()) ended.insert(item);
  }
  for (const std::int64_t item : open) {
    if (ended.count(item) > 0) continue;
    return broken(in_reply(transcript), "output_item.done for item " + std::to_string(item), "none");
  }
  return holds();
}

using PartKey = std::pair<std::int64_t, std::int64_t>;

Finding judge_parts(const Transcript& transcript, const Events& events) {
  std::set<PartKey> open;
  std::set<PartKey> ended;
  for (const ResponseEvent& event : events) {
    const PartKey key{event.item(), event.part()};
    if (event.is("response.content_part.added")) open.insert(key);
    if (event.is("response.content_part.done")) ended.insert(key);
    if (event.is_text() && open.count(key) == 0) {
      return broken(at(transcript, event), "content_part.added before the text", std::string(event.type));
    }
    if (event.is_text() && ended.count(key) > 0) {
      return broken(at(transcript, event), "no text after content_part.done", std::string(event.type));
    }
  }
  if (open == ended) return holds();
  return broken(in_reply(transcript), "content_part.done for each part", "none for one of them");
}

// The deltas of one place, joined, are what its done event says.
Finding judge_joined(const Transcript& transcript, const Events& events, std::string_view prefix,
                     std::string_view member) {
  std::map<PartKey, std::string> joined;
  std::set<PartKey> open;
  for (const ResponseEvent& event : events) {
    const PartKey key{event.item(), event.part()};
    if (event.type == std::string(prefix) + ".delta") {
      joined[key] += event.json.find("delta").string_or("");
      open.insert(key);
    }
    if (event.type != std::string(prefix) + ".done") continue;
    open.erase(key);
    const Json whole = event.json.find(member);
    if (whole.string_or("\x01") != joined[key]) {
      return broken(at(transcript, event, "/" + std::string(member)), quoted(joined[key]), describe(whole));
    }
  }
  if (open.empty()) return joined.empty() ? undecided("there are no such events") : holds();
  return broken(in_reply(transcript), std::string(prefix) + ".done with the whole", "none");
}

Finding judge_item_id(const Transcript& transcript, const Events& events) {
  std::map<std::int64_t, std::string> ids;
  const auto check = [&](const ResponseEvent& event, Json id, const std::string& pointer) {
    const std::string& known = ids[event.item()];
    return id.string_or("") == known ? holds() : broken(at(transcript, event, pointer), quoted(known), describe(id));
  };
  for (const ResponseEvent& event : events) {
    if (event.adds_item()) ids[event.item()] = event.json.find_pointer("/item/id").string_or("");
    Finding finding;
    if (event.json.find("item_id")) finding = check(event, event.json.find("item_id"), "/item_id");
    if (event.ends_item()) finding = check(event, event.json.find_pointer("/item/id"), "/item/id");
    if (finding.kind != Finding::Kind::Holds) return finding;
  }
  return holds();
}

// What clients show at the end is what they showed on the way: kinds, texts and arguments of the items.
std::string essence(Json item) {
  std::string text(item.find("type").string_or(""));
  for (const Json part : item.find("content").elements()) text += "|" + std::string(part.find("text").string_or(""));
  return text + "|" + std::string(item.find("name").string_or("")) + "|" +
         std::string(item.find("arguments").string_or(""));
}

Finding judge_final(const Transcript& transcript, const Events& events) {
  std::map<std::int64_t, std::string> streamed;
  for (const ResponseEvent& event : events) {
    if (event.ends_item()) streamed[event.item()] = essence(event.json.find("item"));
  }
  const ResponseEvent& last = events.back();
  const Json output = last.json.find_pointer("/response/output");
  if (!last.ends_all() || !output.is_array()) return undecided("there is no final response");
  if (output.size() != streamed.size()) {
    return broken(at(transcript, last, "/response/output"), std::to_string(streamed.size()) + " items, as streamed",
                  std::to_string(output.size()));
  }
  std::size_t i = 0;
  for (const auto& [index, text] : streamed) {
    if (essence(output.at(i)) != text) {
      return broken(at(transcript, last, "/response/output/" + std::to_string(i)), quoted(text),
                    quoted(essence(output.at(i))));
    }
    ++i;
  }
  return holds();
}

Finding judge_text_done(const Transcript& transcript, const Events& events) {
  return judge_joined(transcript, events, "response.output_text", "text");
}

Finding judge_arguments(const Transcript& transcript, const Events& events) {
  return judge_joined(transcript, events, "response.function_call_arguments", "arguments");
}

struct Want {
  std::string_view name;
  Finding (*judge)(const Transcript&, const Events&);
};
constexpr std::array<Want, 10> kWants = {{{"name", &judge_name},
                                          {"sequence", &judge_sequence},
                                          {"terminal", &judge_terminal},
                                          {"indices", &judge_indices_there},
                                          {"items", &judge_items},
                                          {"parts", &judge_parts},
                                          {"text-done", &judge_text_done},
                                          {"arguments", &judge_arguments},
                                          {"item-id", &judge_item_id},
                                          {"final", &judge_final}}};

}  // namespace

// want: one of the names above.
Finding judge_response_events(const Transcript& transcript, Json args, const Scene&) {
  const Events events = events_of(transcript);
  if (events.empty()) return undecided("there are no events");
  for (const Want& want : kWants) {
    if (want.name == args.find("want").string_or("")) return want.judge(transcript, events);
  }
  return {Finding::Kind::Failed, "", "", "no such want", {}, Verdict::Fail};
}

}  // namespace mimus::conformance
