#include "sim/experiment/digest.hpp"

#include <fstream>
#include <sstream>

#include "core/check.hpp"
#include "core/hex.hpp"
#include "core/sha256.hpp"

namespace ampsim::sim {

std::string digest_of(std::string_view text) { return to_hex(sha256(text)); }

std::string digest_of_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  if (!stream || !(bytes << stream.rdbuf())) throw InputError({.file = file}, "cannot be read");
  return digest_of(bytes.view());
}

}  // namespace ampsim::sim
