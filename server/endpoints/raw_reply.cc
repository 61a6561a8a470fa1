#include "server/endpoints/raw_reply.h"

namespace mimus::server {

Delivery raw_reply(const ScriptedRaw& raw, const TemplateContext& context) {
  Delivery delivery;
  delivery.status = raw.status;
  if (!raw.content_type.empty()) delivery.headers.push_back({"content-type", raw.content_type});
  delivery.ending = raw.ending;
  if (raw.chunks.empty()) {
    delivery.body = raw.body.render(context);
    return delivery;
  }
  std::vector<Frame> frames;
  for (const RawChunk& chunk : raw.chunks) frames.push_back({chunk.bytes, chunk.at});
  delivery.head_due = frames.front().due;
  delivery.frames = std::make_unique<FixedFrames>(std::move(frames));
  return delivery;
}

void lay_over(std::vector<Header>& headers, std::vector<Header> scripted) {
  for (Header& header : scripted) {
    std::erase_if(headers, [&](const Header& old) { return equal_ignoring_case(old.name, header.name); });
  }
  for (Header& header : scripted) headers.push_back(std::move(header));
}

}  // namespace mimus::server
