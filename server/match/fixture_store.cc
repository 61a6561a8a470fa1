#include "server/match/fixture_store.h"

#include <algorithm>
#include <iterator>

#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/match/fixture_reader.h"

namespace mimus::server {
namespace {

// What the control API is sent: a file's text, or one fixture by itself.
Result<std::vector<Fixture>> read_sent(std::string_view text, const Vocabulary& vocabulary) {
  const std::string name = "(sent)";
  auto parsed = parse_file_text(text, name);
  if (!parsed) return parsed.error();
  if (parsed->root().find("mimus") || parsed->root().find("fixtures")) return read_fixtures(text, name, vocabulary);
  const auto document = std::make_shared<const JsonDocument>(std::move(*parsed));
  auto fixture = read_fixture(document->root(), "", document, vocabulary);
  if (!fixture) return placed_in_file(fixture.error(), name, text);
  fixture->origin = name;
  std::vector<Fixture> fixtures;
  fixtures.push_back(std::move(*fixture));
  return fixtures;
}

}  // namespace

Result<std::vector<Fixture>> load_fixtures(const std::vector<FileStamp>& files, const Vocabulary& vocabulary) {
  std::vector<Fixture> all;
  for (const FileStamp& stamp : files) {
    const auto text = read_file(stamp.file, kMostFixtureBytes);
    if (!text) return text.error();
    auto fixtures = read_fixtures(*text, stamp.file.string(), vocabulary);
    if (!fixtures) return fixtures.error();
    std::move(fixtures->begin(), fixtures->end(), std::back_inserter(all));
  }
  return all;
}

std::shared_ptr<const Matcher> FixtureStore::snapshot() const {
  const std::lock_guard lock(mutex_);
  return matcher_;
}

std::vector<std::uint64_t> FixtureStore::keep(std::vector<Fixture> fixtures, std::vector<FixturePtr>& to) {
  std::vector<std::uint64_t> ids;
  for (Fixture& fixture : fixtures) {
    fixture.id = next_id_++;
    ids.push_back(fixture.id);
    to.push_back(std::make_shared<const Fixture>(std::move(fixture)));
  }
  return ids;
}

void FixtureStore::publish() {
  std::vector<FixturePtr> all = from_files_;
  all.insert(all.end(), added_.begin(), added_.end());
  std::map<std::uint64_t, std::uint64_t> hits;
  for (const FixturePtr& fixture : all) {
    const auto found = hits_.find(fixture->id);
    hits.emplace_hint(hits.end(), fixture->id, found == hits_.end() ? 0 : found->second);
  }
  hits_ = std::move(hits);
  matcher_ = std::make_shared<const Matcher>(std::move(all));
}

Result<Done> FixtureStore::load(const std::vector<std::filesystem::path>& paths) {
  auto files = find_fixture_files(paths);
  if (!files) return files.error();
  auto fixtures = load_fixtures(*files, vocabulary_);
  const std::lock_guard lock(mutex_);
  paths_ = paths;
  stamps_ = std::move(*files);
  if (!fixtures) return fixtures.error();
  from_files_.clear();
  keep(std::move(*fixtures), from_files_);
  publish();
  return Done{};
}

Result<bool> FixtureStore::reload_if_changed() {
  std::vector<std::filesystem::path> paths;
  std::vector<FileStamp> before;
  {
    const std::lock_guard lock(mutex_);
    paths = paths_;
    before = stamps_;
  }
  const auto files = find_fixture_files(paths);
  const std::string problem = files ? "" : files.error().text();
  {
    const std::lock_guard lock(mutex_);
    const bool is_told = problem == watch_error_;
    watch_error_ = problem;
    if (!files && is_told) return false;
  }
  if (!files) return files.error();
  if (*files == before) return false;
  if (const auto done = load(paths); !done) return done.error();
  return true;
}

Result<std::vector<std::uint64_t>> FixtureStore::add(std::string_view text) {
  auto fixtures = read_sent(text, vocabulary_);
  if (!fixtures) return fixtures.error();
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> ids = keep(std::move(*fixtures), added_);
  publish();
  return ids;
}

Result<std::vector<std::uint64_t>> FixtureStore::replace(std::string_view text) {
  auto fixtures = read_sent(text, vocabulary_);
  if (!fixtures) return fixtures.error();
  const std::lock_guard lock(mutex_);
  from_files_.clear();
  added_.clear();
  std::vector<std::uint64_t> ids = keep(std::move(*fixtures), added_);
  publish();
  return ids;
}

bool FixtureStore::remove(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto has_id = [id](const FixturePtr& fixture) { return fixture->id == id; };
  if (std::erase_if(from_files_, has_id) + std::erase_if(added_, has_id) == 0) return false;
  publish();
  return true;
}

void FixtureStore::clear() {
  const std::lock_guard lock(mutex_);
  from_files_.clear();
  added_.clear();
  publish();
}

void FixtureStore::remove_added() {
  const std::lock_guard lock(mutex_);
  added_.clear();
  publish();
}

void FixtureStore::forget_hits() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, hits] : hits_) hits = 0;
}

void FixtureStore::count_hit(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = hits_.find(id); found != hits_.end()) ++found->second;
}

std::vector<FixtureStore::Listed> FixtureStore::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Listed> listed;
  for (const auto* part : {&from_files_, &added_}) {
    for (const FixturePtr& fixture : *part) listed.push_back({fixture, hits_.at(fixture->id)});
  }
  return listed;
}

std::vector<FixturePtr> FixtureStore::unused() const {
  std::vector<FixturePtr> never;
  for (Listed& listed : list()) {
    if (listed.hits == 0) never.push_back(std::move(listed.fixture));
  }
  return never;
}

}  // namespace mimus::server
