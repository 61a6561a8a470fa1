#include "conformance/validate/transparency.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace mimus::conformance {
namespace {

bool is_broken(const Outcome& outcome) {
  return outcome.verdict == Verdict::Fail || outcome.verdict == Verdict::Warn || outcome.verdict == Verdict::Info;
}

// A skip that is the target's doing: it does not have, or does not take, what was asked for.
bool is_missing(const Outcome& outcome) {
  return outcome.verdict == Verdict::Skip &&
         (outcome.reason.starts_with("not offered") || outcome.reason.starts_with("refused"));
}

std::optional<Blame> blame_of(const Outcome& gateway, const Outcome& upstream) {
  if (is_broken(gateway)) {
    if (is_broken(upstream)) return Blame::Inherited;
    return upstream.verdict == Verdict::Pass ? Blame::Gateway : Blame::Unknown;
  }
  if (gateway.verdict == Verdict::Pass && is_broken(upstream)) return Blame::Mended;
  if (is_missing(gateway) && (upstream.verdict == Verdict::Pass || is_broken(upstream))) return Blame::Lost;
  return std::nullopt;
}

// Keys that are data, such as the tokens in top_logprobs, are one "*".
bool is_name(std::string_view key) {
  const auto letter = [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !key.empty() && letter(static_cast<unsigned char>(key.front())) &&
         std::all_of(key.begin(), key.end(), [&](unsigned char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

constexpr int kDeepest = 8;

void add_members(Json value, const std::string& path, int depth, std::set<std::string>& out) {
  if (depth > kDeepest) return;
  for (const auto [key, member] : value.members()) {
    const std::string below = path + "/" + (is_name(key) ? std::string(key) : "*");
    out.insert(below);
    add_members(member, below, depth + 1, out);
  }
  for (const Json element : value.elements()) add_members(element, path + "/*", depth + 1, out);
}

// The members of a body, or of all events of a stream, as patterns.
std::set<std::string> members_of(const Transcript& transcript) {
  std::set<std::string> members;
  add_members(transcript.json(), "", 0, members);
  for (const Chunk& chunk : chunks_of(transcript)) add_members(chunk.json, "", 0, members);
  return members;
}

// Headers that belong to a connection or a server, not to the API.
bool is_of_transport(std::string_view name) {
  constexpr std::array<std::string_view, 14> kNames = {
      "date",    "server", "connection", "keep-alive",   "transfer-encoding",         "content-length", "via",
      "alt-svc", "etag",   "vary",       "x-powered-by", "strict-transport-security", "set-cookie",     "age"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

std::set<std::string> headers_of(const Transcript& transcript) {
  std::set<std::string> names;
  for (const Header& header : transcript.head.headers) {
    std::string name = header.name;
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!is_of_transport(name)) names.insert(name);
  }
  return names;
}

// Those of `one` that `other` lacks, without what stands below another of them.
std::vector<std::string> missing_in(const std::set<std::string>& one, const std::set<std::string>& other) {
  std::vector<std::string> missing;
  for (const std::string& name : one) {
    if (other.count(name) > 0) continue;
    const std::size_t parent = name.rfind('/');
    const bool is_below = parent != std::string::npos && parent > 0 && one.count(name.substr(0, parent)) > 0 &&
                          other.count(name.substr(0, parent)) == 0;
    if (!is_below) missing.push_back(name);
  }
  return missing;
}

class WireBook {
 public:
  void compare(const Transcript& gateway, const Transcript& upstream) {
    const std::string& probe = gateway.probe;
    if (gateway.status() != upstream.status()) {
      return note("status " + std::to_string(gateway.status()) + " where the upstream says " +
                      std::to_string(upstream.status()),
                  probe);
    }
    compare_names(headers_of(gateway), headers_of(upstream), "header ", probe);
    if (media_type(gateway.head) != media_type(upstream.head)) {
      return note(media_type(gateway.head) + " where the upstream sends " + media_type(upstream.head), probe);
    }
    compare_names(members_of(gateway), members_of(upstream), "", probe);
  }

  [[nodiscard]] std::vector<WireDifference> all() const { return differences_; }

 private:
  void compare_names(const std::set<std::string>& gateway, const std::set<std::string>& upstream,
                     const std::string& kind, const std::string& probe) {
    for (const std::string& name : missing_in(upstream, gateway)) note("the gateway drops " + kind + name, probe);
    for (const std::string& name : missing_in(gateway, upstream)) note("the gateway adds " + kind + name, probe);
  }

  void note(const std::string& what, const std::string& probe) {
    const auto [place, is_new] = places_.emplace(what, differences_.size());
    if (is_new) differences_.push_back({what, {}});
    differences_[place->second].probes.push_back(probe);
  }

  std::map<std::string, std::size_t> places_;
  std::vector<WireDifference> differences_;
};

}  // namespace

std::string_view name_of(Blame blame) {
  constexpr std::array<std::string_view, 5> kNames = {"gateway", "inherited", "mended", "lost", "unknown"};
  return kNames[static_cast<std::size_t>(blame)];
}

std::string_view text_of(Blame blame) {
  constexpr std::array<std::string_view, 5> kTexts = {
      "the gateway's own: the upstream does it right", "inherited: the upstream does the same",
      "mended by the gateway: the upstream does it wrong", "lost: the upstream offers it, the gateway does not",
      "whose it is cannot be told: the upstream could not be judged"};
  return kTexts[static_cast<std::size_t>(blame)];
}

int Transparency::count(Blame blame) const {
  return static_cast<int>(
      std::count_if(checks.begin(), checks.end(), [&](const CheckDifference& one) { return one.blame == blame; }));
}

std::vector<CheckDifference> compare_outcomes(std::vector<Outcome>& gateway, const std::vector<Outcome>& upstream) {
  std::vector<CheckDifference> differences;
  for (std::size_t i = 0; i < gateway.size() && i < upstream.size(); ++i) {
    const auto blame = blame_of(gateway[i], upstream[i]);
    if (!blame) continue;
    if (is_broken(gateway[i])) gateway[i].blame = blame;
    differences.push_back({gateway[i].check, *blame, gateway[i], upstream[i]});
  }
  return differences;
}

std::vector<WireDifference> compare_wire(const Transcripts& gateway, const Transcripts& upstream) {
  WireBook book;
  for (const auto& [id, transcript] : gateway) {
    const auto other = upstream.find(id);
    if (other == upstream.end() || !transcript.has_head || !other->second.has_head) continue;
    book.compare(transcript, other->second);
  }
  return book.all();
}

}  // namespace mimus::conformance
