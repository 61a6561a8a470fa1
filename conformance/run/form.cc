#include "conformance/run/form.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kBoundary = "--mimus-form-boundary";
constexpr int kSamplesPerMillisecond = 8;

std::string little_endian(std::size_t number, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
  return out;
}

// Silence: 8 kHz, 8 bits, one channel.
std::string wav(std::size_t milliseconds) {
  const std::size_t samples = milliseconds * kSamplesPerMillisecond;
  std::string out = "RIFF" + little_endian(36 + samples, 4) + "WAVEfmt " + little_endian(16, 4);
  out += little_endian(1, 2) + little_endian(1, 2) + little_endian(8000, 4) + little_endian(8000, 4);
  out += little_endian(1, 2) + little_endian(8, 2) + "data" + little_endian(samples, 4);
  return out.append(samples, static_cast<char>(0x80));
}

std::string file_part(const std::string& field, Json file, ObjectReader& outer) {
  ObjectReader reader(file, outer.path_of("form") + "/" + field);
  const std::string filename = reader.required_string("filename");
  const std::string type = reader.required_string("type");
  std::string bytes = reader.string("text", "");
  const std::string hex = reader.string("hex", "");
  if (!is_hex(hex)) reader.fail("hex", "expected pairs of lower-case hexadecimal digits");
  if (!hex.empty()) bytes = bytes_of_hex(hex);
  if (const auto time = reader.integer("wav_ms", 0, 0, 10'000); time > 0) bytes = wav(static_cast<std::size_t>(time));
  if (auto done = reader.finish(); !done) outer.fail(done.error());
  return "; filename=\"" + filename + "\"\r\nContent-Type: " + type + "\r\n\r\n" + bytes;
}

}  // namespace

bool is_hex(std::string_view hex) {
  return hex.size() % 2 == 0 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

std::string form_body(Json form, ObjectReader& reader) {
  std::string body;
  for (const auto [name, value] : form.members()) {
    const std::string field(name);
    body.append(kBoundary).append("\r\nContent-Disposition: form-data; name=\"").append(field).append("\"");
    body += value.is_object() ? file_part(field, value, reader) : "\r\n\r\n" + std::string(value.string_or(""));
    body += "\r\n";
  }
  return body.append(kBoundary).append("--\r\n");
}

}  // namespace mimus::conformance
