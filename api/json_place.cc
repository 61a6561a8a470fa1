// Places in a text, for error messages. A pointer's place is found by reading the text again, so that parsing
// itself pays nothing for it.
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/json.h"

namespace mimus {
namespace {

class PlaceFinder {
 public:
  using Ch = char;
  PlaceFinder(rapidjson::StringStream& stream, std::string_view wanted) : stream_(stream), wanted_(wanted) {}

  bool Null() { return value(); }
  bool Bool(bool) { return value(); }
  bool Int(int) { return value(); }
  bool Uint(unsigned) { return value(); }
  bool Int64(std::int64_t) { return value(); }
  bool Uint64(std::uint64_t) { return value(); }
  bool Double(double) { return value(); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return value(); }
  bool String(const char*, rapidjson::SizeType, bool) { return value(); }
  bool Key(const char* name, rapidjson::SizeType size, bool) {
    levels_.back().step = pointer_step({name, size});
    levels_.back().key_start = stream_.Tell();  // the reader reports a string before it moves past it
    return true;
  }
  bool StartObject() { return enter(false); }
  bool EndObject(rapidjson::SizeType) { return leave(); }
  bool StartArray() { return enter(true); }
  bool EndArray(rapidjson::SizeType) { return leave(); }

  [[nodiscard]] std::optional<std::size_t> found() const { return found_; }

 private:
  struct Level {
    bool is_array = false;
    std::size_t index = 0;
    std::string step;
    std::size_t key_start = 0;
  };

  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Level& level : levels_) path += "/" + (level.is_array ? std::to_string(level.index) : level.step);
    return path;
  }

  // A value begins or has just been read at this place.
  bool reached() {
    if (levels_.size() > kMaxJsonDepth) return false;
    if (path() != wanted_) return true;
    const std::size_t here = stream_.Tell();
    const bool is_member = !levels_.empty() && !levels_.back().is_array;
    found_ = is_member ? levels_.back().key_start : (here == 0 ? 0 : here - 1);
    return false;
  }
  void next() {
    if (!levels_.empty() && levels_.back().is_array) ++levels_.back().index;
  }
  bool value() {
    if (!reached()) return false;
    next();
    return true;
  }
  bool enter(bool is_array) {
    if (!reached()) return false;
    levels_.push_back({is_array, 0, {}, 0});
    return true;
  }
  bool leave() {
    levels_.pop_back();
    next();
    return true;
  }

  rapidjson::StringStream& stream_;
  std::string_view wanted_;
  std::vector<Level> levels_;
  std::optional<std::size_t> found_;
};

}  // namespace

TextPlace place_of_offset(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t last = before.rfind('\n');
  return {lines + 1, last == std::string_view::npos ? before.size() + 1 : before.size() - last};
}

std::optional<TextPlace> place_of_pointer(std::string_view text, std::string_view pointer) {
  const std::string copy(text);
  rapidjson::StringStream stream(copy.c_str());
  PlaceFinder finder(stream, pointer);
  rapidjson::Reader reader;
  reader.Parse<rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag>(stream, finder);
  if (!finder.found()) return std::nullopt;
  return place_of_offset(text, *finder.found());
}

std::string pointer_step(std::string_view key) {
  std::string step;
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

}  // namespace mimus
