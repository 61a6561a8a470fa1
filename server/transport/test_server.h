// A transport on a free port for tests, and what they need around it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/transport/http_server.h"
#include "server/transport/raw_client.h"

namespace mimus::server {

// Starts a server, or fails the test.
inline std::unique_ptr<HttpServer> serve(TransportOptions options, Handler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  if (!server) ADD_FAILURE() << server.error().text();
  return server ? *std::move(server) : nullptr;
}

inline Delivery text_reply(std::string body) {
  Delivery delivery;
  delivery.headers = {{"Content-Type", "text/plain"}};
  delivery.body = std::move(body);
  return delivery;
}

inline Delivery stream_reply(std::vector<Frame> frames, Ending ending = Ending::Clean) {
  Delivery delivery;
  delivery.headers = {{"Content-Type", "text/event-stream"}};
  delivery.frames = std::make_unique<FixedFrames>(std::move(frames));
  delivery.ending = ending;
  return delivery;
}

// Answers with what it was asked.
inline void echo(const HttpRequest& request, const Respond& respond) {
  respond(text_reply(std::string(request.method) + " " + std::string(request.target) + " [" +
                     std::string(request.body) + "]"));
}

// Things that happen on other threads, for the test to wait for; ten seconds at most.
template <class T>
class Happened {
 public:
  void push(T thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(thing));
    changed_.notify_all();
  }
  T wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [this] { return !things_.empty(); })) {
      ADD_FAILURE() << "nothing happened";
      return T();
    }
    T thing = std::move(things_.front());
    things_.pop_front();
    return thing;
  }
  bool is_empty() {
    const std::lock_guard lock(mutex_);
    return things_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> things_;
};

// A source fed by the test; without food it waits.
class FedSource final : public FrameSource {
 public:
  struct Feed {
    std::mutex mutex;
    std::deque<std::string> frames;
    bool is_ended = false;
    std::function<void()> wake;

    void give(std::string bytes) {
      std::function<void()> call;
      {
        const std::lock_guard lock(mutex);
        frames.push_back(std::move(bytes));
        call = wake;
      }
      if (call) call();
    }
    void end() {
      std::function<void()> call;
      {
        const std::lock_guard lock(mutex);
        is_ended = true;
        call = wake;
      }
      if (call) call();
    }
  };

  explicit FedSource(std::shared_ptr<Feed> feed) : feed_(std::move(feed)) {}  // shared with the test, which outlives it
  Pull next(Frame& frame) override {
    const std::lock_guard lock(feed_->mutex);
    if (feed_->frames.empty()) return feed_->is_ended ? Pull::End : Pull::Wait;
    frame.bytes = std::move(feed_->frames.front());
    feed_->frames.pop_front();
    return Pull::Ready;
  }
  void on_ready(std::function<void()> wake) override {
    const std::lock_guard lock(feed_->mutex);
    feed_->wake = std::move(wake);
  }

 private:
  std::shared_ptr<Feed> feed_;
};

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

// Every contract of the transport holds for both executors.
class Transport : public testing::TestWithParam<Executor> {
 protected:
  static TransportOptions options() {
    TransportOptions options;
    options.executor = GetParam();
    options.reactors = 1;
    return options;
  }
};

inline std::string executor_name(const testing::TestParamInfo<Executor>& info) {
  return info.param == Executor::Reactor ? "Reactor" : "Threads";
}

}  // namespace mimus::server
