#include "server/transport/upstream.h"

#include <openssl/ssl.h>

#include <array>
#include <optional>

#include "server/transport/dial.h"
#include "server/transport/wire.h"

namespace mimus::server {
namespace {

using Kind = UpstreamFailure::Kind;

// One exchange on a connection that stands.
class Conversation {
 public:
  Conversation(Wire& wire, int cancel, std::chrono::milliseconds silence)
      : wire_(wire), cancel_(cancel), silence_(silence) {}

  Result<Done, UpstreamFailure> send(std::string_view bytes) {
    heard();
    while (!bytes.empty()) {
      const std::ptrdiff_t n = wire_.write(bytes);
      if (n > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(n));
        heard();
      } else if (n != Wire::kAgain) {
        return lost("it closed the connection before the request was out");
      } else if (auto failure = pause()) {
        return *failure;
      }
    }
    return Done{};
  }

  Result<Done, UpstreamFailure> receive(ResponseScanner& scanner, const UpstreamEvents& events) {
    std::array<char, 16384> bytes;
    heard();
    while (true) {
      const std::ptrdiff_t n = wire_.read(bytes.data(), bytes.size());
      if (n == Wire::kAgain) {
        if (auto failure = pause()) return *failure;
        continue;
      }
      if (n == Wire::kLost) return lost("it reset the connection");
      heard();
      const auto state = n == Wire::kEnd ? scanner.take_end() : scanner.take({bytes.data(), static_cast<size_t>(n)});
      hand_on(scanner, events);
      if (state == ResponseScanner::State::Complete) return Done{};
      if (state == ResponseScanner::State::Broken) {
        return UpstreamFailure{Kind::Broken, std::string(scanner.problem())};
      }
    }
  }

 private:
  void heard() { silent_at_ = std::chrono::steady_clock::now() + silence_; }

  // Until the connection can go on; a failure when it must not.
  std::optional<UpstreamFailure> pause() {
    if (wire_.wait(cancel_, silent_at_).wake) return UpstreamFailure{Kind::Cancelled, "nobody wants the rest"};
    if (std::chrono::steady_clock::now() < silent_at_) return std::nullopt;
    return UpstreamFailure{Kind::Timeout, "it sent nothing for " + std::to_string(silence_.count()) + " ms"};
  }

  [[nodiscard]] UpstreamFailure lost(std::string otherwise) const {
    std::string trouble = wire_.tls_trouble();
    return {Kind::Broken, trouble.empty() ? std::move(otherwise) : std::move(trouble)};
  }

  void hand_on(ResponseScanner& scanner, const UpstreamEvents& events) {
    if (scanner.has_head() && !is_head_out_) {
      is_head_out_ = true;
      events.on_head(scanner.head());
    }
    for (std::string& piece : scanner.take_pieces()) events.on_piece(std::move(piece));
  }

  Wire& wire_;
  int cancel_;
  std::chrono::milliseconds silence_;
  MonotonicTime silent_at_;
  bool is_head_out_ = false;
};

}  // namespace

Result<Upstream> Upstream::create(UpstreamOptions options) {
  if (!options.tls) return Upstream(std::move(options), nullptr);
  std::shared_ptr<SSL_CTX> tls(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
  if (options.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(tls.get());
  } else if (SSL_CTX_load_verify_locations(tls.get(), options.ca_file.c_str(), nullptr) != 1) {
    return Error{Errc::Io, "expected certificates in PEM", options.ca_file};
  }
  return Upstream(std::move(options), std::move(tls));
}

std::string Upstream::name() const {
  const bool is_v6 = options_.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + options_.host + "]" : options_.host;
  return (options_.tls ? "https://" : "http://") + host + ":" + std::to_string(options_.port);
}

std::string Upstream::encode(const UpstreamRequest& request) const {
  const bool is_usual_port = options_.port == (options_.tls ? 443 : 80);
  const std::string url = name();
  std::string host = url.substr(url.find("//") + 2);
  if (is_usual_port) host.resize(host.rfind(':'));
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host + "\r\n";
  for (const Header& header : request.headers) bytes += header.name + ": " + header.value + "\r\n";
  const bool may_have_body = request.method != "GET" && request.method != "HEAD" && request.method != "DELETE";
  if (may_have_body || !request.body.empty()) {
    bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return bytes + "Connection: close\r\n\r\n" + request.body;
}

Result<Done, UpstreamFailure> Upstream::exchange(const UpstreamRequest& request, const UpstreamEvents& events,
                                                 const WakePipe& cancel) const {
  const MonotonicTime deadline = std::chrono::steady_clock::now() + options_.connect_deadline;
  const auto socket = dial(options_.host, options_.port, deadline, cancel.reading_end());
  if (!socket) return UpstreamFailure{Kind::Unreachable, socket.error().message};
  Wire wire(*socket, tls_.get(), options_.host);
  Conversation conversation(wire, cancel.reading_end(), options_.silence_deadline);
  if (auto sent = conversation.send(encode(request)); !sent) return sent;
  ResponseScanner scanner(request.method == "HEAD");
  return conversation.receive(scanner, events);
}

}  // namespace mimus::server
