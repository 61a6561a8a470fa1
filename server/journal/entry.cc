#include "server/journal/entry.h"

namespace mimus::server {

std::string_view name_of(Ended ended) {
  switch (ended) {
    case Ended::Open:
      return "open";
    case Ended::Whole:
      return "whole";
    case Ended::Cut:
      return "cut";
    case Ended::Reset:
      return "reset";
    case Ended::Hung:
      return "hung";
    case Ended::ClientLeft:
      return "client_left";
    case Ended::Stopped:
      return "stopped";
  }
  return "";
}

std::string_view name_of(Notes::Script script) {
  switch (script) {
    case Notes::Script::NotAsked:
      return "not_asked";
    case Notes::Script::Matched:
      return "matched";
    case Notes::Script::Synthesised:
      return "synthesised";
    case Notes::Script::Missed:
      return "missed";
    case Notes::Script::Ended:
      return "ended";
    case Notes::Script::Relayed:
      return "relayed";
  }
  return "";
}

ReplyFate fate_of(const DeliveryOutcome& outcome) {
  Ended ended = outcome.client_left ? Ended::ClientLeft : Ended::Stopped;
  if (outcome.ending == Ending::Cut || outcome.ending == Ending::HalfClose) ended = Ended::Cut;
  if (outcome.ending == Ending::Reset) ended = Ended::Reset;
  if (outcome.ending == Ending::Hang) ended = Ended::Hung;
  if (outcome.ending == Ending::Clean || outcome.ending == Ending::Close) ended = Ended::Whole;
  return {ended, outcome.bytes, outcome.first_byte, outcome.last_byte};
}

std::vector<HeaderView> headers_of(const Entry& entry) {
  std::vector<HeaderView> headers;
  std::string_view rest = entry.head;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(": ");
    headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  return headers;
}

}  // namespace mimus::server
