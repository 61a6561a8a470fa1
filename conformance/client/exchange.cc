#include "conformance/client/exchange.h"

#include <memory>
#include <string_view>
#include <thread>

#include "conformance/client/connection.h"

namespace mimus::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;

Ending ending_of(IoStatus status) {
  switch (status) {
    case IoStatus::Closed:
      return Ending::ClosedEarly;
    case IoStatus::TimedOut:
      return Ending::TimedOut;
    default:
      return Ending::Reset;
  }
}

std::string problem_of(Ending ending, const HttpReader& reader) {
  if (!reader.problem().empty()) return reader.problem();
  const std::string place = reader.has_head() ? "in the body" : "before the head was complete";
  switch (ending) {
    case Ending::ClosedEarly:
      return "the peer closed the connection " + place;
    case Ending::Reset:
      return "the connection was reset " + place;
    case Ending::TimedOut:
      return "our time was over " + place;
    case Ending::Left:
      return "we left " + place;
    default:
      return "";
  }
}

// Whether the body has begun so many events: a field "data:" each.
bool has_events(std::string_view body, int wanted) {
  for (std::size_t at = body.find("data:"); at != std::string_view::npos; at = body.find("data:", at + 1)) {
    if (--wanted <= 0) return true;
  }
  return false;
}

// Reads one reply into `recording` (raw, arrivals, ending).
void read_reply(Connection& connection, HttpReader& reader, int leave_after, Deadline deadline, Clock::time_point begin,
                Recording& recording) {
  recording.ending = Ending::Complete;
  while (reader.state() == HttpReader::State::Head || reader.state() == HttpReader::State::Body) {
    const std::size_t before = recording.raw.size();
    const IoStatus status = connection.read(recording.raw, deadline);
    if (status != IoStatus::Ok) {
      if (status == IoStatus::Closed) reader.close();
      if (reader.state() != HttpReader::State::Done) recording.ending = ending_of(status);
      break;
    }
    recording.arrivals.push_back({recording.raw.size(), duration_cast<microseconds>(Clock::now() - begin)});
    reader.feed(std::string_view(recording.raw).substr(before));
    if (leave_after > 0 && has_events(reader.body(), leave_after)) {
      recording.ending = Ending::Left;
      break;
    }
  }
  recording.raw.shrink_to_fit();  // it was read in large pieces, and is kept until the end of the run
  if (reader.state() == HttpReader::State::Bad) recording.ending = Ending::NotHttp;
  if (reader.state() == HttpReader::State::TooLarge) recording.ending = Ending::TooLarge;
  recording.problem = problem_of(recording.ending, reader);
}

bool stays_open(const HttpReader& reader) {
  const std::string* connection = reader.head().find("connection");
  return reader.state() == HttpReader::State::Done && reader.framing() != Framing::UntilClose &&
         (connection == nullptr || !equal_ignoring_case(*connection, "close"));
}

Recording failed_to_open(const Connection::Opened& opened, Clock::time_point begin) {
  Recording recording;
  recording.ending = opened.ending;
  recording.problem = opened.problem;
  recording.took = duration_cast<microseconds>(Clock::now() - begin);
  return recording;
}

// The request may be refused before it is sent whole (413): what the peer answered is read even then.
void send_and_read(Connection& connection, const Request& request, const ExchangeLimits& limits, Deadline deadline,
                   Recording& recording, HttpReader& reader) {
  const Clock::time_point begin = Clock::now();
  recording.raw.clear();
  recording.arrivals.clear();
  connection.write(request.to_bytes(), deadline);
  reader = HttpReader(limits.reply, request.method == "HEAD");
  read_reply(connection, reader, limits.leave_after, deadline, begin, recording);
  recording.took = duration_cast<microseconds>(Clock::now() - begin);
}

}  // namespace

Recording exchange(const Target& target, const Request& request, const std::optional<Request>& lead,
                   const ExchangeLimits& limits) {
  const Clock::time_point begin = Clock::now();
  const Deadline deadline{begin + limits.time, limits.interrupt};
  Connection::Opened opened = Connection::open(target, deadline);
  if (!opened.connection) {
    Recording recording = failed_to_open(opened, begin);
    recording.request = request;
    return recording;
  }
  Recording recording;
  HttpReader reader;
  if (lead) {
    send_and_read(*opened.connection, *lead, limits, deadline, recording, reader);
    recording.lead_raw = std::move(recording.raw);
    recording.reused = stays_open(reader);
    if (!recording.reused) opened = Connection::open(target, deadline);
    if (!opened.connection) {
      std::string lead_raw = std::move(recording.lead_raw);
      recording = failed_to_open(opened, begin);
      recording.lead_raw = std::move(lead_raw);
      recording.request = request;
      return recording;
    }
  }
  send_and_read(*opened.connection, request, limits, deadline, recording, reader);
  recording.request = request;
  return recording;
}

std::vector<Recording> exchange_together(const Target& target, const std::vector<Request>& requests,
                                         const ExchangeLimits& limits) {
  std::vector<Recording> recordings(requests.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([&, i] { recordings[i] = exchange(target, requests[i], std::nullopt, limits); });
  }
  for (std::thread& thread : threads) thread.join();
  return recordings;
}

}  // namespace mimus::conformance
