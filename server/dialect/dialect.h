// What one vendor documents, read from fixtures/dialects/NAME.json: where its endpoints are, who may call them, what they
// accept, and how they refuse. The server behaves by it; nothing in code names a vendor.
// Immutable after loading, so thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api_error.h"
#include "api/json.h"
#include "api/result.h"
#include "server/dialect/request_rules.h"

namespace mimus::server {

struct Endpoint {
  std::string operation;  // "chat.completions": names the code that answers, see server/endpoints
  std::string method;     // "POST"
  std::string path;       // full, with placeholders: "/v1/models/{model}"
  RequestRules rules;     // of a JSON body; empty rules accept anything
};

struct Model {
  std::string id;
  std::string snapshot;  // what replies call it; the id itself when the vendor does not resolve aliases
  std::string owned_by;
  std::optional<std::int64_t> created;
  std::vector<std::string> refuses;  // parameters that this model does not take ("max_tokens" for reasoning models)
};

// One row of the vendor's error table. The message may hold placeholders: "Missing required parameter: '{param}'."
struct ErrorRow {
  int status = 400;
  std::string type;
  std::optional<std::string> param;  // fixed; else the one given when it is raised, where the row says "{param}"
  std::optional<std::string> code;
  std::string message;
  std::vector<Header> headers;
};

// The values for the placeholders of an ErrorRow.
using ErrorArgs = std::vector<std::pair<std::string_view, std::string>>;

struct Auth {
  std::string header;      // "authorization"
  std::string scheme;      // "Bearer"; empty: the header's value is the key
  std::string key_prefix;  // "sk-": documented, checked only on request
};

// What a chat body looks like beyond the part all vendors share.
struct BodyStyle {
  bool usage_details = false;      // prompt_tokens_details, completion_tokens_details
  bool refusal = false;            // message.refusal, null when there is none
  bool annotations = false;        // message.annotations, []
  bool logprobs = false;           // choices[].logprobs, null when not asked for
  bool service_tier = false;
  bool system_fingerprint = false;
  bool obfuscation = false;        // pad stream chunks
};

class Dialect {
 public:
  std::string name;     // "openai"
  std::string title;    // for people
  std::vector<std::string> sources;
  Auth auth;
  std::vector<Endpoint> endpoints;
  std::vector<Model> models;
  bool accepts_unknown_models = false;
  std::vector<std::string> error_members;  // which of message, type, param, code an error object has, in order
  std::vector<Header> headers;             // fixed headers of every API reply
  BodyStyle style;

  [[nodiscard]] const Model* find_model(std::string_view id) const;

  // The error of `situation`, placeholders filled. An unknown situation is a bug: loading checks that every situation
  // the server can raise has a row.
  [[nodiscard]] ApiError error(std::string_view situation, const ErrorArgs& args = {}) const;
  [[nodiscard]] bool has_situation(std::string_view situation) const;

 private:
  friend Result<Dialect> read_dialect(Json json);
  std::map<std::string, ErrorRow, std::less<>> errors_;
};

// The dialect in `json`; errors name the member. Does not resolve "extends": load_dialect does.
Result<Dialect> read_dialect(Json json);

// A dialect by the name of an embedded one ("openai"), or from a file (a path that ends in .json). "extends" names
// another, over which the file is laid as a JSON merge patch (RFC 7396).
Result<Dialect> load_dialect(const std::string& name_or_file);

// The names of the embedded dialects, sorted.
std::vector<std::string> dialect_names();

}  // namespace mimus::server
