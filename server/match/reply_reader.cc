#include "server/match/reply_reader.h"

#include "api/object_reader.h"
#include "server/base64.h"
#include "server/match/choice_reader.h"
#include "server/pace/pace.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostItems = 100'000;  // choices, vectors, images, chunks: far above any use

class ReplyReader {
 public:
  ReplyReader(Json json, const std::string& where, const Vocabulary& vocabulary)
      : json_(json), reader_(json, where), vocabulary_(vocabulary) {}

  Result<ScriptedReply> read() {
    read_content();
    read_headers();
    read_delay();
    read_directives();
    read_pace();
    for (const std::string& fault : reader_.strings("fault")) set(reader_, "fault", "fault", fault);
    if (const auto done = reader_.finish(); !done) return done.error();
    return std::move(reply_);
  }

 private:
  // A reply says one thing: words, an error, vectors, images, or bytes.
  void read_content() {
    const bool has_words = has_choice(json_) || json_.find("choices");
    std::string_view first = has_words ? "text, tool_calls, ..." : "";
    for (const std::string_view kind : {"error", "embeddings", "images", "raw"}) {
      if (!json_.find(kind)) continue;
      if (!first.empty()) reader_.fail(kind, "a reply has this or \"" + std::string(first) + "\", not both");
      first = kind;
    }
    ScriptedChoice choice = read_choice(reader_);
    std::vector<ScriptedChoice> choices = read_choices();
    ScriptedUsage usage = read_usage(reader_);
    if (has_words) {
      if (choices.empty()) choices.push_back(std::move(choice));
      reply_.content = ScriptedChoices{std::move(choices), usage};
    } else if (json_.find("usage")) {
      reader_.fail("usage", "usage belongs to a reply with text, tool_calls, refusal or choices");
    }
    if (const Json error = reader_.any("error")) read_error(error);
    if (const Json embeddings = reader_.array("embeddings")) read_embeddings(embeddings);
    if (const Json images = reader_.array("images")) read_images(images);
    if (const Json raw = reader_.object("raw")) read_raw(raw);
  }

  std::vector<ScriptedChoice> read_choices() {
    std::vector<ScriptedChoice> choices;
    const Json array = reader_.array("choices");
    if (array && has_choice(json_)) {
      reader_.fail("choices", "the text, tool_calls and the like of several choices stand inside \"choices\"");
    }
    if (array && (array.size() == 0 || array.size() > 128)) reader_.fail("choices", "expected 1 to 128 choices");
    for (const Json element : array.elements()) {
      ObjectReader reader(element, reader_.path_of("choices") + "/" + std::to_string(choices.size()));
      choices.push_back(read_choice(reader));
      if (const auto done = reader.finish(); !done) reader_.fail(done.error());
    }
    return choices;
  }

  void read_error(Json json) {
    ScriptedError error;
    if (json.is_string()) {
      error.situation = json.as_string();
      check_situation(reader_, "error", error.situation);
      reply_.content = std::move(error);
      return;
    }
    ObjectReader reader(json, reader_.path_of("error"));
    error.situation = reader.string("situation", "");
    if (!error.situation.empty()) check_situation(reader, "situation", error.situation);
    if (reader.any("status")) error.status = static_cast<int>(reader.integer("status", 500, 400, 599));
    if (reader.any("message")) error.message = read_template(reader, "message");
    if (reader.any("type")) error.type = reader.string("type", "");
    if (json.find("param").has_value()) error.param = reader.string("param", "");
    if (json.find("code").has_value()) error.code = reader.string("code", "");
    reader.any("param");  // null means none, as vendors write it
    reader.any("code");
    if (error.situation.empty() && (!error.status || !error.message)) {
      reader.fail("", "expected a \"situation\", or a \"status\" and a \"message\"");
    }
    if (const auto done = reader.finish(); !done) reader_.fail(done.error());
    reply_.content = std::move(error);
  }

  void check_situation(ObjectReader& reader, std::string_view key, const std::string& situation) {
    if (const auto problem = name_problem(situation, vocabulary_.situations, "situation")) reader.fail(key, *problem);
  }

  // An array of vectors, or one vector alone.
  void read_embeddings(Json json) {
    ScriptedEmbeddings embeddings;
    if (json.at(0).is_number()) {
      read_vector(json, embeddings);
    } else {
      for (const Json vector : json.elements()) read_vector(vector, embeddings);
    }
    if (embeddings.vectors.empty()) reader_.fail("embeddings", "expected at least one vector");
    reply_.content = std::move(embeddings);
  }

  void read_vector(Json json, ScriptedEmbeddings& embeddings) {
    std::vector<double> vector;
    for (const Json number : json.elements()) {
      if (!number.is_number()) reader_.fail("embeddings", "expected only numbers, found " + describe(number));
      vector.push_back(number.double_or(0));
    }
    if (vector.empty() || vector.size() > kMostItems) {
      reader_.fail("embeddings", "expected vectors of 1 to " + std::to_string(kMostItems) + " numbers");
    }
    embeddings.vectors.push_back(std::move(vector));
  }

  void read_images(Json json) {
    ScriptedImages images;
    for (const Json element : json.elements()) {
      ObjectReader reader(element, reader_.path_of("images") + "/" + std::to_string(images.images.size()));
      ScriptedImage image{reader.string("url", ""), reader.string("b64_json", ""), reader.string("revised_prompt", "")};
      if (image.url.empty() && image.b64_json.empty()) reader.fail("", "expected \"url\" or \"b64_json\"");
      if (!decode_base64(image.b64_json)) reader.fail("b64_json", "not base64");
      if (const auto done = reader.finish(); !done) reader_.fail(done.error());
      images.images.push_back(std::move(image));
    }
    if (images.images.empty()) reader_.fail("images", "expected at least one image");
    reply_.content = std::move(images);
  }

