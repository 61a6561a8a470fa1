// The fixtures of a server: loaded from files, added and deleted while it runs, and how often each was hit.
// Thread-safe. A request takes a snapshot and is answered from it whole, whatever is loaded meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "api/brief_mutex.h"
#include "api/result.h"
#include "server/match/fixture_files.h"
#include "server/match/matcher.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

class FixtureStore {
 public:
  struct Listed {
    FixturePtr fixture;
    std::uint64_t hits = 0;
  };

  explicit FixtureStore(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}

  [[nodiscard]] std::shared_ptr<const Matcher> snapshot() const;

  // Loads files and folders: all of them, in the place of those loaded before, or on an error nothing. Fixtures added
  // at run time stay. Those from files start with fresh counters.
  Result<Done> load(const std::vector<std::filesystem::path>& paths);

  // For --watch: loads the paths of the last load() again if a file changed, came or went. False: nothing changed.
  // After an error the old set stays, and the same error is not given again: the files are tried anew once they change.
  Result<bool> reload_if_changed();

  // Adds the fixtures of a text: a whole file ({"mimus": 1, "fixtures": [...]}) or one fixture. All or none; their ids.
  Result<std::vector<std::uint64_t>> add(std::string_view text);
  // The same in the place of everything there is.
  Result<std::vector<std::uint64_t>> replace(std::string_view text);
  // False: there is no fixture of this id.
  bool remove(std::uint64_t id);
  void clear();
  // Deletes those added at run time; those of files stay.
  void remove_added();

  void count_hit(std::uint64_t id);
  void forget_hits();
  [[nodiscard]] std::vector<Listed> list() const;        // in the order of loading
  [[nodiscard]] std::vector<FixturePtr> unused() const;  // never hit

 private:
  // All under mutex_.
  std::vector<std::uint64_t> keep(std::vector<Fixture> fixtures, std::vector<FixturePtr>& to);
  void publish();

  const Vocabulary vocabulary_;
  mutable BriefMutex mutex_;
  std::vector<FixturePtr> from_files_;
  std::vector<FixturePtr> added_;
  std::vector<std::filesystem::path> paths_;
  std::vector<FileStamp> stamps_;  // of the files as last tried
  std::string watch_error_;        // why the files could not even be listed, as last told
  std::map<std::uint64_t, std::uint64_t> hits_;
  std::uint64_t next_id_ = 1;
  std::shared_ptr<const Matcher> matcher_ = std::make_shared<const Matcher>();
};

// The fixtures of the files, in order; the first error ends it, and names the file.
Result<std::vector<Fixture>> load_fixtures(const std::vector<FileStamp>& files, const Vocabulary& vocabulary);

}  // namespace mimus::server
