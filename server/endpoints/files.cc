#include "server/endpoints/files.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/file_object.h"
#include "server/endpoints/form_body.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"
#include "server/ids.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostBytes = 512 * 1024 * 1024;
constexpr std::size_t kMostOfBatch = 200 * 1024 * 1024;
constexpr std::size_t kMostOfList = 10'000;
constexpr std::chrono::hours kBatchLife{24 * 30};
constexpr std::array<std::string_view, 6> kPurposes = {"assistants", "batch",     "fine-tune",
                                                       "vision",     "user_data", "evals"};

Refusal missing(std::string param) {
  return {"missing_required_parameter", {{"param", std::move(param)}}};
}

Result<std::string, Refusal> read_purpose(const Form& form) {
  const FormPart* part = form.find("purpose");
  if (part == nullptr || part->body.empty()) return missing("purpose");
  if (std::find(kPurposes.begin(), kPurposes.end(), part->body) != kPurposes.end()) return std::string(part->body);
  const std::vector<std::string> names(kPurposes.begin(), kPurposes.end());
  return Refusal{"invalid_value",
                 {{"param", "purpose"}, {"value", echo(part->body)}, {"allowed", quoted_list(names, "and")}}};
}

// When the file is to expire; batches do so after 30 days unless they say otherwise.
Result<std::optional<WallTime>, Refusal> read_expiry(const Form& form, std::string_view purpose, WallTime now) {
  constexpr std::int64_t kLeast = 3600;
  constexpr std::int64_t kMost = 2'592'000;
  const FormPart* anchor = form.find("expires_after[anchor]");
  const FormPart* seconds = form.find("expires_after[seconds]");
  if (anchor == nullptr && seconds == nullptr) {
    return purpose == "batch" ? std::optional<WallTime>(now + kBatchLife) : std::nullopt;
  }
  if (anchor == nullptr) return missing("expires_after[anchor]");
  if (seconds == nullptr) return missing("expires_after[seconds]");
  if (anchor->body != "created_at") {
    return Refusal{"invalid_value",
                   {{"param", "expires_after[anchor]"}, {"value", echo(anchor->body)}, {"allowed", "'created_at'"}}};
  }
  std::int64_t value = 0;
  const std::string_view text = seconds->body;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Refusal{"invalid_type",
                   {{"param", "expires_after[seconds]"}, {"expected", "an integer"}, {"found", "a string"}}};
  }
  if (value >= kLeast && value <= kMost) return std::optional<WallTime>(now + std::chrono::seconds(value));
  const bool is_low = value < kLeast;
  return Refusal{is_low ? "integer_below_min_value" : "integer_above_max_value",
                 {{"param", "expires_after[seconds]"},
                  {"limit", std::to_string(is_low ? kLeast : kMost)},
                  {"found", std::to_string(value)}}};
}

Refusal too_large(std::size_t bytes, std::size_t limit) {
  return {"body_too_large", {{"limit", std::to_string(limit)}, {"found", std::to_string(bytes)}}};
}

// What the real API looks at when a batch file comes: its name and its first line. The rest is the batch's business.
bool is_json_lines(const FormPart& part) {
  if (!part.filename || !part.filename->ends_with(".jsonl")) return false;
  const std::size_t start = std::min(part.body.find_first_not_of(" \t\r\n"), part.body.size());
  const std::string_view line = part.body.substr(start, part.body.find('\n', start) - start);
  return static_cast<bool>(parse_json(line));
}

// A file as its purpose asks for it.
std::optional<Refusal> check_content(const FormPart& part, std::string_view purpose) {
  const std::size_t limit = purpose == "batch" ? kMostOfBatch : kMostBytes;
  if (part.body.size() > limit) return too_large(part.body.size(), limit);
  if (purpose == "batch" && !is_json_lines(part)) return Refusal{"batch_file_format", {}};
  return std::nullopt;
}

Refusal no_such_file(std::string_view id) {
  return {"not_found", {{"kind", "File"}, {"id", echo(id)}}};
}

// The file that the path names; null when there is none.
std::shared_ptr<const StoredFile> named_file(const Exchange& exchange, const Services& services) {
  return services.files.find(exchange.path_values.front().second, services.clock.now());
}

Delivery refuse_unknown(const Exchange& exchange) {
  return refuse(no_such_file(exchange.path_values.front().second), exchange.dialect);
}

Result<StoredFile, Refusal> read_upload(const Exchange& exchange, const Services& services) {
  const auto form = read_request_form(exchange.http.header("content-type"), exchange.http.body);
  if (!form) return form.error();
  const FormPart* part = form->find("file");
  if (part == nullptr) return missing("file");
  auto purpose = read_purpose(*form);
  if (!purpose) return purpose.error();
  if (auto refusal = check_content(*part, *purpose)) return std::move(*refusal);
  const WallTime now = services.clock.now();
  const auto expires = read_expiry(*form, *purpose, now);
  if (!expires) return expires.error();

  StoredFile file;
  file.filename = part->filename.value_or("file");
  file.purpose = std::move(*purpose);
  file.content = std::make_shared<const std::string>(part->body);
  file.created = now;
  file.expires = *expires;
  const std::uint64_t digest = Digest(services.seed).add("file").add(file.filename).add(*file.content).value();
  file.id = services.ids.next(digest).make(IdKind::File);
  return file;
}

}  // namespace

Delivery answer_files_create(const Exchange& exchange, const Services& services) {
  const auto file = read_upload(exchange, services);
  if (!file) return refuse(file.error(), exchange.dialect);
  if (!services.files.put(*file))
    return refuse(too_large(file->content->size(), services.files.caps().bytes), exchange.dialect);
  std::string out;
  JsonWriter json(out);
  write_file(*file, json);
  return make_json(200, std::move(out));
}

Delivery answer_files_list(const Exchange& exchange, const Services& services) {
  const auto query = read_page_query(exchange.http.query, kMostOfList, kMostOfList, ListOrder::Descending);
  if (!query) return refuse(query.error(), exchange.dialect);
  const std::string purpose = find_query(exchange.http.query, "purpose").value_or("");
  const auto page = services.files.page(*query, purpose, services.clock.now());
  if (!page) return refuse(no_such_file(query->after), exchange.dialect);
  std::string out;
  JsonWriter json(out);
  json.object().member("object", "list").key("data").array();
  for (const auto& [id, file] : page->items) write_file(*file, json);
  const bool is_empty = page->items.empty();
  finish_list(is_empty ? "" : page->items.front().first, is_empty ? "" : page->items.back().first, page->has_more,
              json);
  return make_json(200, std::move(out));
}

Delivery answer_files_retrieve(const Exchange& exchange, const Services& services) {
  const auto file = named_file(exchange, services);
  if (!file) return refuse_unknown(exchange);
  std::string out;
  JsonWriter json(out);
  write_file(*file, json);
  return make_json(200, std::move(out));
}

Delivery answer_files_content(const Exchange& exchange, const Services& services) {
  const auto file = named_file(exchange, services);
  if (!file) return refuse_unknown(exchange);
  Delivery delivery;
  delivery.headers.push_back({"content-type", "application/octet-stream"});
  delivery.body = *file->content;
  return delivery;
}

Delivery answer_files_delete(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  if (!services.files.erase(id, services.clock.now())) return refuse_unknown(exchange);
  std::string out;
  JsonWriter(out).object().member("id", id).member("object", "file").member("deleted", true).end_object();
  return make_json(200, std::move(out));
}

}  // namespace mimus::server
