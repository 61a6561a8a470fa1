#include "server/state/stored_reply.h"

#include <algorithm>

namespace mimus::server {
namespace {
constexpr std::size_t kOverhead = 256;  // what an entry costs beside its texts, about
}  // namespace

std::size_t bytes_of(const StoredReply& reply) {
  std::size_t bytes =
      kOverhead + reply.model.size() + reply.request_id.size() + reply.request.size() + reply.body.size();
  for (const auto& [key, value] : reply.metadata) bytes += key.size() + value.size();
  return bytes;
}

bool matches(const StoredReply& reply, std::string_view model, const std::map<std::string, std::string>& metadata) {
  if (!model.empty() && reply.model != model) return false;
  return std::all_of(metadata.begin(), metadata.end(), [&](const auto& wanted) {
    const auto found = reply.metadata.find(wanted.first);
    return found != reply.metadata.end() && found->second == wanted.second;
  });
}

}  // namespace mimus::server
