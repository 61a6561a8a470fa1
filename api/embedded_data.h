// The table that cmake/write_embedded.cmake generates. Only embedded.cc and the generated file include this.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mimus {

struct EmbeddedFile {
  std::string_view name;  // "dialects/openai.json"
  std::string_view text;
};

extern const EmbeddedFile kEmbeddedFiles[];  // sorted by name
extern const std::size_t kEmbeddedFileCount;

}  // namespace mimus
