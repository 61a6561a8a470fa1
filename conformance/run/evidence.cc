#include "conformance/run/evidence.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "api/json_writer.h"
#include "api/object_reader.h"
#include "api/read_file.h"

namespace mimus::conformance {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kLargestFile = 32 * 1024 * 1024;

Result<Done> write_file(const fs::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return Error{Errc::Io, "cannot be written", file.string()};
  return Done{};
}

// A header value may hold any byte but JSON holds text only.
std::string as_text(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

std::string transcript_json(const Transcript& transcript) {
  const Recording& recording = transcript.recording;
  std::string out;
  JsonWriter json(out);
  json.object().member("probe", transcript.probe).member("not_sent", as_text(transcript.not_sent));
  json.member("model", transcript.model).member("method", recording.request.method);
  json.member("path", recording.request.path).member("chunked", recording.request.chunked);
  json.key("headers").array();
  for (const Header& header : recording.request.headers) {
    json.array().string(header.name).string(as_text(header.value)).end_array();
  }
  json.end_array();
  json.member("ending", static_cast<int>(recording.ending)).member("ending_name", name_of(recording.ending));
  json.member("problem", as_text(recording.problem)).member("took_us", recording.took.count());
  json.member("reused", recording.reused).key("arrivals").array();
  for (const Arrival& arrival : recording.arrivals) {
    json.array().integer(static_cast<std::int64_t>(arrival.offset)).integer(arrival.at.count()).end_array();
  }
  json.end_array().end_object();
  return out;
}

std::string run_json(const Run& run) {
  std::string out;
  JsonWriter json(out);
  json.object().member("mimus_evidence", 1).member("base_url", run.facts.base_url).member("model", run.facts.model);
  json.member("cap_parameter", run.facts.cap_parameter).member("cap_floor", run.facts.cap_floor);
  json.member("loopback_port", run.facts.loopback_port);
  json.member("started_at", run.facts.started_at).member("requests", run.requests).member("tokens", run.tokens);
  json.member("took_us", run.took.count()).member("nothing_measured", as_text(run.nothing_measured));
  json.key("notes").array();
  for (const std::string& note : run.notes) json.string(as_text(note));
  json.end_array().end_object();
  return out;
}

Result<Done> save_transcript(const Transcript& transcript, const fs::path& folder) {
  const Recording& recording = transcript.recording;
  const auto file = [&](const char* ending) { return folder / (transcript.probe + ending); };
  if (auto done = write_file(file(".json"), transcript_json(transcript)); !done) return done.error();
  if (!transcript.was_sent()) return Done{};
  if (auto done = write_file(file(".request"), recording.request.body); !done) return done.error();
  if (!recording.lead_raw.empty()) {
    if (auto done = write_file(file(".lead"), recording.lead_raw); !done) return done.error();
  }
  if (!transcript.upstream.empty()) {
    if (auto done = write_file(file(".upstream"), upstream_text(transcript.upstream)); !done) return done.error();
  }
  return write_file(file(".reply"), recording.raw);
}

std::string text_if_there(const fs::path& file) {
  auto text = read_file(file, kLargestFile);
  return text ? std::move(*text) : std::string();
}

Recording recording_of(Json json, const fs::path& folder, const std::string& probe) {
  Recording recording;
  recording.request.method = json.find("method").string_or("");
  recording.request.path = json.find("path").string_or("");
  recording.request.chunked = json.find("chunked").bool_or(false);
  for (const Json header : json.find("headers").elements()) {
    recording.request.headers.push_back(
        {std::string(header.at(0).string_or("")), std::string(header.at(1).string_or(""))});
  }
  for (const Json arrival : json.find("arrivals").elements()) {
    recording.arrivals.push_back({static_cast<std::size_t>(std::max<std::int64_t>(arrival.at(0).int_or(0), 0)),
                                  std::chrono::microseconds(arrival.at(1).int_or(0))});
  }
  const std::int64_t ending = json.find("ending").int_or(0);
  const bool known = ending >= 0 && ending <= static_cast<std::int64_t>(Ending::Left);
  recording.ending = known ? static_cast<Ending>(ending) : Ending::NotHttp;
  recording.problem = json.find("problem").string_or("");
  recording.took = std::chrono::microseconds(json.find("took_us").int_or(0));
  recording.reused = json.find("reused").bool_or(false);
  recording.request.body = text_if_there(folder / (probe + ".request"));
  recording.raw = text_if_there(folder / (probe + ".reply"));
  recording.lead_raw = text_if_there(folder / (probe + ".lead"));
  return recording;
}

Result<Transcript> load_transcript(const Probe& probe, const fs::path& folder) {
  const fs::path file = folder / (probe.id + ".json");
  const auto text = read_file(file, kLargestFile);
  if (!text) return text.error();
  const auto json = parse_file_text(*text, file.string());
  if (!json) return json.error();
  const std::string reason(json->root().find("not_sent").string_or(""));
  Transcript transcript = reason.empty() ? read_transcript(probe.id, recording_of(json->root(), folder, probe.id))
                                         : not_sent(probe.id, reason);
  if (const auto calls = parse_json(text_if_there(folder / (probe.id + ".upstream")))) {
    transcript.upstream = read_upstream(calls->root());
  }
  transcript.area = probe.area;
  transcript.expects = probe.expects;
  transcript.model = json->root().find("model").string_or("");
  return transcript;
}

}  // namespace

Result<Done> make_evidence_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error{Errc::Io, "cannot be made: " + failed.message(), folder.string()};
  if (!fs::is_empty(folder, failed)) {  // the replies of two runs in one folder would be judged as one
    return Error{Errc::Io, "expected a new or empty folder, found files in it", folder.string()};
  }
  return Done{};
}

Result<Done> save_evidence(const Run& run, const fs::path& folder) {
  for (const auto& [id, transcript] : run.transcripts) {
    if (auto done = save_transcript(transcript, folder); !done) return done.error();
  }
  return write_file(folder / "run.json", run_json(run));
}

Result<Run> load_evidence(const fs::path& folder, const Catalogue& catalogue) {
  const fs::path file = folder / "run.json";
  const auto text = read_file(file, kLargestFile);
  if (!text) return text.error();
  const auto document = parse_file_text(*text, file.string());
  if (!document) return document.error();
  const Json json = document->root();
  Run run;
  run.facts.base_url = json.find("base_url").string_or("");
  run.facts.model = json.find("model").string_or("");
  run.facts.cap_parameter = json.find("cap_parameter").string_or(run.facts.cap_parameter);
  run.facts.cap_floor = json.find("cap_floor").int_or(0);
  run.facts.loopback_port = static_cast<int>(json.find("loopback_port").int_or(0));
  run.facts.started_at = json.find("started_at").int_or(0);
  run.requests = static_cast<int>(json.find("requests").int_or(0));
  run.tokens = static_cast<int>(json.find("tokens").int_or(0));
  run.took = std::chrono::microseconds(json.find("took_us").int_or(0));
  run.nothing_measured = json.find("nothing_measured").string_or("");
  for (const Json line : json.find("notes").elements()) run.notes.emplace_back(line.string_or(""));
  for (const Probe& probe : catalogue.probes) {
    if (!fs::exists(folder / (probe.id + ".json"))) continue;
    auto transcript = load_transcript(probe, folder);
    if (!transcript) return transcript.error();
    run.transcripts.insert_or_assign(probe.id, std::move(*transcript));
  }
  return run;
}

}  // namespace mimus::conformance
