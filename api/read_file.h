// Reading whole files. The only place in api that touches the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "api/result.h"

namespace mimus {

// The bytes of a regular file of at most `limit` bytes. Errc::Io names the file and why it cannot be read: absent,
// a folder, a pipe or device (never waited for), too large, no permission.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit);

}  // namespace mimus
