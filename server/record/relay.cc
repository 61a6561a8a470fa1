#include "server/record/relay.h"

#include <system_error>
#include <utility>

#include "server/record/relayed_exchange.h"

namespace mimus::server {

Result<std::unique_ptr<Relay>> Relay::create(const RecordOptions& options, const Vocabulary& vocabulary, Log& log) {
  const auto url = read_upstream_url(options.upstream);
  if (!url) return url.error().in("--upstream");
  UpstreamOptions to;
  to.tls = url->tls;
  to.host = url->host;
  to.port = url->port;
  to.ca_file = options.ca_file;
  to.silence_deadline = options.silence_deadline;
  auto upstream = Upstream::create(std::move(to));
  if (!upstream) return upstream.error().in("--upstream-ca");
  auto file = RecordingFile::open(options.file, vocabulary);
  if (!file) return file.error().in("--record");
  return std::unique_ptr<Relay>(new Relay(std::move(*upstream), *url, options.key, std::move(*file), log));
}

Relay::Relay(Upstream upstream, UpstreamUrl url, std::string key, std::unique_ptr<RecordingFile> file, Log& log)
    : upstream_(std::move(upstream)), url_(std::move(url)), key_(std::move(key)), file_(std::move(file)), log_(log) {}

Relay::~Relay() {
  std::list<Running> last;
  {
    const std::lock_guard lock(mutex_);
    for (const Running& running : running_) running.frames->cancel();
    last.splice(last.end(), running_);
  }
  for (Running& running : last) running.thread.join();
}

void Relay::bury() {
  for (auto it = running_.begin(); it != running_.end();) {
    if (it->is_over) it->thread.join();
    it = it->is_over ? running_.erase(it) : std::next(it);
  }
}

void Relay::start(RelayJob job) {
  std::unique_lock lock(mutex_);
  bury();
  if (running_.size() >= kMostExchanges) {
    lock.unlock();
    return job.respond(job.refuse(503, "there are " + std::to_string(kMostExchanges) + " requests under way already"));
  }
  Running& place = running_.emplace_back();
  place.frames = std::make_shared<RelayedFrames>();
  if (auto* left = std::exchange(job.left, nullptr)) *left = [frames = place.frames] { frames->cancel(); };
  // Shared with the refusal, should there be no thread.
  const auto work = std::make_shared<const RelayJob>(std::move(job));
  try {
    place.thread = std::thread([this, work, &place] {
      run(*work, place.frames);
      const std::lock_guard done(mutex_);
      place.is_over = true;
    });
  } catch (const std::system_error&) {  // no more threads
    running_.pop_back();
    lock.unlock();
    work->respond(work->refuse(503, "there is no thread left for it"));
  }
}

// Recorded before the client learns that the reply is complete: who has seen its end finds it in the file.
void Relay::run(const RelayJob& job, const std::shared_ptr<RelayedFrames>& frames) {
  RelayedExchange exchange(job, frames);
  const auto result = exchange.run(upstream_);
  const std::string what = job.request.method + " " + job.request.target.substr(0, job.request.target.find('?'));
  if (!result && result.error().kind == UpstreamFailure::Kind::Cancelled) {
    log_.info("not recorded: " + what + ": the client left");
  } else if (!result) {
    log_.warn("not recorded: " + what + ": " + upstream_.name() + ": " + result.error().message);
  } else if (exchange.reply() == nullptr) {
    log_.warn("not recorded: " + what + ": the reply is too large");
  } else if (!job.when.empty()) {
    const std::string reply = reply_text(*exchange.reply());
    const bool holds_key = job.secret.size() >= 8 && (reply + job.when).find(job.secret) != std::string::npos;
    const Result<Done> added =
        holds_key ? Error{Errc::BadInput, "it holds the API key", ""} : file_->add(job.when, reply);
    if (!added) log_.error("not recorded: " + what + ": " + added.error().text());
  }
  exchange.finish(result, upstream_.name());
}

}  // namespace mimus::server
