#include "api/read_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace mimus {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& file, std::size_t limit) {
  const auto fail = [&](std::string why) { return Error{Errc::Io, std::move(why), file.string()}; };
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (failed) return fail(failed.message());
  if (fs::is_directory(status)) return fail("expected a file, found a folder");
  if (!fs::is_regular_file(status)) return fail("expected a regular file, found a pipe, device or socket");
  const auto size = fs::file_size(file, failed);
  if (failed) return fail(failed.message());
  if (size > limit) {
    return fail("too large: " + std::to_string(size) + " bytes, at most " + std::to_string(limit) + " are read");
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(std::strerror(errno));
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) return fail(std::strerror(errno));
  return text;
}

}  // namespace mimus
