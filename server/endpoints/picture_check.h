// Whether a model takes the pictures that a caller sent. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/dialect/dialect.h"

namespace mimus::server {

struct SentPicture {
  std::string param;  // "image", "image[1]", "mask": for messages
  std::string_view bytes;
  std::optional<std::string_view> type;  // the media type it came with; nothing where it came without a place for one
};

// The first refusal, if any: too many, of an unsupported type, unreadable, too large, not square, of a mode that has no
// transparency, a mask of another size. `mask` may be null. `needs_mode`: an edit.
std::optional<Refusal> check_pictures(const std::vector<SentPicture>& pictures, const SentPicture* mask,
                                      const ImageInputs& inputs, bool needs_mode);

}  // namespace mimus::server
