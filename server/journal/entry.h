// One request in the journal, and what became of its reply.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/clock.h"
#include "server/delivery.h"
#include "server/http_request.h"
#include "server/notes.h"

namespace mimus::server {

// What was known when the reply began to leave. Immutable and never moved after making: its views point into `text`.
struct Entry {
  Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  std::uint64_t id = 0;  // counts up from 1, never used twice
  WallTime time;         // of the server's clock
  std::string text;      // one piece of memory for everything below it
  std::string_view method;
  std::string_view path;        // still percent-encoded
  std::string_view query;       // redacted
  std::string_view head;        // "name: value\r\n", redacted
  std::string_view body;        // at most as long as the journal keeps of one
  std::size_t body_bytes = 0;   // of the whole
  std::string_view test;        // the value of x-mimus-test; empty when it was not given
  std::uint64_t key_hash = 0;   // of the API key; 0: there was none
  std::string_view request_id;  // x-request-id of the reply
  std::string_view model;
  std::string_view operation;  // the dialect's, which outlives the journal
  bool stream = false;
  bool key_refused = false;
  Notes::Script script = Notes::Script::NotAsked;
  std::uint64_t fixture_id = 0;  // 0: none
  std::string_view fixture;      // its name, or where it stands
  std::uint64_t nth = 0;
  int status = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;

  [[nodiscard]] bool is_cut() const { return body.size() < body_bytes; }
  [[nodiscard]] std::size_t bytes() const { return sizeof *this + text.capacity(); }
};

enum class Ended {
  Open,        // the reply is still leaving
  Whole,       // all of it was sent
  Cut,         // by a fault: FIN
  Reset,       // by a fault: RST
  Hung,        // by a fault: nothing more came
  ClientLeft,  // the client closed before the end
  Stopped,     // the server stopped, or the client did not read for too long
};

struct ReplyFate {
  Ended ended = Ended::Open;
  std::uint64_t bytes = 0;  // head and body, as sent
  Duration first_byte{0};   // since the request was complete
  Duration last_byte{0};
};

struct Record {
  std::shared_ptr<const Entry> entry;  // shared with who reads the journal while it moves on
  ReplyFate fate;
};

// "whole", "client_left", ...: as they are written.
std::string_view name_of(Ended ended);
std::string_view name_of(Notes::Script script);

ReplyFate fate_of(const DeliveryOutcome& outcome);

// The headers of `entry.head`: views into it.
std::vector<HeaderView> headers_of(const Entry& entry);

}  // namespace mimus::server
