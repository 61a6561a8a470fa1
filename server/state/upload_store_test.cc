#include "server/state/upload_store.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using Kind = UploadRefusal::Kind;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};

UploadPart part(const std::string& id, const std::string& data) {
  return {id, std::make_shared<const std::string>(data)};
}

class Uploads : public testing::Test {
 protected:
  Uploads() {
    Upload upload;
    upload.id = "upload_1";
    upload.bytes = 6;
    upload.created = kNow;
    upload.expires = kNow + minutes(60);
    EXPECT_TRUE(store.put(upload));
  }
  void fill() {
    EXPECT_TRUE(store.add_part("upload_1", part("p1", "abc"), kNow));
    EXPECT_TRUE(store.add_part("upload_1", part("p2", "def"), kNow));
  }
  Kind complete(const std::vector<std::string>& ids, std::string_view md5 = "") {
    const auto done = store.complete("upload_1", ids, md5, "file-1", kNow);
    EXPECT_FALSE(done);
    return done.error().kind;
  }
  UploadStore store{{10, 10'000}};
};

TEST_F(Uploads, JoinPartsInTheOrderThatIsAskedFor) {
  fill();
  const auto done = store.complete("upload_1", {"p2", "p1"}, "", "file-1", kNow);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->content, "defabc");
  EXPECT_EQ(done->upload.status, UploadStatus::Completed);
  EXPECT_EQ(store.find("upload_1", kNow + minutes(100))->file_id, "file-1");  // completed does not expire
  EXPECT_EQ(store.find("upload_1", kNow + minutes(100))->status, UploadStatus::Completed);
}

TEST_F(Uploads, CheckADigestWhenOneIsGiven) {
  fill();
  EXPECT_EQ(complete({"p1", "p2"}, "00000000000000000000000000000000"), Kind::WrongMd5);
  // echo -n abcdef | md5sum
  EXPECT_TRUE(store.complete("upload_1", {"p1", "p2"}, "E80B5017098950FC58AAD83C8C14978E", "file-1", kNow));
}

TEST_F(Uploads, RefuseWhatDoesNotAddUp) {
  fill();
  EXPECT_EQ(complete({"p1"}), Kind::WrongSize);
  EXPECT_EQ(complete({"p1", "p2", "p1"}), Kind::WrongSize);
  EXPECT_EQ(complete({"p1", "px"}), Kind::UnknownPart);
  EXPECT_EQ(complete({}), Kind::WrongSize);
  EXPECT_EQ(store.add_part("upload_1", part("p3", "g"), kNow).error().kind, Kind::TooLarge);
  EXPECT_EQ(store.add_part("upload_2", part("p3", ""), kNow).error().kind, Kind::NotFound);
  EXPECT_EQ(store.complete("upload_2", {}, "", "f", kNow).error().kind, Kind::NotFound);
  EXPECT_EQ(store.cancel("upload_2", kNow).error().kind, Kind::NotFound);
}

TEST_F(Uploads, TakeNothingMoreOnceTheyAreOver) {
  fill();
  EXPECT_EQ(store.cancel("upload_1", kNow)->status, UploadStatus::Cancelled);
  EXPECT_EQ(complete({"p1", "p2"}), Kind::NotPending);
  const auto refused = store.add_part("upload_1", part("p3", ""), kNow);
  EXPECT_EQ(refused.error().kind, Kind::NotPending);
  EXPECT_EQ(refused.error().detail, "cancelled");
  EXPECT_EQ(store.cancel("upload_1", kNow).error().kind, Kind::NotPending);
}

TEST_F(Uploads, ExpireAfterTheirHour) {
  EXPECT_EQ(store.find("upload_1", kNow + minutes(60) - Duration(1))->status, UploadStatus::Pending);
  EXPECT_EQ(store.find("upload_1", kNow + minutes(60))->status, UploadStatus::Expired);
  EXPECT_EQ(store.add_part("upload_1", part("p", "a"), kNow + minutes(60)).error().detail, "expired");
}

TEST_F(Uploads, StayWithinTheCapOfTheStore) {
  UploadStore small({10, 1'000});
  Upload upload;
  upload.id = "u";
  upload.bytes = 5'000;
  upload.expires = kNow + minutes(60);
  ASSERT_TRUE(small.put(upload));
  EXPECT_TRUE(small.add_part("u", part("p", std::string(300, 'x')), kNow));
  EXPECT_EQ(small.add_part("u", part("p", std::string(300, 'x')), kNow).error().kind, Kind::TooLarge);
}

}  // namespace
}  // namespace mimus::server
