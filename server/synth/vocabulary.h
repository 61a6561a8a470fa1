// The words and sentence patterns of prose, as data. Only prose.cc includes this.
// Nouns and adjectives begin with a consonant, so that "a" fits before them; verbs are in the third person.
#pragma once

#include <cstdint>
#include <string_view>

namespace mimus::server::vocabulary {

inline constexpr std::string_view kNouns[] = {
    "reply",   "balance",  "boundary", "bridge",  "choice", "context", "detail",  "draft",   "case",    "garden",
    "guide",   "harbour",  "thought",  "journey", "ladder", "lantern", "lesson",  "letter",  "machine", "map",
    "market",  "measure",  "method",   "model",   "moment", "note",    "pattern", "picture", "plan",    "point",
    "problem", "question", "reason",   "record",  "result", "river",   "room",    "routine", "rule",    "sample",
    "season",  "signal",   "sketch",   "song",    "source", "step",    "story",   "summary", "system",  "table",
    "theme",   "tool",     "topic",    "valley",  "view",   "village", "voice",   "window",  "worker",  "world"};

inline constexpr std::string_view kAdjectives[] = {
    "balanced", "bright", "broad",  "calm",     "careful", "certain", "clear",   "common", "complete",
    "curious",  "deep",   "direct", "familiar", "fresh",   "gentle",  "helpful", "hidden", "larger",
    "lasting",  "modest", "narrow", "natural",  "plain",   "precise", "quiet",   "rich",   "robust",
    "simple",   "small",  "steady", "strong",   "subtle",  "useful",  "varied",  "warm",   "wider"};

inline constexpr std::string_view kVerbs[] = {"answers",  "balances", "changes", "connects", "covers",   "describes",
                                              "explains", "follows",  "guides",  "improves", "leads",    "limits",
                                              "matches",  "narrows",  "needs",   "opens",    "protects", "reaches",
                                              "reveals",  "shapes",   "shows",   "supports", "tests",    "touches"};

inline constexpr std::string_view kAdverbs[] = {"carefully", "clearly", "directly", "gently",   "often",   "quickly",
                                                "quietly",   "rarely",  "slowly",   "steadily", "usually", "well"};

enum class Slot : std::uint8_t { None, Topic, Noun, Adjective, Verb, Adverb };

// A literal, and the word that follows it.
struct Piece {
  std::string_view text;
  Slot slot = Slot::None;
};

struct Pattern {
  Piece pieces[6];  // the last has no slot
};

inline constexpr Pattern kOpenings[] = {
    {{{"Here is a short note about ", Slot::Topic},
      {": the ", Slot::Adjective},
      {" ", Slot::Noun},
      {" ", Slot::Verb},
      {" the ", Slot::Noun},
      {"."}}},
    {{{"In short, ", Slot::Topic},
      {" is a ", Slot::Adjective},
      {" ", Slot::Noun},
      {" that ", Slot::Verb},
      {" every ", Slot::Noun},
      {"."}}},
    {{{"When people ask about ", Slot::Topic},
      {", they ", Slot::Adverb},
      {" mean a ", Slot::Adjective},
      {" ", Slot::Noun},
      {" of the ", Slot::Noun},
      {"."}}},
    {{{"The word ", Slot::Topic},
      {" ", Slot::Adverb},
      {" ", Slot::Verb},
      {" a ", Slot::Adjective},
      {" ", Slot::Noun},
      {", and that is a good place to begin."}}},
    {{{"Thank you for asking about ", Slot::Topic},
      {"; the ", Slot::Noun},
      {" ", Slot::Verb},
      {" a ", Slot::Adjective},
      {" ", Slot::Noun},
      {"."}}},
    {{{"Let us look at ", Slot::Topic},
      {" first: it ", Slot::Verb},
      {" the ", Slot::Adjective},
      {" ", Slot::Noun},
      {" and the ", Slot::Noun},
      {"."}}},
};

inline constexpr Pattern kSentences[] = {
    {{{"A ", Slot::Adjective},
      {" ", Slot::Noun},
      {" ", Slot::Adverb},
      {" ", Slot::Verb},
      {" the ", Slot::Noun},
      {"."}}},
    {{{"With ", Slot::Topic},
      {", the ", Slot::Noun},
      {" ", Slot::Verb},
      {" a ", Slot::Adjective},
      {" ", Slot::Noun},
      {"."}}},
    {{{"Every ", Slot::Noun},
      {" of this kind ", Slot::Verb},
      {" a ", Slot::Noun},
      {" that stays ", Slot::Adjective},
      {"."}}},
    {{{"Most of it depends on the ", Slot::Noun},
      {", which ", Slot::Verb},
      {" ", Slot::Topic},
      {" ", Slot::Adverb},
      {"."}}},
    {{{"That is why the ", Slot::Adjective}, {" ", Slot::Noun}, {" matters more than the ", Slot::Noun}, {"."}}},
    {{{"Where the ", Slot::Noun},
      {" ", Slot::Verb},
      {" the ", Slot::Noun},
      {", ", Slot::Topic},
      {" becomes ", Slot::Adjective},
      {"."}}},
    {{{"It helps to keep the ", Slot::Noun},
      {" ", Slot::Adjective},
      {" while the ", Slot::Noun},
      {" ", Slot::Verb},
      {" the rest."}}},
    {{{"Another ", Slot::Noun},
      {" is ", Slot::Topic},
      {", because it ", Slot::Adverb},
      {" ", Slot::Verb},
      {" the ", Slot::Noun},
      {"."}}},
    {{{"On the other hand, no ", Slot::Noun},
      {" ", Slot::Verb},
      {" a ", Slot::Noun},
      {" without a ", Slot::Adjective},
      {" reason."}}},
    {{{"Take the ", Slot::Noun},
      {" as an example: it ", Slot::Verb},
      {" ", Slot::Topic},
      {" and remains ", Slot::Adjective},
      {"."}}},
    {{{"In practice the ", Slot::Adjective},
      {" ", Slot::Noun},
      {" comes before the ", Slot::Adjective},
      {" ", Slot::Noun},
      {"."}}},
    {{{"So the ", Slot::Noun}, {" ", Slot::Adverb}, {" ", Slot::Verb}, {" what ", Slot::Topic}, {" began."}}},
};

}  // namespace mimus::server::vocabulary
