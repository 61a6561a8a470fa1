#include "server/endpoints/audio_form.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/multipart.h"
#include "server/synth/transcript.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

constexpr Milliseconds kShortest{100};
constexpr std::array<std::string_view, 10> kExtensions = {"flac", "m4a", "mp3", "mp4", "mpeg",
                                                          "mpga", "oga", "ogg", "wav", "webm"};
constexpr std::array<std::string_view, 5> kLists = {"timestamp_granularities", "include", "languages", "keywords",
                                                    "known_speaker_names"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string lower_extension(std::string_view filename) {
  const std::size_t dot = filename.rfind('.');
  std::string extension(dot == std::string_view::npos ? "" : filename.substr(dot + 1));
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension;
}

// How the containers begin: FLAC, Ogg, RIFF/WAVE, ISO media (mp4, m4a), Matroska (webm), MPEG audio with and without a
// tag, MPEG program streams.
bool begins_like_audio(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("fLaC") || bytes.starts_with("OggS") || bytes.starts_with("ID3")) return true;
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WAVE") return true;
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "ftyp") return true;
  if (bytes.starts_with("\x1A\x45\xDF\xA3"sv) || bytes.starts_with("\0\0\1\xBA"sv)) return true;
  return bytes.size() >= 2 && bytes[0] == '\xFF' && (static_cast<unsigned char>(bytes[1]) & 0xE0) == 0xE0;
}

std::optional<Refusal> check_file(const FormPart& file) {
  const std::string extension = lower_extension(file.filename.value_or(""));
  const std::string type = media_type(file.content_type);
  const bool is_named = contains(kExtensions, extension);
  const bool is_typed = extension.empty() && (type.starts_with("audio/") || type.starts_with("video/"));
  if (file.body.size() > kLargestAudio) {
    return Refusal{"body_too_large",
                   {{"limit", std::to_string(kLargestAudio)}, {"found", std::to_string(file.body.size())}}};
  }
  if (!is_named && !is_typed) return Refusal{"unsupported_audio", {}};
  if (file.body.empty()) return Refusal{"audio_too_short", {}};
  if (!begins_like_audio(file.body)) return Refusal{"unsupported_audio", {}};
  const bool is_wav = file.body.starts_with("RIFF");  // the only one whose length mimus can tell
  if (is_wav && audio_duration(file.body) < kShortest) return Refusal{"audio_too_short", {}};
  return std::nullopt;
}

// A form has only texts; what reads as a number or a boolean where one is expected becomes one.
void write_scalar(std::string_view name, std::string_view text, JsonWriter& json) {
  const auto value = name == "temperature" || name == "stream" ? parse_json(text) : parse_json("null");
  const bool is_fitting = value && (name == "temperature" ? value->root().is_number() : value->root().is_bool());
  if (is_fitting) {
    json.value(value->root());
  } else {
    json.string(text);
  }
}

void write_file(const FormPart& file, JsonWriter& json) {
  const std::string name = file.filename.value_or("");
  json.object().member("filename", is_utf8(name) ? std::string_view(name) : "").key("bytes");
  json.integer(static_cast<std::int64_t>(file.body.size())).end_object();
}

// "chunking_strategy[type]" is a member of an object, "include[]" an element of a list.
void write_part(const Form& form, const FormPart& part, const std::string& base, JsonWriter& json) {
  json.key(base);
  if (base == "file") {
    write_file(part, json);
  } else if (contains(kLists, base)) {
    json.array();
    for (const FormPart* each : form.all(base)) json.string(each->body);
    json.end_array();
  } else if (part.name != base) {
    json.object();
    for (const FormPart& each : form.parts) {
      if (!each.name.starts_with(base + "[") || !each.name.ends_with("]")) continue;
      json.member(each.name.substr(base.size() + 1, each.name.size() - base.size() - 2), each.body);
    }
    json.end_object();
  } else {
    write_scalar(base, part.body, json);
  }
}

Result<JsonDocument, Refusal> object_of(const Form& form) {
  std::string text;
  JsonWriter json(text);
  std::set<std::string> seen;
  json.object();
  for (const FormPart& part : form.parts) {
    const std::string base = part.name.substr(0, part.name.find('['));
    if (!is_utf8(part.name) || (base != "file" && !is_utf8(part.body))) {
      return Refusal{"invalid_multipart", {{"reason", "the text of a part is not UTF-8"}}};
    }
    if (seen.insert(base).second) write_part(form, part, base, json);
  }
  json.end_object();
  auto document = parse_json(text);
  if (!document) return Refusal{"invalid_multipart", {{"reason", document.error().message}}};
  return std::move(*document);
}

}  // namespace

Result<AudioForm, Refusal> read_audio_form(const HttpRequest& http, const Endpoint& endpoint) {
  const std::string_view content_type = http.header("content-type");
  if (media_type(content_type) != "multipart/form-data") {
    return Refusal{"unsupported_media_type", {{"content_type", echo(content_type)}}};
  }
  const auto form = read_form(content_type, http.body);
  if (!form) return Refusal{"invalid_multipart", {{"reason", form.error().text()}}};
  auto document = object_of(*form);
  if (!document) return document.error();
  if (auto refusal = endpoint.rules.check(document->root())) return std::move(*refusal);
  const FormPart* file = form->find("file");
  if (file == nullptr) return Refusal{"missing_required_parameter", {{"param", "file"}}};
  if (auto refusal = check_file(*file)) return std::move(*refusal);
  return AudioForm{std::make_shared<const JsonDocument>(std::move(*document)), file->body};
}

}  // namespace mimus::server
