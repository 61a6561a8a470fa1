// framing:STYLE: the same events in other bytes. crlf, cr: other line ends. bom: a byte order mark before all.
// comments: one before each event. multiline: the data of an event on two lines, to be joined. no_space: "data:{".
// retry: a block that only sets the reconnection time, before all. Source: WHATWG HTML 9.2.6; all are legal.
#include <array>
#include <string_view>

#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"

namespace mimus::server {
namespace {

// The bytes with each of `from` replaced.
std::string replaced(std::string_view bytes, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (std::size_t at = 0;;) {
    const std::size_t found = bytes.find(from, at);
    out.append(bytes.substr(at, found - at));
    if (found == std::string_view::npos) return out;
    out.append(to);
    at = found + from.size();
  }
}

using Rewrite = std::string (*)(std::string_view bytes, bool is_first);

std::string crlf(std::string_view bytes, bool) {
  return replaced(replaced(bytes, "\r\n", "\n"), "\n", "\r\n");
}
std::string cr(std::string_view bytes, bool) {
  return replaced(replaced(bytes, "\r\n", "\n"), "\n", "\r");
}
std::string bom(std::string_view bytes, bool is_first) {
  return (is_first ? "\xEF\xBB\xBF" : "") + std::string(bytes);
}
std::string comments(std::string_view bytes, bool) {
  return ": mimus\n\n" + std::string(bytes);
}
std::string retry(std::string_view bytes, bool is_first) {
  return (is_first ? "retry: 1000\n\n" : "") + std::string(bytes);
}

// JSON has no line ends in mimus, and a brace may be followed by one.
std::string multiline(std::string_view bytes, bool) {
  const std::size_t brace = bytes.find("data: {");
  if (brace == std::string_view::npos) return std::string(bytes);
  const std::size_t split = brace + std::string_view("data: {").size();
  return std::string(bytes.substr(0, split)) + "\ndata: " + std::string(bytes.substr(split));
}

// Only field names at the start of a line are meant.
std::string no_space(std::string_view bytes, bool) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    std::string_view line = bytes.substr(0, end);
    for (const std::string_view field : {"data:", "event:"}) {
      if (!line.starts_with(field) || !line.substr(field.size()).starts_with(' ')) continue;
      out.append(field);
      line.remove_prefix(field.size() + 1);
    }
    out.append(line);
    bytes.remove_prefix(end);
  }
  return out;
}

struct Style {
  std::string_view name;
  Rewrite rewrite;
};
constexpr std::array<Style, 7> kStyles{{{"crlf", crlf},
                                        {"cr", cr},
                                        {"bom", bom},
                                        {"comments", comments},
                                        {"multiline", multiline},
                                        {"no_space", no_space},
                                        {"retry", retry}}};

class RewrittenFrames final : public FrameFilter {
 public:
  RewrittenFrames(Delivery& delivery, Rewrite rewrite) : FrameFilter(delivery), rewrite_(rewrite) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    frame.bytes = rewrite_(frame.bytes, number == 1);
    emit(std::move(frame));
  }

  Rewrite rewrite_;
};

}  // namespace

Delivery fault_framing(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  if (!is_event_stream(delivery)) return delivery;
  for (const Style& style : kStyles) {
    if (style.name == args.text("style", "")) {
      delivery.frames = std::make_unique<RewrittenFrames>(delivery, style.rewrite);
    }
  }
  return delivery;
}

}  // namespace mimus::server
