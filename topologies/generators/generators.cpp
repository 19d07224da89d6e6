#include "topologies/generators/families.hpp"

namespace ampsim::topo {

const std::vector<Generator>& generators() {
  static const std::vector<Generator> all{
      lightning(), barabasi_albert(), watts_strogatz(), erdos_renyi(), line(), ring(),
      star(),      complete(),        grid(),           two_channels()};
  return all;
}

}  // namespace ampsim::topo
