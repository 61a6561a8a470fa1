#include "api/json.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/pointer.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include "api/byte_scan.h"
#include "api/json_writer.h"

namespace mimus {
namespace {

using Value = rapidjson::Value;
using Document = rapidjson::Document;

const Value& value_of(const void* value) {
  return *static_cast<const Value*>(value);
}

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

// Passes the reader's events on to a document, up to a depth: the reader recurses, and so do all who walk a document.
class DepthGuard {
 public:
  explicit DepthGuard(Document& document) : to_(document) {}
  using Ch = char;
  bool Null() { return to_.Null(); }
  bool Bool(bool b) { return to_.Bool(b); }
  bool Int(int i) { return to_.Int(i); }
  bool Uint(unsigned u) { return to_.Uint(u); }
  bool Int64(std::int64_t i) { return to_.Int64(i); }
  bool Uint64(std::uint64_t u) { return to_.Uint64(u); }
  bool Double(double d) { return to_.Double(d); }
  bool RawNumber(const char* s, rapidjson::SizeType n, bool copy) { return to_.RawNumber(s, n, copy); }
  bool String(const char* s, rapidjson::SizeType n, bool copy) { return to_.String(s, n, copy); }
  bool Key(const char* s, rapidjson::SizeType n, bool copy) { return to_.Key(s, n, copy); }
  bool StartObject() { return ++depth_ <= kMaxJsonDepth && to_.StartObject(); }
  bool EndObject(rapidjson::SizeType n) { return --depth_, to_.EndObject(n); }
  bool StartArray() { return ++depth_ <= kMaxJsonDepth && to_.StartArray(); }
  bool EndArray(rapidjson::SizeType n) { return --depth_, to_.EndArray(n); }

 private:
  Document& to_;
  std::size_t depth_ = 0;
};

constexpr unsigned kUtf8 = rapidjson::kParseValidateEncodingFlag;  // needless for ASCII, and half of the work
constexpr unsigned kRelaxed = kUtf8 | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

template <unsigned kFlags>
rapidjson::ParseResult read_into(Document& document, char* text) {
  rapidjson::ParseResult result;
  auto generate = [&](Document& target) {
    rapidjson::InsituStringStream stream(text);
    DepthGuard guard(target);
    rapidjson::Reader reader;
    result = reader.Parse<kFlags | rapidjson::kParseInsituFlag>(stream, guard);
    return !result.IsError();
  };
  document.Populate(generate);
  return result;
}

std::string message_of(const rapidjson::ParseResult& result) {
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return "Nested deeper than " + std::to_string(kMaxJsonDepth) + " levels.";
  }
  return rapidjson::GetParseError_En(result.Code());
}

}  // namespace

struct JsonDocument::State {
  explicit State(std::string_view source)
      : pool(room.data(), room.size(), std::clamp<std::size_t>(source.size() * 2, 512, 64 * 1024), &heap),
        document(&pool, kStackBytes, &heap) {
    // RapidJSON takes all bytes that the lead of a UTF-8 sequence announces before it judges them: up to three beyond
    // the end of a text that is cut inside one, of which std::string guarantees only the first.
    constexpr std::size_t kLongestTail = 3;
    text.reserve(source.size() + kLongestTail);
    text.append(source).append(kLongestTail, '\0');
  }
  static constexpr std::size_t kStackBytes = 1024;       // what RapidJSON begins with
  std::string text;                                      // parsed in place: strings of the document point into it
  alignas(std::max_align_t) std::array<char, 512> room;  // of the pool, before it asks the heap for more
  rapidjson::CrtAllocator heap;
  Document::AllocatorType pool;
  Document document;
};

// The one place that may look behind the opaque pointer.
class JsonAccess {
 public:
  static Json make(const Value& value) { return Json(&value); }
  static const Value& value(Json json) { return value_of(json.value_); }
  static JsonDocument::State& state(JsonDocument& document) { return *document.state_; }
  static JsonDocument document(std::unique_ptr<JsonDocument::State> state) {
    JsonDocument result;
    result.state_ = std::move(state);
    return result;
  }
  static std::unique_ptr<JsonDocument::State> state_for(std::string_view text) {
    return std::make_unique<JsonDocument::State>(text);
  }
};

Json::Kind Json::kind() const {
  if (value_ == nullptr) return Kind::Missing;
  const Value& value = value_of(value_);
  switch (value.GetType()) {
    case rapidjson::kNullType:
      return Kind::Null;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return Kind::Bool;
    case rapidjson::kObjectType:
      return Kind::Object;
    case rapidjson::kArrayType:
      return Kind::Array;
    case rapidjson::kStringType:
      return Kind::String;
    case rapidjson::kNumberType:
      return value.IsInt64() ? Kind::Integer : Kind::Number;
  }
  return Kind::Null;
}

bool Json::as_bool() const {
  return value_of(value_).GetBool();
}

std::int64_t Json::as_int() const {
  return value_of(value_).GetInt64();
}

double Json::as_double() const {
  return value_of(value_).GetDouble();
}
std::string_view Json::as_string() const {
  return text_of(value_of(value_));
}

std::size_t Json::size() const {
  if (value_ == nullptr) return 0;
  const Value& value = value_of(value_);
  if (value.IsArray()) return value.Size();
  if (value.IsObject()) return value.MemberCount();
  return 0;
}

