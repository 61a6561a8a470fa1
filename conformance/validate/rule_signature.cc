// A rule about bytes that are a picture or a sound: they begin as their format does.
// Sources: PNG 5.2, JFIF, RFC 9649 (WebP), RFC 9639 (FLAC), RFC 3533 (Ogg), ID3v2 and MPEG audio frames.
#include <array>

#include "api/object_reader.h"
#include "conformance/validate/base64.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

std::string_view format_of(std::string_view bytes) {
  const auto begins = [&](std::string_view text) { return bytes.starts_with(text); };
  if (begins("\x89PNG\r\n\x1A\n")) return "png";
  if (begins("\xFF\xD8\xFF")) return "jpeg";
  if (begins("GIF8")) return "gif";
  if (begins("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "webp";
  if (begins("RIFF") && bytes.substr(0, 12).ends_with("WAVE")) return "wav";
  if (begins("fLaC")) return "flac";
  if (begins("OggS")) return "ogg";
  if (begins("ID3")) return "mp3";
  const bool is_frame = bytes.size() > 1 && bytes[0] == '\xFF' && (static_cast<unsigned char>(bytes[1]) & 0xE6) == 0xE2;
  return is_frame ? "mp3" : "";
}

Finding judge_bytes(Place place, std::string_view bytes, Json formats) {
  const std::string_view format = format_of(bytes);
  for (const Json allowed : formats.elements()) {
    if (allowed.string_or("") == format) return holds();
  }
  return broken(std::move(place), "bytes of one of " + to_text(formats),
                format.empty() ? quoted(bytes.substr(0, 16)) : std::string(format));
}

}  // namespace

// formats: those that are right; at: a pattern of base64 strings, or nothing for the body itself.
Finding judge_signature(const Transcript& transcript, Json args, const Scene&) {
  const Json formats = args.find("formats");
  if (!args.find("at")) return judge_bytes(in_reply(transcript), transcript.body, formats);
  const std::vector<Located> all = find_all(transcript.json(), args.find("at").string_or(""));
  for (const Located& located : all) {
    if (!located.json.is_string()) continue;
    const auto bytes = read_base64(located.json.as_string());
    const Place place = in_body(transcript, located.pointer);
    if (!bytes) return broken(place, "base64", quoted(located.json.as_string()));
    const Finding finding = judge_bytes(place, *bytes, formats);
    if (finding.kind != Finding::Kind::Holds) return finding;
  }
  return all.empty() ? undecided("there is nothing to decode") : holds();
}

}  // namespace mimus::conformance
