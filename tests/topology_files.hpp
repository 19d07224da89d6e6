#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "topologies/target.hpp"

/// Topologies as the texts of files, and compared.
namespace ampsim::test {

const topo::Importer& importer_called(std::string_view name);
const topo::Exporter& exporter_called(std::string_view name);

/// What the exporter writes, one text a file.
std::vector<std::string> written(const topo::Topology& topology, const topo::Exporter& exporter);
/// What the importer of that name reads in it. The files are called "file0", "file1", ...
topo::Topology read_texts(std::string_view format, const std::vector<std::string>& texts);

/// Everything that a topology says, one line a node and a channel: for people, and to compare.
std::vector<std::string> lines_of(const topo::Topology& topology);

/// The message of the InputError that reading throws, or "accepted".
std::string reading_error(std::string_view format, const std::vector<std::string>& texts);
/// `text` with `from` replaced once; fails where it is not there.
std::string with(std::string text, std::string_view from, std::string_view to);

}  // namespace ampsim::test
