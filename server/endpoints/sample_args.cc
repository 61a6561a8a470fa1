#include "server/endpoints/sample_args.h"

namespace mimus::server {

ErrorArgs sample_args(std::string_view model, std::string_view request_id) {
  return {
      {"model", std::string(model)},
      {"request_id", std::string(request_id)},
      {"limit", "500"},
      {"used", "500"},
      {"requested", "1"},
      {"found", "501"},
      {"wait", "120ms"},
      {"messages", "501"},
      {"completion", "0"},
      {"param", "messages"},
      {"object", "metadata"},
      {"other", "stream"},
      {"instead", "max_completion_tokens"},
      {"value", "unknown"},
      {"default", "1"},
      {"allowed", "'a' and 'b'"},
      {"expected", "a string"},
      {"pattern", "^[a-zA-Z0-9_-]+$"},
      {"name", "unknown"},
      {"names", "unknown"},
      {"key", "unknown"},
      {"role", "user"},
      {"endpoint", "this endpoint"},
      {"method", "POST"},
      {"target", "/unknown"},
      {"content_type", "text/plain"},
      {"kind", "Object"},
      {"id", "unknown"},
      {"prefix", "file"},
      {"ids", "unknown"},
      {"index", "0"},
      {"status", "completed"},
      {"reason", "it was asked for"},
  };
}

}  // namespace mimus::server
