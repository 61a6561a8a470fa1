#include "server/record/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace mimus::server {
namespace {

Error failure(const std::filesystem::path& file) {
  return {Errc::Io, std::string("cannot be written: ") + std::strerror(errno), file.string()};
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    text.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return true;
}

// The renaming itself is on the disk only when the folder is. Not every file system can.
void settle_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Result<Done> write_file(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path draft = file.string() + ".tmp";
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return failure(file);
  struct stat old {};
  const bool keeps_mode = ::stat(file.c_str(), &old) != 0 || ::fchmod(descriptor, old.st_mode & 0777) == 0;
  const bool is_written = keeps_mode && write_all(descriptor, text) && ::fsync(descriptor) == 0;
  const Error problem = failure(file);
  ::close(descriptor);
  if (!is_written || ::rename(draft.c_str(), file.c_str()) != 0) {
    const Error why = is_written ? failure(file) : problem;
    ::unlink(draft.c_str());
    return why;
  }
  settle_folder(file);
  return Done{};
}

}  // namespace mimus::server
