#include "benchmarks/load/load_report.h"

#include <cstdarg>
#include <cstdio>

#include "api/json_writer.h"

namespace mimus::load {
namespace {

double ms(std::int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

[[gnu::format(printf, 2, 3)]] void append_line(std::string& out, const char* format, ...) {
  char line[256];
  va_list values;
  va_start(values, format);
  std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  out.append(line).append("\n");
}

void append_times(std::string& out, const char* name, const Histogram& h, const char* meaning) {
  append_line(out, "%-12s p50 %.2f ms  p99 %.2f ms  max %.2f ms   %s", name, ms(h.percentile(50)), ms(h.percentile(99)),
              ms(h.max()), meaning);
}

// Bytes that each open stream added to the server; 0 when it was not watched.
std::int64_t bytes_per_stream(const LoadResult& r) {
  if (!r.server_before || !r.server_full || r.most_open == 0) return 0;
  return (r.server_full->resident_bytes - r.server_before->resident_bytes) / r.most_open;
}

void append_server(std::string& out, const LoadResult& r) {
  if (!r.server_before || !r.server_full || !r.server_after) return;
  const double cpu_us = static_cast<double>((r.server_after->cpu - r.server_before->cpu).count()) * 1e3;
  append_line(out, "%-12s %.1f MB before, %.1f MB with %d streams: %.2f KB a stream; CPU %.1f us a token", "server",
              static_cast<double>(r.server_before->resident_bytes) / 1e6,
              static_cast<double>(r.server_full->resident_bytes) / 1e6, r.most_open,
              static_cast<double>(bytes_per_stream(r)) / 1e3,
              r.tokens > 0 ? cpu_us / static_cast<double>(r.tokens) : 0.0);
}

void write_times(JsonWriter& json, const char* name, const Histogram& h) {
  json.key(name)
      .object()
      .member("count", h.count())
      .member("p50_ns", h.percentile(50))
      .member("p90_ns", h.percentile(90));
  json.member("p99_ns", h.percentile(99)).member("p999_ns", h.percentile(99.9)).member("max_ns", h.max()).end_object();
}

}  // namespace

std::string text_report(const LoadResult& r) {
  std::string out;
  const double share =
      r.tokens_due == 0 ? 0 : 100.0 * static_cast<double>(r.tokens) / static_cast<double>(r.tokens_due);
  append_line(out, "%-12s %d of %d whole, %d open at most, in %.2f s", "streams", r.ends[0], r.streams, r.most_open,
              ms(r.took.count()) / 1e3);
  append_line(out, "%-12s %lld of %lld (%.2f %%)", "tokens", static_cast<long long>(r.tokens),
              static_cast<long long>(r.tokens_due), share);
  append_times(out, "lateness", r.lateness.from_request, "against request + ttft + k * delay");
  append_times(out, "pacing", r.lateness.from_first, "against first token + k * delay");
  append_times(out, "first token", r.lateness.first_token, "after the request");
  append_server(out, r);
  append_line(out, "%-12s %d thread%s, CPU %.0f %%, starts late p99 %.2f ms", "client", r.threads,
              r.threads == 1 ? "" : "s",
              100.0 * static_cast<double>(r.client_cpu.count()) / std::max(1.0, ms(r.took.count())),
              ms(r.start_lag.percentile(99)));
  for (int i = 1; i < kStreamFailures; ++i) {
    if (r.ends[i] > 0)
      append_line(out, "%-12s %d %s", "failed", r.ends[i], std::string(name_of(static_cast<StreamFailure>(i))).c_str());
  }
  return out;
}

std::string json_report(const LoadResult& r) {
  std::string out;
  JsonWriter json(out);
  json.object().member("streams", r.streams).member("whole", r.ends[0]).member("most_open", r.most_open);
  json.member("tokens", r.tokens).member("tokens_due", r.tokens_due).member("took_ns", r.took.count());
  write_times(json, "lateness", r.lateness.from_request);
  write_times(json, "pacing", r.lateness.from_first);
  write_times(json, "first_token", r.lateness.first_token);
  write_times(json, "start_lag", r.start_lag);
  json.key("failures").object();
  for (int i = 1; i < kStreamFailures; ++i) json.member(name_of(static_cast<StreamFailure>(i)), r.ends[i]);
  json.end_object();
  if (r.server_before && r.server_full && r.server_after) {
    json.key("server").object().member("resident_before", r.server_before->resident_bytes);
    json.member("resident_full", r.server_full->resident_bytes).member("bytes_per_stream", bytes_per_stream(r));
    json.member("cpu_ns", Nanos(r.server_after->cpu - r.server_before->cpu).count()).end_object();
  }
  json.member("client_threads", r.threads).member("client_cpu_ns", Nanos(r.client_cpu).count()).end_object();
  return out;
}

}  // namespace mimus::load
