// The file that exchanges are recorded into. Each one is on the disk, whole, before add() returns: who kills mimus, or
// the machine, loses at most what was not added yet. Thread-safe; another program that writes the file at the same
// moment may lose what it wrote.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "api/result.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

class RecordingFile {
 public:
  // Takes up an existing file, or makes one without fixtures. Errors: it is no fixture file, or cannot be written.
  static Result<std::unique_ptr<RecordingFile>> open(const std::filesystem::path& file, const Vocabulary& vocabulary);

  // Reads the file anew, so what a person changed meanwhile stays. Errors: it cannot be read or written, what stands in
  // it is no longer a fixture file, or it would become too large to be loaded.
  Result<Done> add(std::string_view when, std::string_view reply);

  [[nodiscard]] const std::filesystem::path& path() const { return file_; }

 private:
  explicit RecordingFile(std::filesystem::path file) : file_(std::move(file)) {}

  const std::filesystem::path file_;
  std::mutex mutex_;  // one add() at a time
};

}  // namespace mimus::server
