// Rules about the status line.
#include <algorithm>

#include "conformance/run/reply_kind.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

bool lists(Json array, int status) {
  for (const Json element : array.elements()) {
    if (element.int_or(0) == status) return true;
  }
  return false;
}

std::string statuses_text(Json array, int documented) {
  std::string text;
  if (documented != 0) text = std::to_string(documented);
  for (const Json element : array.elements()) {
    if (element.int_or(0) != documented) text += (text.empty() ? "" : " or ") + to_text(element);
  }
  return "status " + text;
}

std::string found_text(const Transcript& transcript) {
  if (!transcript.has_head)
    return std::string(name_of(transcript.recording.ending)) + ": " + transcript.recording.problem;
  std::string text = "status " + std::to_string(transcript.status());
  if (transcript.status() >= 400) text += ": " + refusal_text(transcript);
  return text;
}

}  // namespace

// in: statuses that are right; warn, info: statuses that are only that bad; situation: the status that the dialect
// documents for it is right as well.
Finding judge_status(const Transcript& transcript, Json args, const Scene& scene) {
  const int status = transcript.status();
  const ExpectedError* documented = scene.expect.find_error(args.find("situation").string_or(""));
  const int own = documented == nullptr ? 0 : documented->status;
  if ((own != 0 && status == own) || lists(args.find("in"), status)) return holds();
  const Verdict at_most = lists(args.find("warn"), status)   ? Verdict::Warn
                          : lists(args.find("info"), status) ? Verdict::Info
                                                             : Verdict::Fail;
  return broken(in_reply(transcript), statuses_text(args.find("in"), own), found_text(transcript), at_most);
}

// The request is valid: success is right. refusal: what a clean refusal (4xx with an error) means: "broken" (default),
// "skip". A server error is never right. stream: true asks for an event stream, false for one JSON value.
Finding judge_accepted(const Transcript& transcript, Json args, const Scene&) {
  const ReplyKind kind = kind_of(transcript);
  if (kind == ReplyKind::Refused && args.find("refusal").string_or("") == "skip") {
    return not_applicable("refused cleanly: " + refusal_text(transcript));
  }
  if (kind != ReplyKind::Success) return broken(in_reply(transcript), "status 200", found_text(transcript));
  if (!transcript.is_stream() && !transcript.is_json && transcript.status() != 204) {
    return undecided(transcript.probe + ": the body is neither JSON nor a stream, see transport.json");
  }
  const Json stream = args.find("stream");
  if (stream && stream.bool_or(false) != transcript.is_stream()) {
    return broken(in_header(transcript, "content-type"),
                  stream.bool_or(false) ? "an event stream" : "one JSON value, not an event stream",
                  quoted(media_type(transcript.head)));
  }
  return holds();
}

// A client that looks at the status only takes the body of a 2xx for a result.
Finding judge_no_error_in_success(const Transcript& transcript, Json, const Scene&) {
  if (!transcript.is_success()) return holds();
  if (transcript.is_json && transcript.json().find("error").has_value()) {
    return broken(in_body(transcript, "/error"), "a status of 400 or more with an error body",
                  "status " + std::to_string(transcript.status()) + " with " + quoted(refusal_text(transcript)));
  }
  return holds();
}

}  // namespace mimus::conformance
