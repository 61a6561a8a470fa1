#include "server/journal/make_entry.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "server/journal/redact.h"
#include "server/match/fixture.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

// Lays pieces of text behind each other. Views are taken once all are in, when the memory no longer moves. It writes
// into room made beforehand: append() for each would take longer than the rest of an entry.
class Pieces {
 public:
  Pieces(std::string& text, std::size_t room) : text_(text) { text_.resize(room); }
  void add(std::string_view piece, std::string_view& view) {
    begin();
    write(piece);
    end(view);
  }
  void begin() { begin_ = written_; }
  void write(std::string_view piece) {
    if (piece.empty()) return;
    if (text_.size() - written_ < piece.size()) text_.resize(2 * (written_ + piece.size()));
    std::memcpy(text_.data() + written_, piece.data(), piece.size());
    written_ += piece.size();
  }
  void end(std::string_view& view) { spans_[count_++] = {&view, begin_, written_ - begin_}; }
  void settle() {
    text_.resize(written_);
    for (std::size_t i = 0; i < count_; ++i) {
      *spans_[i].view = std::string_view(text_).substr(spans_[i].begin, spans_[i].size);
    }
  }

 private:
  struct Span {
    std::string_view* view;
    std::size_t begin;
    std::size_t size;
  };
  std::string& text_;
  std::size_t written_ = 0;
  std::size_t begin_ = 0;
  std::size_t count_ = 0;
  std::array<Span, 12> spans_;  // only those that are in are read
};

std::size_t room_for(const HttpRequest& http, const Served& served, std::size_t body) {
  std::size_t room = http.method.size() + http.target.size() + body + served.request_id.size() +
                     served.notes.model.size() + 2 * kRedacted.size();
  for (const HeaderView& header : http.headers) {
    room += header.name.size() + std::max(header.value.size(), kRedacted.size()) + 4;
  }
  return room;
}

void add_head(const HttpRequest& http, Pieces& pieces) {
  for (const HeaderView& header : http.headers) {
    pieces.write(header.name);
    pieces.write(": ");
    pieces.write(is_secret_header(header.name) ? kRedacted : header.value);
    pieces.write("\r\n");
  }
}

std::string redacted_query(std::string_view query) {
  std::string redacted;
  append_redacted_query(query, redacted);
  return redacted;
}

}  // namespace

std::uint64_t hash_of_key(std::string_view api_key) {
  return api_key.empty() ? 0 : Digest(0).add(api_key).value();
}

std::shared_ptr<Entry> make_entry(const HttpRequest& http, const Served& served, std::size_t body_cap) {
  auto entry = std::make_shared<Entry>();
  const Notes& notes = served.notes;
  const std::string_view body = http.body.substr(0, body_cap);
  Pieces pieces(entry->text, room_for(http, served, body.size()) + (notes.fixture ? 64 : 0));
  pieces.add(http.method, entry->method);
  pieces.add(http.path, entry->path);
  pieces.add(redacted_query(http.query), entry->query);
  pieces.begin();
  add_head(http, pieces);
  pieces.end(entry->head);
  pieces.add(body, entry->body);
  pieces.add(http.header(kTestHeader), entry->test);
  pieces.add(served.request_id, entry->request_id);
  pieces.add(notes.model, entry->model);
  if (notes.fixture) {
    pieces.add(notes.fixture->name.empty() ? notes.fixture->origin : notes.fixture->name, entry->fixture);
    entry->fixture_id = notes.fixture->id;
  }
  pieces.settle();
  entry->time = served.time;
  entry->body_bytes = http.body.size();
  entry->key_hash = notes.key_hash;
  entry->key_refused = notes.key_refused;
  entry->operation = notes.operation;
  entry->stream = notes.stream;
  entry->script = notes.script;
  entry->nth = notes.nth;
  entry->status = served.status;
  entry->prompt_tokens = notes.prompt_tokens;
  entry->completion_tokens = notes.completion_tokens;
  return entry;
}

}  // namespace mimus::server
