// TLS, as a client of another make sees it: the thread executor with a certificate made on the spot.
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>

#include "server/transport/test_server.h"

namespace mimus::server {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// A self-signed certificate for localhost and its key, in a folder of its own.
class Certificate {
 public:
  Certificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mimus-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), &X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
    X509_set_pubkey(cert.get(), key.get());
    X509_NAME* const name = X509_get_subject_name(cert.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(cert.get(), name);
    X509_sign(cert.get(), key.get(), EVP_sha256());
    PEM_write_X509(File(std::fopen(cert_path().c_str(), "w")).get(), cert.get());
    PEM_write_PrivateKey(File(std::fopen(key_path().c_str(), "w")).get(), key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string cert_path() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::string key_path() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

class Tls : public testing::Test {
 protected:
  std::unique_ptr<HttpServer> serve_tls(Handler handler) {
    TransportOptions options;
    options.executor = Executor::Threads;
    options.tls_cert = certificate_.cert_path();
    options.tls_key = certificate_.key_path();
    return serve(options, std::move(handler));
  }
  static std::unique_ptr<httplib::SSLClient> client_of(const HttpServer& server) {
    auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", server.port());
    client->enable_server_certificate_verification(false);
    client->set_keep_alive(true);
    return client;
  }
  Certificate certificate_;
};

TEST_F(Tls, AnswersRequestAfterRequest) {
  const auto server = serve_tls(echo);
  const auto client = client_of(*server);
  for (int i = 0; i < 3; ++i) {
    const std::string body(100000, 'x');
    const auto reply = client->Post("/a", body, "text/plain");
    ASSERT_TRUE(reply) << httplib::to_string(reply.error());
    EXPECT_EQ(reply->body, "POST /a [" + body + "]");
  }
  EXPECT_EQ(server->counters().accepted, 1u);
}

TEST_F(Tls, StreamsAndEnds) {
  const auto server = serve_tls([](const HttpRequest& request, const Respond& respond) {
    using namespace std::chrono_literals;
    respond(stream_reply({{"a", 0ms}, {"b", 10ms}}, request.path == "/cut" ? Ending::Cut : Ending::Clean));
  });
  const auto client = client_of(*server);
  const auto whole = client->Get("/whole");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, "ab");
  EXPECT_FALSE(client->Get("/cut")) << "a body without its end passed for a whole one";
}

TEST_F(Tls, SurvivesAClientThatSpeaksPlainHttp) {
  const auto server = serve_tls(echo);
  RawClient plain(server->port());
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(plain.read_rest().bytes.find("HTTP/1.1 200"), std::string::npos);
  const auto client = client_of(*server);
  EXPECT_TRUE(client->Get("/"));
}

}  // namespace
}  // namespace mimus::server