  void read_raw(Json json) {
    ObjectReader reader(json, reader_.path_of("raw"));
    ScriptedRaw raw;
    raw.status = static_cast<int>(reader.integer("status", 200, 200, 599));
    const Json body = reader.any("body");
    const std::string encoded = reader.string("body_base64", "");
    read_chunks(reader, raw);
    const int given = (body ? 1 : 0) + (json.find("body_base64") ? 1 : 0) + (json.find("chunks") ? 1 : 0);
    if (given > 1) reader.fail("", "expected one of body, body_base64 and chunks");
    if (const auto bytes = decode_base64(encoded); !bytes) {
      reader.fail("body_base64", "not base64");
    } else if (!bytes->empty()) {
      raw.body = literal(*bytes);
    }
    if (body) read_body(reader, body, raw);
    raw.content_type = !raw.chunks.empty() ? "text/event-stream" : body && !body.is_string() ? "application/json" : "";
    const std::vector<std::string_view> endings = {"clean", "close", "cut", "reset", "hang", "half_close"};
    raw.ending = static_cast<Ending>(reader.one_of("ending", endings, 0));
    if (const auto done = reader.finish(); !done) reader_.fail(done.error());
    reply_.content = std::move(raw);
  }

  static Template literal(std::string_view bytes) { return std::move(*Template::parse(escape_template(bytes))); }

  static void read_body(ObjectReader& reader, Json body, ScriptedRaw& raw) {
    auto parsed = body.is_string() ? Template::parse(body.as_string()) : Template::parse_json(body);
    if (!parsed) return reader.fail("body", parsed.error().message);
    raw.body = std::move(*parsed);
  }

  static void read_chunks(ObjectReader& outer, ScriptedRaw& raw) {
    const Json chunks = outer.array("chunks");
    if (chunks.size() > kMostItems) outer.fail("chunks", "expected at most " + std::to_string(kMostItems) + " chunks");
    for (const Json element : chunks.elements()) {
      ObjectReader reader(element, outer.path_of("chunks") + "/" + std::to_string(raw.chunks.size()));
      RawChunk chunk;
      const auto bytes = decode_base64(reader.string("data_base64", ""));
      if (!bytes) reader.fail("data_base64", "not base64");
      chunk.bytes = bytes && !bytes->empty() ? *bytes : "";
      chunk.bytes += reader.string("data", "");
      chunk.at = duration_at(reader, "at");
      if (static_cast<bool>(element.find("data")) == static_cast<bool>(element.find("data_base64"))) {
        reader.fail("", "expected either \"data\" or \"data_base64\"");
      }
      if (!raw.chunks.empty() && element.find("at") && chunk.at < raw.chunks.back().at) {
        reader.fail("at", "earlier than the chunk before it");
      }
      if (!raw.chunks.empty() && !element.find("at")) chunk.at = raw.chunks.back().at;
      if (const auto done = reader.finish(); !done) outer.fail(done.error());
      raw.chunks.push_back(std::move(chunk));
    }
  }

  static Duration duration_at(ObjectReader& reader, std::string_view key) {
    const std::string text = reader.string(key, "0ms");
    const auto duration = read_duration(text);
    if (!duration) reader.fail(key, duration.error().message);
    return duration ? *duration : Duration(0);
  }

  // Values are strings, or arrays of them for a header that is sent several times.
  void read_headers() {
    const Json json = reader_.object("headers");
    if (!json) return;
    ObjectReader headers(json, reader_.path_of("headers"));
    for (const auto [name, value] : json.members()) {
      if (name.empty() || name.find_first_of(" \t\r\n:") != std::string_view::npos)
        headers.fail(name, "not a header name");
      for (const std::string& text : headers.strings(name)) {
        auto parsed = Template::parse(text);
        if (!parsed) headers.fail(name, parsed.error().message);
        if (text.find_first_of("\r\n") != std::string::npos) headers.fail(name, "a header value holds no line break");
        if (parsed) reply_.headers.emplace_back(name, std::move(*parsed));
      }
    }
    if (const auto done = headers.finish(); !done) reader_.fail(done.error());
  }

  void read_delay() { reply_.delay = duration_at(reader_, "delay"); }

  void read_directives() {
    auto directives = parse_directives(reader_.string("directives", ""), vocabulary_);
    if (!directives) return reader_.fail("directives", directives.error().message);
    reply_.directives = std::move(*directives);
  }

  void set(ObjectReader& reader, std::string_view key, std::string_view directive, std::string_view value) {
    const auto done = set_directive(reply_.directives, directive, value, vocabulary_);
    if (!done) reader.fail(key, done.error().message);
  }

  void read_pace() {
    const Json json = reader_.object("pace");
    if (!json) return;
    ObjectReader pace(json, reader_.path_of("pace"));
    for (const std::string_view name : {"ttft", "token", "jitter"}) {
      const std::string value = pace.string(name, "");
      if (json.find(name) && !pace.failed()) set(pace, name, name, value);
    }
    if (pace.any("chunk_tokens")) {
      set(pace, "chunk_tokens", "chunk_tokens", std::to_string(pace.integer("chunk_tokens", 1, 1, 100'000)));
    }
    if (const auto done = pace.finish(); !done) reader_.fail(done.error());
  }

  Json json_;
  ObjectReader reader_;
  const Vocabulary& vocabulary_;
  ScriptedReply reply_;
};

}  // namespace

Result<ScriptedReply> read_reply(Json json, const std::string& where, const Vocabulary& vocabulary) {
  return ReplyReader(json, where, vocabulary).read();
}

}  // namespace mimus::server
