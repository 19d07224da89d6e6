#include "sim/experiment/digest.hpp"

#include "core/hex.hpp"
#include "core/sha256.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {

std::string digest_of(std::string_view text) { return to_hex(sha256(text)); }

std::string digest_of_file(const std::string& file) { return digest_of(topo::text_of_file(file)); }

}  // namespace ampsim::sim
