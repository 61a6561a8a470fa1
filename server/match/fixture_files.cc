#include "server/match/fixture_files.h"

#include <algorithm>
#include <system_error>

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

class FileFinder {
 public:
  Result<std::vector<FileStamp>> find(const std::vector<fs::path>& paths) {
    for (const fs::path& path : paths) visit(path);
    if (error_) return *error_;
    return std::move(found_);
  }

 private:
  void fail(const fs::path& path, std::string message) {
    if (!error_) error_ = Error{Errc::Io, std::move(message), path.string()};
  }

  void visit(const fs::path& path) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (failed) return fail(path, failed.message());
    if (fs::is_directory(status)) return visit_folder(path);
    if (!fs::is_regular_file(status)) return fail(path, "expected a file or folder, found a pipe, device or socket");
    FileStamp stamp{path, fs::last_write_time(path, failed), 0};
    if (!failed) stamp.size = fs::file_size(path, failed);
    if (failed) return fail(path, failed.message());
    found_.push_back(std::move(stamp));
    if (found_.size() > kMostFiles) fail(path, "more than " + std::to_string(kMostFiles) + " files");
  }

  // `open_` holds the real paths of the folders on the way down: a link back to one of them is a loop.
  void visit_folder(const fs::path& folder) {
    std::error_code failed;
    const fs::path real = fs::canonical(folder, failed);
    if (failed) return fail(folder, failed.message());
    if (std::find(open_.begin(), open_.end(), real) != open_.end()) {
      return fail(folder, "this folder leads back to " + real.string());
    }
    std::vector<fs::path> entries;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != fs::directory_iterator();
         entry.increment(failed)) {
      entries.push_back(entry->path());
    }
    if (failed) return fail(folder, failed.message());
    std::sort(entries.begin(), entries.end());
    open_.push_back(real);
    for (const fs::path& entry : entries) {
      if (error_) break;
      if (is_wanted(entry)) visit(entry);
    }
    open_.pop_back();
  }

  static bool is_wanted(const fs::path& entry) {
    if (entry.filename().string().starts_with(".")) return false;
    std::error_code failed;
    return fs::is_directory(entry, failed) || entry.extension() == ".json" || entry.extension() == ".jsonc";
  }

  static constexpr std::size_t kMostFiles = 100'000;
  std::vector<FileStamp> found_;
  std::vector<fs::path> open_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::vector<FileStamp>> find_fixture_files(const std::vector<fs::path>& paths) {
  return FileFinder().find(paths);
}

}  // namespace mimus::server