Json Json::at(std::size_t index) const {
  if (!is_array() || index >= size()) return {};
  return Json(&value_of(value_)[static_cast<rapidjson::SizeType>(index)]);
}

JsonMember Json::member(std::size_t index) const {
  assert(is_object() && index < size());
  const auto member = value_of(value_).MemberBegin() + static_cast<std::ptrdiff_t>(index);
  return {text_of(member->name), Json(&member->value)};
}

Json Json::find(std::string_view key) const {
  if (value_ == nullptr || !value_of(value_).IsObject()) return {};
  const Value& value = value_of(value_);
  // A loop over the letters of a name, which are few: a call of memcmp() would cost more than all the rest.
  const auto is_key = [key](const Value& name) {
    if (name.GetStringLength() != key.size()) return false;
    return std::equal(key.begin(), key.end(), name.GetString(), [](char a, char b) { return a == b; });
  };
  for (auto member = value.MemberBegin(); member != value.MemberEnd(); ++member) {
    if (is_key(member->name)) return Json(&member->value);
  }
  return {};
}

Json Json::find_pointer(std::string_view pointer) const {
  if (value_ == nullptr) return {};
  const rapidjson::Pointer path(pointer.data(), pointer.size());
  if (!path.IsValid()) return {};
  const Value* found = path.Get(value_of(value_));
  return found == nullptr ? Json() : Json(found);
}

JsonDocument::JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Json JsonDocument::root() const {
  static const Value null;
  return Json(state_ == nullptr ? &null : &state_->document);
}

Result<JsonDocument, JsonSyntaxError> parse_json(std::string_view text, JsonSyntax syntax) {
  // In place means that a NUL ends the text: one inside it would hide what follows.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return JsonSyntaxError{"A NUL byte is not JSON.", nul};
  }
  auto state = JsonAccess::state_for(text);
  const auto read = syntax == JsonSyntax::Relaxed ? read_into<kRelaxed>
                    : is_ascii(text)              ? read_into<rapidjson::kParseNoFlags>
                                                  : read_into<kUtf8>;
  const rapidjson::ParseResult result = read(state->document, state->text.data());
  if (result.IsError()) return JsonSyntaxError{message_of(result), std::min(result.Offset(), text.size())};
  return JsonAccess::document(std::move(state));
}

std::string to_text(Json json) {
  std::string out;
  append_text(json, out);
  return out;
}

void append_text(Json json, std::string& out) {
  JsonWriter writer(out);
  writer.value(json);
}

bool equal(Json a, Json b) {
  if (a.is_number() && b.is_number()) {
    return a.is_integer() && b.is_integer() ? a.as_int() == b.as_int() : a.as_double() == b.as_double();
  }
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
    case Json::Kind::Bool:
      return a.as_bool() == b.as_bool();
    case Json::Kind::String:
      return a.as_string() == b.as_string();
    case Json::Kind::Array:
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(a.at(i), b.at(i))) return false;
      }
      return true;
    case Json::Kind::Object:
      for (auto [key, value] : a.members()) {
        const Json other = b.find(key);
        if (!other || !equal(value, other)) return false;
      }
      return true;
    default:
      return true;
  }
}

namespace {

// RapidJSON 1.1's CopyFrom leaves strings that were parsed in place where they are; this copies them as well.
Value deep_copy(const Value& source, Document::AllocatorType& pool) {
  Value copy;
  if (source.IsString()) {
    copy.SetString(source.GetString(), source.GetStringLength(), pool);
  } else if (source.IsArray()) {
    copy.SetArray();
    for (const Value& element : source.GetArray()) copy.PushBack(deep_copy(element, pool), pool);
  } else if (source.IsObject()) {
    copy.SetObject();
    for (const auto& member : source.GetObject()) {
      copy.AddMember(deep_copy(member.name, pool), deep_copy(member.value, pool), pool);
    }
  } else {
    copy.CopyFrom(source, pool);
  }
  return copy;
}

void apply_merge_patch(Value& target, const Value& patch, Document::AllocatorType& pool) {
  if (!patch.IsObject()) {
    target = deep_copy(patch, pool);
    return;
  }
  if (!target.IsObject()) target.SetObject();
  for (const auto& member : patch.GetObject()) {
    const bool is_there = target.HasMember(member.name);  // clang finds the iterators' != ambiguous in C++20
    if (member.value.IsNull()) {
      if (is_there) target.EraseMember(target.FindMember(member.name));
    } else if (is_there) {
      apply_merge_patch(target.FindMember(member.name)->value, member.value, pool);
    } else {
      Value fresh;
      apply_merge_patch(fresh, member.value, pool);
      target.AddMember(deep_copy(member.name, pool), fresh, pool);
    }
  }
}

}  // namespace

JsonDocument merge_patch(Json base, Json patch) {
  auto state = JsonAccess::state_for({});
  Value& target = state->document;
  if (base) target = deep_copy(JsonAccess::value(base), state->pool);
  if (patch) apply_merge_patch(target, JsonAccess::value(patch), state->pool);
  return JsonAccess::document(std::move(state));
}

JsonDocument copy_of(Json json) {
  return merge_patch(json, {});
}

}  // namespace mimus
