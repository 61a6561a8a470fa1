// What does it cost to turn a reply into bytes? The whole body should take well under a microsecond and a chunk about
// two hundred nanoseconds: less than the system call that sends them.
#include <benchmark/benchmark.h>

#include "api/json.h"
#include "server/encode/chat_body.h"
#include "server/encode/chat_stream.h"
#include "server/encode/response_body.h"
#include "server/ids.h"

namespace mimus::server {
namespace {

ChatFrame openai_like_frame() {
  const BodyStyle style{.usage_details = true,
                        .refusal = true,
                        .annotations = true,
                        .logprobs = true,
                        .service_tier = true,
                        .system_fingerprint = true,
                        .obfuscation = true};
  return {.id = "chatcmpl-0123456789ABCDEFGHIJKLMNOPQRS",
          .created = 1767642812,
          .model = "gpt-4o-mini-2024-07-18",
          .service_tier = "",
          .system_fingerprint = "fp_0123456789",
          .style = style};
}

Reply reply_of(std::int64_t tokens) {
  Reply reply;
  reply.choices.resize(1);
  for (std::int64_t i = 0; i < tokens; ++i) reply.choices.front().text += i == 0 ? "The" : " bird";
  reply.usage = {.prompt_tokens = 20, .completion_tokens = tokens, .cached_tokens = 0, .reasoning_tokens = 0};
  return reply;
}

void WholeChatBody(benchmark::State& state) {
  const Reply reply = reply_of(60);
  const ChatFrame frame = openai_like_frame();
  if (!parse_json(encode_chat(frame, reply))) state.SkipWithError("the body is not JSON");
  std::int64_t bytes = 0;
  for (auto _ : state) {
    const std::string body = encode_chat(frame, reply);
    benchmark::DoNotOptimize(body.data());
    bytes += static_cast<std::int64_t>(body.size());
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(WholeChatBody);

// A new stream, and all of its frames.
void ChatStream(benchmark::State& state) {
  const Reply reply = reply_of(state.range(0));
  const ChatFrame frame = openai_like_frame();
  const StreamOptions options{.include_usage = false, .obfuscate = state.range(1) != 0};
  std::int64_t bytes = 0;
  std::int64_t frames = 0;
  for (auto _ : state) {
    const auto source = make_chat_stream(frame, reply, options);
    Frame out;
    while (source->next(out) == FrameSource::Pull::Ready) {
      benchmark::DoNotOptimize(out.bytes.data());
      bytes += static_cast<std::int64_t>(out.bytes.size());
      ++frames;
      out = {};  // as the transport does: the next frame allocates again
    }
  }
  if (frames != static_cast<std::int64_t>(state.iterations()) * (state.range(0) + 3))
    state.SkipWithError("chunks are missing");
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(frames);
}
BENCHMARK(ChatStream)->ArgNames({"tokens", "padded"})->Args({8, 0})->Args({8, 1})->Args({200, 0})->Args({200, 1});

void WholeResponse(benchmark::State& state) {
  const Reply reply = reply_of(60);
  const auto request = parse_json(R"({"model":"gpt-4o","input":"Hi"})");
  const ResponseFrame frame{.id = Ids(1).make(IdKind::Response),
                            .ids = Ids(1),
                            .created = 1767642812,
                            .completed = 1767642812,
                            .model = "gpt-4o-2024-08-06",
                            .service_tier = "",
                            .background = false,
                            .echo = encode_response_echo(request->root())};
  for (auto _ : state) {
    const std::string body = encode_response(frame, reply);
    benchmark::DoNotOptimize(body.data());
  }
}
BENCHMARK(WholeResponse);

void IdsOfOneReply(benchmark::State& state) {
  IdSource source;
  std::uint64_t digest = 0;
  for (auto _ : state) {
    const std::string id = source.next(++digest & 1023).make(IdKind::ChatCompletion);
    benchmark::DoNotOptimize(id.data());
  }
}
BENCHMARK(IdsOfOneReply);

}  // namespace
}  // namespace mimus::server
