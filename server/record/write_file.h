// Replacing a file so that whoever reads it, also after a crash, finds either the old text or the new one.
#pragma once

#include <filesystem>
#include <string_view>

#include "api/result.h"

namespace mimus::server {

// Writes beside it (FILE.tmp), has the disk take it, and renames. An existing file keeps its permissions. Errc::Io.
Result<Done> write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace mimus::server
