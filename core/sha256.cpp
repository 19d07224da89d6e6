#include "core/sha256.hpp"

#include <memory>

#include <openssl/evp.h>

#include "core/check.hpp"

namespace ampsim {
namespace {

struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, FreeAlgorithm> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  AMPSIM_CHECK(fetched != nullptr, "OpenSSL offers no SHA-256");
  return fetched.get();
}

}  // namespace

Digest sha256(std::span<const std::byte> message) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Digest digest;
  const bool done =
      EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1 &&
      EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
      EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) ==
          1;
  AMPSIM_CHECK(done, "OpenSSL failed to compute a SHA-256");
  return digest;
}

Digest sha256(std::string_view text) { return sha256(std::as_bytes(std::span(text))); }

}  // namespace ampsim
