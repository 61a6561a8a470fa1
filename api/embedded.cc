#include "api/embedded.h"

#include <span>

#include "api/embedded_data.h"

namespace mimus {
namespace {

std::span<const EmbeddedFile> all_files() {
  return {kEmbeddedFiles, kEmbeddedFileCount};
}

}  // namespace

std::optional<std::string_view> find_embedded(std::string_view name) {
  for (const EmbeddedFile& file : all_files()) {
    if (file.name == name) return file.text;
  }
  return std::nullopt;
}

std::vector<std::string_view> embedded_below(std::string_view folder) {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : all_files()) {
    if (file.name.starts_with(folder)) names.push_back(file.name);
  }
  return names;
}

}  // namespace mimus
