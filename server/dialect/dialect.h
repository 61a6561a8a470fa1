// What one vendor documents, read from fixtures/dialects/NAME.json: where its endpoints are, who may call them, what
// they accept, and how they refuse. The server behaves by it; nothing in code names a vendor. Immutable after loading,
// so thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/api_error.h"
#include "api/json.h"
#include "api/result.h"
#include "server/dialect/error_row.h"
#include "server/dialect/limit_rules.h"
#include "server/dialect/model.h"
#include "server/dialect/request_rules.h"

namespace mimus::server {

struct Auth {
  bool is_required = true;
  std::string header;              // "authorization"
  std::string scheme;              // "Bearer"; empty: the header's value is the key
  std::string key_prefix;          // "sk-": documented, checked only on request
  bool strict_key_prefix = false;  // that request
  std::string query = {};          // "key": the parameter of the URL that may hold the key as well; empty: none
  bool also_bearer = false;        // `authorization: Bearer KEY` is taken besides `header`
};

// How an endpoint writes its errors.
enum class ErrorForm {
  Members,  // {"error": {...}} with the error_members of the dialect
  Google,   // google.rpc.Status, with the rows of google_errors
};

struct Endpoint {
  std::string operation;                    // "chat.completions": names the code that answers, see server/endpoints
  std::string method;                       // "POST"
  std::string base_path;                    // what `path` begins with: the dialect's, unless it has its own
  std::string path;                         // full, with placeholders: "/v1/models/{model}"
  Auth auth;                                // the dialect's, unless the endpoint has its own
  RequestRules rules;                       // of a JSON body; empty rules accept anything
  std::vector<std::string> default_models;  // where a body names none: the first that takes its parameters
  ErrorForm error_form = ErrorForm::Members;
};

// What a chat body looks like beyond the part all vendors share.
struct BodyStyle {
  bool usage_details = false;  // prompt_tokens_details, completion_tokens_details
  bool refusal = false;        // message.refusal, null when there is none
  bool annotations = false;    // message.annotations, []
  bool logprobs = false;       // choices[].logprobs, null when not asked for
  bool service_tier = false;
  bool system_fingerprint = false;
  bool obfuscation = false;  // pad stream chunks
};

class Dialect {
 public:
  std::string name;   // "openai"
  std::string title;  // for people
  std::vector<std::string> sources;
  std::string base_path;  // "/v1"; may be empty
  Auth auth;
  std::vector<Endpoint> endpoints;
  std::vector<Model> models;
  bool accepts_unknown_models = false;
  bool content_type_always = false;           // a request without Content-Type is refused, also one that has no body
  std::vector<std::string> error_members;     // which of message, type, param, code an error object has, in order
  ErrorForm error_form = ErrorForm::Members;  // of endpoints that do not say, and of paths that are none's
  std::vector<Header> headers;                // fixed headers of every API reply
  BodyStyle style;
  LimitRules limits;

  // Null when the vendor does not list it.
  [[nodiscard]] const Model* find_model(std::string_view id) const;

  // The first endpoint of this operation ("chat.completions"); null when the vendor has none.
  [[nodiscard]] const Endpoint* find_endpoint(std::string_view operation) const;

  // The error of `situation`, placeholders filled. An unknown situation is a bug: loading checks that every one of
  // situations.h has a row.
  [[nodiscard]] ApiError error(std::string_view situation, const ErrorArgs& args = {}) const;
  [[nodiscard]] ApiError error(const Refusal& refusal) const { return error(refusal.situation, refusal.args); }
  [[nodiscard]] bool has_situation(std::string_view situation) const;

  // The same as an endpoint with errors of this form says it: in Google's, the row of google_errors comes first.
  [[nodiscard]] ApiError error_in(ErrorForm form, std::string_view situation, const ErrorArgs& args = {}) const;

  // The form in which a request is refused whose path is nobody's: that of the endpoints whose base path it has.
  [[nodiscard]] ErrorForm error_form_at(std::string_view path) const;

 private:
  friend Result<Dialect> read_dialect(Json json);
  std::map<std::string, ErrorRow, std::less<>> errors_;
  std::map<std::string, ErrorRow, std::less<>> google_errors_;  // only where Google's wording or status differs
};

// The dialect in `json`; errors name the member. Does not resolve "extends": load_dialect does.
Result<Dialect> read_dialect(Json json);

// A dialect by the name of an embedded one ("openai"), or from a file (a path that ends in .json). "extends" names
// another, over which the file is laid as a JSON merge patch (RFC 7396): a null removes a member. "without" lists what
// to leave out of the other beforehand ("/models"), for what shall be replaced as a whole.
// Errors: Errc::Io for a file that cannot be read, else Errc::BadInput with file, line and member.
Result<Dialect> load_dialect(const std::string& name_or_file);

// The same as a JSON document with "extends" resolved: for showing.
Result<JsonDocument> load_dialect_json(const std::string& name_or_file);

// `error`, whose place is a JSON pointer into this dialect, with its file, and its line where the file itself (not one
// that it extends) has the member.
Error placed_in_dialect(const Error& error, const std::string& name_or_file);

// The text of an embedded dialect or of a file, as it stands there, comments and all.
Result<std::string> load_dialect_text(const std::string& name_or_file);

// The names of the embedded dialects, sorted.
std::vector<std::string> dialect_names();

}  // namespace mimus::server
