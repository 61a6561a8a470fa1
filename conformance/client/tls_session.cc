#include "conformance/client/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace mimus::conformance {
namespace {

std::string last_tls_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "the peer ended the TLS handshake";
  std::array<char, 200> buffer{};
  ERR_error_string_n(code, buffer.data(), buffer.size());
  return buffer.data();
}

}  // namespace

TlsSession::~TlsSession() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

std::string TlsSession::prepare(const Target& target) {
  context_ = SSL_CTX_new(TLS_client_method());
  if (context_ == nullptr) return last_tls_error();
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context_);
  if (!target.ca_file.empty() && SSL_CTX_load_verify_locations(context_, target.ca_file.c_str(), nullptr) != 1) {
    return target.ca_file + ": " + last_tls_error();
  }
  ssl_ = SSL_new(context_);
  if (ssl_ == nullptr) return last_tls_error();
  SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl_);
  // An address is checked against the certificate's addresses and is not sent as a server name.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), target.host.c_str()) != 1) {
    SSL_set1_host(ssl_, target.host.c_str());
    SSL_set_tlsext_host_name(ssl_, target.host.c_str());
  }
  ERR_clear_error();
  return "";
}

std::string TlsSession::handshake(const Target& target, Deadline deadline) {
  if (auto problem = prepare(target); !problem.empty()) return problem;
  for (;;) {
    const int result = SSL_do_handshake(ssl_);
    const int why = SSL_get_error(ssl_, result);
    if (flush(deadline) != IoStatus::Ok) return "the connection broke during the TLS handshake";
    if (result == 1) return "";
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
      const long verdict = SSL_get_verify_result(ssl_);
      return verdict == X509_V_OK ? last_tls_error() : X509_verify_cert_error_string(verdict);
    }
    const IoStatus status = refill(deadline);
    if (status == IoStatus::TimedOut) return "timed out during the TLS handshake";
    if (status != IoStatus::Ok) return "the peer closed the connection during the TLS handshake";
  }
}

IoStatus TlsSession::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    std::size_t written = 0;
    const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written);
    const int why = SSL_get_error(ssl_, result);
    if (const IoStatus status = flush(deadline); status != IoStatus::Ok) return status;
    if (result == 1) {
      bytes.remove_prefix(written);
    } else if (why == SSL_ERROR_WANT_READ) {
      if (const IoStatus status = refill(deadline); status != IoStatus::Ok) return status;
    } else {
      ERR_clear_error();
      return IoStatus::Reset;
    }
  }
  return IoStatus::Ok;
}

IoStatus TlsSession::read(std::string& out, Deadline deadline) {
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_, buffer.data(), buffer.size(), &got);
    if (result == 1) {
      out.append(buffer.data(), got);
      return IoStatus::Ok;
    }
    const int why = SSL_get_error(ssl_, result);
    if (why == SSL_ERROR_ZERO_RETURN) return IoStatus::Closed;
    if (why != SSL_ERROR_WANT_READ) {
      ERR_clear_error();
      return IoStatus::Reset;
    }
    if (const IoStatus status = flush(deadline); status != IoStatus::Ok) return status;
    if (const IoStatus status = refill(deadline); status != IoStatus::Ok) return status;
  }
}

IoStatus TlsSession::flush(Deadline deadline) {
  std::array<char, 16 * 1024> buffer;
  BIO* out = SSL_get_wbio(ssl_);
  while (BIO_pending(out) > 0) {
    const int count = BIO_read(out, buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) break;
    const IoStatus status = connection_.write_plain({buffer.data(), static_cast<std::size_t>(count)}, deadline);
    if (status != IoStatus::Ok) return status;
  }
  return IoStatus::Ok;
}

IoStatus TlsSession::refill(Deadline deadline) {
  std::string bytes;
  const IoStatus status = connection_.read_plain(bytes, deadline);
  if (!bytes.empty()) BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(bytes.size()));
  return status;
}

}  // namespace mimus::conformance
