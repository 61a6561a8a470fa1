#include "server/endpoints/uploads.h"

#include "server/dialect/rule_texts.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/file_object.h"
#include "server/endpoints/form_body.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/refuse.h"
#include "server/ids.h"
#include "server/state/upload_store.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

constexpr std::chrono::hours kLife{1};
constexpr std::chrono::hours kBatchLife{24 * 30};
constexpr std::size_t kMostOfPart = 64 * 1024 * 1024;

// `file` is what it became once it is completed, else null.
Delivery show(const Upload& upload, const StoredFile* file) {
  std::string out;
  JsonWriter json(out);
  json.object().member("id", upload.id).member("object", "upload").member("bytes", upload.bytes);
  json.member("created_at", epoch_seconds(upload.created)).member("filename", upload.filename);
  json.member("purpose", upload.purpose).member("status", name_of(upload.status));
  json.member("expires_at", epoch_seconds(upload.expires));
  if (file != nullptr) write_file(*file, json.key("file"));
  json.end_object();
  return make_json(200, std::move(out));
}

Refusal too_large(std::size_t limit, std::size_t found) {
  return {"body_too_large", {{"limit", std::to_string(limit)}, {"found", std::to_string(found)}}};
}

Refusal refusal_of(const UploadRefusal& refusal, std::string_view id, const std::string& expected) {
  switch (refusal.kind) {
    case UploadRefusal::Kind::NotFound:
      break;
    case UploadRefusal::Kind::NotPending:
      return {"upload_not_pending", {{"id", echo(id)}, {"status", refusal.detail}}};
    case UploadRefusal::Kind::UnknownPart:
      return {"upload_part_unknown", {{"id", echo(refusal.detail)}}};
    case UploadRefusal::Kind::WrongMd5:
      return {"upload_wrong_md5", {{"expected", echo(expected)}, {"found", refusal.detail}}};
    case UploadRefusal::Kind::WrongSize:
    case UploadRefusal::Kind::TooLarge:
      return {"upload_wrong_size", {{"expected", expected}, {"found", refusal.detail}}};
  }
  return {"not_found", {{"kind", "Upload"}, {"id", echo(id)}}};
}

// What was announced, for messages about sizes.
std::string announced(const Exchange& exchange, const Services& services) {
  const auto upload = services.uploads.find(exchange.path_values.front().second, services.clock.now());
  return upload ? std::to_string(upload->bytes) : "";
}

// A part may also be more than mimus keeps at all.
Refusal refusal_of_part(const UploadRefusal& refusal, const Exchange& exchange, const Services& services,
                        std::size_t bytes) {
  const std::string expected = announced(exchange, services);
  const bool is_within = expected.size() > refusal.detail.size() ||
                         (expected.size() == refusal.detail.size() && expected >= refusal.detail);
  if (refusal.kind == UploadRefusal::Kind::TooLarge && is_within) {
    return too_large(services.uploads.caps().bytes, bytes);
  }
  return refusal_of(refusal, exchange.path_values.front().second, expected);
}

std::optional<std::chrono::seconds> life_of(Json body) {
  const Json expiry = body.find("expires_after");
  if (!expiry.has_value()) return std::nullopt;
  return std::chrono::seconds(expiry.find("seconds").int_or(0));
}

StoredFile file_of(const UploadStore::Completed& completed, WallTime now) {
  StoredFile file;
  file.id = completed.upload.file_id;
  file.filename = completed.upload.filename;
  file.purpose = completed.upload.purpose;
  file.content = std::make_shared<const std::string>(completed.content);
  file.created = now;
  if (completed.upload.file_life) {
    file.expires = now + *completed.upload.file_life;
  } else if (file.purpose == "batch") {
    file.expires = now + kBatchLife;
  }
  return file;
}

}  // namespace

Delivery answer_uploads_create(const Exchange& exchange, const Services& services) {
  const auto document = read_json_request(exchange);
  if (!document) return refuse(document.error(), exchange.dialect);
  const Json body = (*document)->root();
  Upload upload;
  upload.id = services.ids.next(Digest(services.seed).add("upload").add(body).value()).make(IdKind::Upload);
  upload.filename = body.find("filename").string_or("");
  upload.purpose = body.find("purpose").string_or("");
  upload.mime_type = body.find("mime_type").string_or("");
  upload.bytes = body.find("bytes").int_or(0);
  upload.file_life = life_of(body);
  upload.created = services.clock.now();
  upload.expires = upload.created + kLife;
  if (!services.uploads.put(upload))
    return refuse(too_large(services.uploads.caps().bytes, upload.filename.size()), exchange.dialect);
  return show(upload, nullptr);
}

Delivery answer_uploads_parts(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  const WallTime now = services.clock.now();
  if (!services.uploads.find(id, now)) return refuse(refusal_of({}, id, ""), exchange.dialect);
  const auto form = read_request_form(exchange.http.header("content-type"), exchange.http.body);
  if (!form) return refuse(form.error(), exchange.dialect);
  const FormPart* data = form->find("data");
  if (data == nullptr) return refuse({"missing_required_parameter", {{"param", "data"}}}, exchange.dialect);
  if (data->body.size() > kMostOfPart) return refuse(too_large(kMostOfPart, data->body.size()), exchange.dialect);

  UploadPart part;
  part.id = services.ids.next(Digest(services.seed).add(id).add(data->body).value()).make(IdKind::UploadPart);
  part.data = std::make_shared<const std::string>(data->body);
  const std::string part_id = part.id;
  const std::size_t bytes = part.data->size();
  if (const auto added = services.uploads.add_part(id, std::move(part), now); !added) {
    return refuse(refusal_of_part(added.error(), exchange, services, bytes), exchange.dialect);
  }
  std::string out;
  JsonWriter json(out);
  json.object().member("id", part_id).member("object", "upload.part").member("created_at", epoch_seconds(now));
  json.member("upload_id", id).end_object();
  return make_json(200, std::move(out));
}

Delivery answer_uploads_complete(const Exchange& exchange, const Services& services) {
  const auto document = read_json_request(exchange);
  if (!document) return refuse(document.error(), exchange.dialect);
  const Json body = (*document)->root();
  const std::string& id = exchange.path_values.front().second;
  std::vector<std::string> part_ids;
  for (const Json part : body.find("part_ids").elements()) part_ids.emplace_back(part.string_or(""));
  const std::string md5(body.find("md5").string_or(""));
  const WallTime now = services.clock.now();
  const std::string file_id = services.ids.next(Digest(services.seed).add("file").add(id).value()).make(IdKind::File);
  const auto completed = services.uploads.complete(id, part_ids, md5, file_id, now);
  if (!completed) {
    const bool is_md5 = completed.error().kind == UploadRefusal::Kind::WrongMd5;
    return refuse(refusal_of(completed.error(), id, is_md5 ? md5 : announced(exchange, services)), exchange.dialect);
  }
  const StoredFile file = file_of(*completed, now);
  if (!services.files.put(file))
    return refuse(too_large(services.files.caps().bytes, file.content->size()), exchange.dialect);
  return show(completed->upload, &file);
}

Delivery answer_uploads_cancel(const Exchange& exchange, const Services& services) {
  const std::string& id = exchange.path_values.front().second;
  const auto cancelled = services.uploads.cancel(id, services.clock.now());
  if (!cancelled) return refuse(refusal_of(cancelled.error(), id, ""), exchange.dialect);
  return show(*cancelled, nullptr);
}

}  // namespace mimus::server
