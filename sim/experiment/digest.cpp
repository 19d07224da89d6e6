#include "sim/experiment/digest.hpp"

#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    AMPSIM_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, "SHA-256 starts");
  }
  void add(std::string_view bytes) {
    AMPSIM_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "SHA-256");
  }
  std::string finish() {
    std::array<unsigned char, 32> bytes{};
    AMPSIM_CHECK(EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr) == 1, "SHA-256 ends");
    return fmt::format("{:02x}", fmt::join(bytes, ""));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string digest_of(std::string_view text) {
  Digest digest;
  digest.add(text);
  return digest.finish();
}

std::string digest_of_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw InputError({.file = file}, "cannot be read");
  Digest digest;
  std::vector<char> block(1U << 16U);
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    digest.add({block.data(), static_cast<std::size_t>(stream.gcount())});
  }
  if (stream.bad()) throw InputError({.file = file}, "cannot be read");
  return digest.finish();
}

}  // namespace ampsim::sim
