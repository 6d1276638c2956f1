#include "fcrdns/cli/cli.hpp"

int main(int argc, char** argv) { return fcrdns::cli::run(argc, argv); }
