// The rows of fixtures/golden/bad_requests and good_requests, for tests: see the README.md there.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "api/json.h"
#include "api/read_file.h"

namespace mimus::server {

struct GoldenRequest {
  std::string name;  // "types.json: n a string"
  std::string body;
  Json expected;  // member "error" or "call"; a view into the file's document
};

// "{{x*3}}" becomes "xxx".
inline std::string expand_repeats(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos) return out + std::string(text);
    std::size_t star = text.find('*', open);
    while (star != std::string_view::npos) {
      const std::size_t end = text.find_first_not_of("0123456789", star + 1);
      if (end > star + 1 && end != std::string_view::npos && text.substr(end, 2) == "}}") break;
      star = text.find('*', star + 1);
    }
    if (star == std::string_view::npos) return out + std::string(text);
    out += text.substr(0, open);
    const std::string_view unit = text.substr(open + 2, star - open - 2);
    const int times = std::stoi(std::string(text.substr(star + 1, 9)));
    out.reserve(out.size() + unit.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) out += unit;
    text.remove_prefix(text.find("}}", star) + 2);
  }
}

inline std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

inline std::string body_of(Json row) {
  if (const Json text = row.find("text")) return expand_repeats(text.as_string());
  if (const Json hex = row.find("hex")) return bytes_of_hex(hex.as_string());
  if (const Json body = row.find("body")) return expand_repeats(to_text(body));
  if (const Json patch = row.find("with_response")) {
    const auto base = parse_json(R"({"model":"gpt-4o","input":"Hi"})");
    return expand_repeats(to_text(merge_patch(base->root(), patch).root()));
  }
  const auto base = parse_json(R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]})");
  return expand_repeats(to_text(merge_patch(base->root(), row.find("with")).root()));
}

// Owns the documents that the rows point into.
struct GoldenRequests {
  std::vector<JsonDocument> documents;
  std::vector<GoldenRequest> rows;
};

inline GoldenRequests load_golden_requests(const std::string& folder, std::string_view expectation) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(MIMUS_SOURCE_DIR "/fixtures/golden/") + folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  GoldenRequests requests;
  for (const auto& file : files) {
    const auto text = read_file(file, 64 * 1024 * 1024);
    auto document = text ? parse_json(*text) : parse_json("[{\"name\":\"unreadable\"}]");
    if (!document) document = parse_json("[{\"name\":\"not JSON\"}]");
    for (const Json row : document->root().elements()) {
      requests.rows.push_back({file.filename().string() + ": " + std::string(row.find("name").string_or("?")),
                               body_of(row), row.find(expectation)});
    }
    requests.documents.push_back(std::move(*document));
  }
  return requests;
}

}  // namespace mimus::server
