#include "server/match/fixture_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "api/object_reader.h"

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

class Store : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "mimus-fixtures-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string file_with(const std::string& name) {
    return R"({"mimus":1,"fixtures":[{"name":")" + name + R"(","reply":{"text":"x"}}]})";
  }
  std::string names() {
    std::string all;
    for (const auto& listed : store_.list()) all += listed.fixture->name + " ";
    return all;
  }
  // The error of a load, with the temp folder's name taken out.
  std::string error_of(const std::vector<fs::path>& paths) {
    const auto done = store_.load(paths);
    if (done) return "loaded";
    std::string text = done.error().text();
    for (std::size_t at; (at = text.find(folder_.string())) != std::string::npos;) {
      text.replace(at, folder_.string().size(), "DIR");
    }
    return text;
  }

  fs::path folder_;
  FixtureStore store_{Vocabulary{}};
};

TEST_F(Store, LoadsFilesAndFoldersInTheOrderOfTheirNames) {
  write("b.json", file_with("b"));
  write("a/z.jsonc", file_with("z"));
  write("a/.hidden.json", "junk");
  write(".git/x.json", "junk");
  write("readme.md", "junk");
  const fs::path other = write("other.fixture", file_with("other"));
  ASSERT_EQ(error_of({folder_, other}), "loaded");
  EXPECT_EQ(names(), "z b other ");
}

TEST_F(Store, GivesOneClearErrorForWhatCannotBeLoaded) {
  EXPECT_EQ(error_of({folder_ / "none"}), "DIR/none: No such file or directory");
  const fs::path pipe = folder_ / "pipe.json";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error_of({pipe}), "DIR/pipe.json: expected a file or folder, found a pipe, device or socket");
  EXPECT_EQ(error_of({folder_}), "DIR/pipe.json: expected a file or folder, found a pipe, device or socket");
  fs::remove(pipe);
  fs::create_directory(folder_ / "sub");
  fs::create_directory_symlink(folder_, folder_ / "sub" / "back");
  EXPECT_EQ(error_of({folder_}), "DIR/sub/back: this folder leads back to DIR");
  fs::remove(folder_ / "sub" / "back");
  EXPECT_EQ(error_of({write("latin1.json", "{\"mimus\":1,\"fixtures\":[{\"name\":\"caf\xe9\"}]}")}),
            "DIR/latin1.json:1:36: not valid JSON: Invalid encoding in string.");
  EXPECT_EQ(error_of({write("nul.json", std::string("{\0}", 3))}),
            "DIR/nul.json:1:2: not valid JSON: A NUL byte is not JSON.");
  EXPECT_EQ(error_of({write("empty.json", "")}), "DIR/empty.json:1:1: not valid JSON: The document is empty.");
}

TEST_F(Store, RefusesFiftyMegabytesOfJunkAtOnce) {
  std::string junk(50'000'000, '\0');
  std::uint32_t state = 1;
  for (char& c : junk) c = static_cast<char>(32 + ((state = state * 1664525 + 1013904223) >> 24) % 90);
  const std::string error = error_of({write("junk.json", junk)});
  EXPECT_TRUE(error.starts_with("DIR/junk.json:1:1: not valid JSON: ")) << error.substr(0, 200);
  const std::string deep = error_of({write("deep.json", std::string(50'000'000, '['))});
  EXPECT_EQ(deep, "DIR/deep.json:1:514: not valid JSON: Nested deeper than 512 levels.");
}

TEST_F(Store, ReplacesASetWholeOrNotAtAll) {
  const fs::path good = write("good.json", file_with("good"));
  ASSERT_EQ(error_of({good}), "loaded");
  const auto before = store_.snapshot();
  EXPECT_NE(error_of({good, write("bad.json", "{}")}), "loaded");
  EXPECT_EQ(store_.snapshot(), before);
  EXPECT_EQ(names(), "good ");
}

TEST_F(Store, ReloadsWhatChangedAndKeepsTheOldSetOnAnError) {
  write("a.json", file_with("one"));
  ASSERT_EQ(error_of({folder_}), "loaded");
  const auto reload = [this] {
    const auto done = store_.reload_if_changed();
    return !done ? "error" : *done ? "reloaded" : "same";
  };
  EXPECT_STREQ(reload(), "same");
  write("a.json", file_with("second"));
  EXPECT_STREQ(reload(), "reloaded");
  EXPECT_EQ(names(), "second ");
  write("a.json", "{ half a file");
  EXPECT_STREQ(reload(), "error");
  EXPECT_STREQ(reload(), "same") << "told once";
  EXPECT_EQ(names(), "second ");
  write("a.json", file_with("third one"));
  write("b.json", file_with("b"));
  EXPECT_STREQ(reload(), "reloaded");
  EXPECT_EQ(names(), "third one b ");
  fs::remove(folder_ / "b.json");
  EXPECT_STREQ(reload(), "reloaded");
  EXPECT_EQ(names(), "third one ");
  fs::remove_all(folder_);
  EXPECT_STREQ(reload(), "error");
  EXPECT_STREQ(reload(), "same");
  EXPECT_EQ(names(), "third one ");
}

TEST_F(Store, AddsAndRemovesAtRunTime) {
  ASSERT_EQ(error_of({write("a.json", file_with("file"))}), "loaded");
  const auto one = store_.add(R"({"name":"one","reply":{}})");
  const auto two = store_.add(file_with("two"));
  ASSERT_TRUE(one && two);
  EXPECT_EQ(names(), "file one two ");
  EXPECT_TRUE(store_.remove(one->front()));
  EXPECT_FALSE(store_.remove(one->front()));
  EXPECT_EQ(names(), "file two ");
  ASSERT_EQ(error_of({folder_}), "loaded");
  EXPECT_EQ(names(), "file two ") << "a reload keeps what was added";
  const auto bad = store_.add(R"({"reply":{"txt":1}})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().text(), "(sent):1:11: /reply/txt: unknown key, did you mean \"text\"?");
  ASSERT_TRUE(store_.replace(file_with("new")));
  EXPECT_EQ(names(), "new ");
  store_.clear();
  EXPECT_EQ(names(), "");
}

TEST_F(Store, CountsHitsAndListsTheUnused) {
  const auto ids = store_.add(R"({"mimus":1,"fixtures":[{"name":"a","reply":{}},{"name":"b","reply":{}}]})");
  ASSERT_TRUE(ids);
  store_.count_hit(ids->at(1));
  store_.count_hit(ids->at(1));
  store_.count_hit(12345);
  EXPECT_EQ(store_.list()[1].hits, 2U);
  ASSERT_EQ(store_.unused().size(), 1U);
  EXPECT_EQ(store_.unused()[0]->name, "a");
  ASSERT_TRUE(store_.add(R"({"name":"c","reply":{}})"));
  EXPECT_EQ(store_.list()[1].hits, 2U) << "an addition keeps the counts";
}

TEST_F(Store, KeepsASnapshotWholeWhileTheSetChanges) {
  ASSERT_TRUE(store_.add(R"({"name":"a","when":{"json":{"/n":{"equals":{"deep":[1]}}}},"reply":{}})"));
  const auto snapshot = store_.snapshot();
  store_.clear();
  const JsonDocument body = std::move(*parse_file_text(R"({"n":{"deep":[1]}})", ""));
  const Question question = question_of("x", "", false, body.root(), {});
  int found = 0;
  snapshot->each_match(question, [&](const FixturePtr&) { return ++found, true; });
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace mimus::server
