// Source of the format: Prometheus exposition formats, text format 0.0.4.
#include "server/control/answers.h"
#include "server/journal/entry_json.h"
#include "server/scripting.h"
#include "server/store_stats.h"

namespace mimus::server {
namespace {

class MetricsText {
 public:
  void head(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  }
  // `labels`: `endpoint="chat.completions",status="200"`; names of endpoints need no escaping.
  void row(const std::string& labels, const std::string& value) {
    text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
  }
  void single(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    head(name, type, help);
    row("", std::to_string(value));
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

std::string label_of(const std::pair<std::string_view, int>& key) {
  return "endpoint=\"" + std::string(key.first) + "\",status=\"" + std::to_string(key.second) + "\"";
}

std::string seconds(Duration time) {
  std::string text;
  JsonWriter(text).number(static_cast<double>(time.count()) / 1e6);
  return text;
}

void write_replies(const Metrics::Counts& counts, MetricsText& out) {
  out.head("mimus_replies_total", "counter", "Replies that have ended; no endpoint: an unknown URL.");
  for (const auto& [key, ended] : counts.ended) out.row(label_of(key), std::to_string(ended.replies));
  out.head("mimus_reply_bytes_total", "counter", "Bytes of heads and bodies sent.");
  for (const auto& [key, ended] : counts.ended) out.row(label_of(key), std::to_string(ended.bytes));
  out.head("mimus_reply_seconds_total", "counter", "From complete requests to last bytes, summed up.");
  for (const auto& [key, ended] : counts.ended) out.row(label_of(key), seconds(ended.time));
  out.single("mimus_replies_open", "gauge", "Replies still leaving.", static_cast<std::uint64_t>(counts.open_replies));
  out.single("mimus_streams_open", "gauge", "Those of them that are streams.",
             static_cast<std::uint64_t>(counts.open_streams));
  out.single("mimus_clients_left_total", "counter", "Replies whose client left before the end.", counts.clients_left);
  out.head("mimus_tokens_total", "counter", "Tokens of replies begun.");
  out.row("kind=\"prompt\"", std::to_string(counts.prompt_tokens));
  out.row("kind=\"completion\"", std::to_string(counts.completion_tokens));
}

void write_scripting(const Metrics::Counts& counts, const Scripting& scripting, MetricsText& out) {
  out.head("mimus_scripted_total", "counter", "Requests by what the fixtures said.");
  for (const auto& [script, count] : counts.scripted) {
    out.row("script=\"" + std::string(name_of(script)) + "\"", std::to_string(count));
  }
  out.single("mimus_fixtures", "gauge", "Fixtures loaded.", scripting.store.snapshot()->ranked().size());
  out.single("mimus_tests", "gauge", "Tests with counters or states of their own.", scripting.states.tests());
}

void write_journal(const Journal::Size& size, MetricsText& out) {
  out.single("mimus_journal_entries", "gauge", "Requests in the journal.", size.entries);
  out.single("mimus_journal_bytes", "gauge", "What they hold.", size.bytes);
  out.single("mimus_journal_evicted", "gauge", "Those that made room, since the last reset.", size.evicted);
}

void write_state(const Services& services, MetricsText& out) {
  const std::vector<KindOfState> kinds = store_stats(services);
  const auto row = [&](const KindOfState& kind, std::uint64_t value) {
    out.row("kind=\"" + std::string(kind.name) + "\"", std::to_string(value));
  };
  out.head("mimus_state_entries", "gauge", "What is kept between requests, by kind.");
  for (const KindOfState& kind : kinds) row(kind, kind.stats.entries);
  out.head("mimus_state_bytes", "gauge", "What it holds; 0 where entries alone are capped.");
  for (const KindOfState& kind : kinds) row(kind, kind.stats.bytes);
  out.head("mimus_state_evicted", "counter", "The oldest that made room.");
  for (const KindOfState& kind : kinds) row(kind, kind.stats.evicted);
}

}  // namespace

Delivery show_metrics(const ControlRequest&, const ControlDesk& desk) {
  MetricsText out;
  const Metrics::Counts counts = desk.traffic.metrics.counts();
  write_replies(counts, out);
  write_scripting(counts, desk.services.scripting, out);
  write_journal(desk.traffic.journal.size(), out);
  write_state(desk.services, out);
  Delivery delivery;
  delivery.headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}};
  delivery.body = std::move(out).text();
  return delivery;
}

}  // namespace mimus::server
