#include "server/ids.h"

#include <algorithm>

#include "server/split_mix.h"

namespace mimus::server {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";

struct IdForm {
  std::string_view prefix;
  std::string_view alphabet;
  std::size_t length;
};

// In the order of IdKind.
constexpr std::array<IdForm, 17> kForms{{
    {"chatcmpl-", kBase62, 29},
    {"cmpl-", kBase62, 29},
    {"call_", kBase62, 24},
    {"req_", kHex, 32},
    {"resp_", kHex, 48},
    {"msg_", kHex, 48},
    {"fc_", kHex, 48},
    {"ctc_", kHex, 48},
    {"rs_", kHex, 48},
    {"file-", kBase62, 22},
    {"batch_", kHex, 32},
    {"batch_req_", kHex, 32},
    {"modr-", kBase62, 29},
    {"upload_", kHex, 32},
    {"part_", kHex, 32},
    {"conv_", kHex, 48},
    {"", kBase62, 22},
}};
static_assert(kForms.size() == static_cast<std::size_t>(IdKind::GeminiResponse) + 1);

std::string spell(const IdForm& form, std::uint64_t seed) {
  std::string id(form.prefix.size() + form.length, '\0');
  form.prefix.copy(id.data(), form.prefix.size());
  SplitMix64 numbers(seed);
  char* letter = id.data() + form.prefix.size();
  for (std::size_t i = 0; i < form.length; ++i) *letter++ = form.alphabet[numbers.below(form.alphabet.size())];
  return id;
}

// FNV-1a, 64 bits (Fowler, Noll, Vo).
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string Ids::make(IdKind kind, std::uint64_t index) const {
  const auto row = static_cast<std::size_t>(kind);
  const std::uint64_t place = SplitMix64::mixed((static_cast<std::uint64_t>(row) << 32) + index + 1);
  return spell(kForms[row], SplitMix64::mixed(root_ ^ place));
}

std::string system_fingerprint(std::string_view model) {
  return spell({"fp_", kHex, 10}, SplitMix64::mixed(hash_of(model)));
}

std::size_t IdSource::Mixed::operator()(std::uint64_t digest) const {
  return static_cast<std::size_t>(SplitMix64::mixed(digest));
}

IdSource::IdSource(std::size_t capacity) : capacity_of_shard_(std::max<std::size_t>(1, capacity / kShards)) {}

Ids IdSource::next(std::uint64_t digest) {
  Shard& shard = shards_[SplitMix64::mixed(digest) % kShards];
  std::uint64_t sighting = 0;
  {
    const std::lock_guard hold(shard.lock);
    const auto [entry, is_new] = shard.seen.try_emplace(digest, shard.floor);
    sighting = entry->second++;
    if (is_new) shard.by_age.push_back(digest);
    if (shard.by_age.size() > capacity_of_shard_) {
      const auto oldest = shard.seen.find(shard.by_age.front());
      shard.floor = std::max(shard.floor, oldest->second);
      shard.seen.erase(oldest);
      shard.by_age.pop_front();
    }
  }
  return Ids(SplitMix64::mixed(digest + SplitMix64::kStep * (sighting + 1)));
}

void IdSource::reset() {
  for (Shard& shard : shards_) {
    const std::lock_guard hold(shard.lock);
    shard.seen.clear();
    shard.by_age.clear();
    shard.floor = 0;
  }
}

}  // namespace mimus::server
