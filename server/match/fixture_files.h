// Where fixtures lie on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/result.h"

namespace mimus::server {

// A file as it was when looked at, to notice that it changed.
struct FileStamp {
  std::filesystem::path file;
  std::filesystem::file_time_type modified;
  std::uintmax_t size = 0;
  bool operator==(const FileStamp&) const = default;
};

// The files that `paths` name: a file itself, whatever it is called; of a folder all that end in .json or .jsonc, in it
// and below, in the order of their names. Files and folders that begin with a dot are passed over. Errc::Io: a path is
// absent or unreadable, folders lead back into themselves, or there are too many files. Does not open any.
Result<std::vector<FileStamp>> find_fixture_files(const std::vector<std::filesystem::path>& paths);

// Far above any use; a file of junk is refused early.
inline constexpr std::size_t kMostFixtureBytes = 512 * 1024 * 1024;

}  // namespace mimus::server
