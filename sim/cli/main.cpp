#include "sim/cli/program.hpp"

int main(int argc, char** argv) { return ampsim::cli::run_program(argc, argv); }
