#include "server/record/recording_file.h"

#include "api/read_file.h"
#include "server/match/fixture_files.h"
#include "server/match/fixture_reader.h"
#include "server/record/recording_text.h"
#include "server/record/write_file.h"

namespace mimus::server {

namespace fs = std::filesystem;

Result<std::unique_ptr<RecordingFile>> RecordingFile::open(const fs::path& given, const Vocabulary& vocabulary) {
  std::error_code failed;
  const bool exists = fs::exists(given, failed);
  // A link is followed once and for all: renaming would put a file in its place.
  const fs::path file = exists ? fs::canonical(given, failed) : given;
  if (failed) return Error{Errc::Io, failed.message(), given.string()};
  std::string text = empty_recording();
  if (exists) {
    auto found = read_file(file, kMostFixtureBytes);
    if (!found) return found.error();
    const auto fixtures = read_fixtures(*found, file.string(), vocabulary);
    if (!fixtures) return fixtures.error();
    text = std::move(*found);
  }
  if (auto done = write_file(file, text); !done) return done.error();
  return std::unique_ptr<RecordingFile>(new RecordingFile(file));
}

Result<Done> RecordingFile::add(std::string_view when, std::string_view reply) {
  const std::lock_guard lock(mutex_);
  const auto text = read_file(file_, kMostFixtureBytes);
  if (!text) return text.error();
  const auto longer = with_exchange(*text, when, reply);
  if (!longer) return longer.error().in(file_.string());
  if (longer->size() > kMostFixtureBytes) {
    return Error{Errc::Io, "it would pass " + std::to_string(kMostFixtureBytes >> 20) + " MiB", file_.string()};
  }
  return write_file(file_, *longer);
}

}  // namespace mimus::server
