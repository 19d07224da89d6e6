/// What cmake --install and cpack make of this build: a program that runs from where it was put.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/experiment/version.hpp"
#include "tests/experiment_world.hpp"

using ampsim::sim::content_of;
using ampsim::sim::TemporaryFolder;
using ampsim::sim::version;
namespace fs = std::filesystem;

namespace {

const fs::path kBuild = fs::path(AMPSIM_PROGRAM).parent_path();

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null").c_str()) == 0;
}

/// stdout and stderr of a command in the folder, which must succeed.
std::string printed_by(const TemporaryFolder& folder, const std::string& command) {
  const std::string line =
      "cd '" + folder.path().string() + "' && (" + command + ") >.out 2>&1 </dev/null";
  const int status = std::system(line.c_str());
  const std::string text = content_of(folder.path() / ".out");
  CHECK_MESSAGE(status == 0, command << "\n" << text);
  return text;
}

bool contains(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

/// Of the two that are always built. The libraries take no part where they would only cost time.
void make_packages(const TemporaryFolder& folder) {
  printed_by(folder, "cpack -G DEB --config '" + (kBuild / "CPackConfig.cmake").string() +
                         "' -B . -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip");
}

std::string package_named(const TemporaryFolder& folder, const std::string& name) {
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    if (entry.path().filename().string().starts_with(name + "_")) return entry.path().string();
  }
  FAIL("no package " << name);
  return "";
}

void check_program_in(const TemporaryFolder& folder, const std::string& prefix) {
  const std::string program = "'" + prefix + "/bin/ampsim' ";
  CHECK(contains(printed_by(folder, program + "--version"), version().number));
  printed_by(folder, program + "init small && " + program +
                         "run small.toml --quiet --set workload.payments=20 --set replicates=1");
  CHECK(fs::exists(folder.path() / "results/small/summary.csv"));
  const fs::path share = prefix + "/share";
  CHECK(contains(content_of(share / "bash-completion/completions/ampsim"), "complete -F _ampsim"));
  CHECK(content_of(share / "zsh/vendor-completions/_ampsim").starts_with("#compdef ampsim\n"));
  CHECK(fs::exists(share / "fish/vendor_completions.d/ampsim.fish"));
  CHECK(contains(printed_by(folder, "gzip -dc '" + (share / "man/man1/ampsim.1.gz").string() + "'"),
                 ".SS ampsim run\n"));
  for (const char* page : {"README.md", "docs/settings.md", "experiments/quick-start.toml"}) {
    CHECK(fs::exists(share / "doc/ampsim" / page));
  }
}

}  // namespace

TEST_CASE("package: a folder of its own is all that an installation takes" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string prefix = (folder.path() / "home").string();
  printed_by(folder, "cmake --install '" + kBuild.string() + "' --prefix '" + prefix + "'");
  check_program_in(folder, prefix);
  CHECK_FALSE(fs::exists(prefix + "/share/doc/libampsim-dev"));
  CHECK(fs::exists(prefix + "/lib/cmake/ampsim/ampsim-config.cmake"));
  const std::string python = prefix + "/lib/python3/dist-packages";
  if (std::string(AMPSIM_PYTHON_FOLDER).empty()) return;
  CHECK(contains(printed_by(folder, "PYTHONPATH='" + python +
                                        "' " AMPSIM_PYTHON_EXECUTABLE
                                        " -B -c 'import ampsim; print(ampsim.__version__)'"),
                 version().number));
}

TEST_CASE("package: Debian packages hold what they promise and the program runs" *
          doctest::test_suite("slow")) {
  for (const char* needed : {"cpack", "dpkg-deb", "dpkg-shlibdeps"}) {
    if (has_program(needed)) continue;
    MESSAGE("skipped: no " << needed);
    return;
  }
  const TemporaryFolder folder;
  make_packages(folder);
  const std::string program = package_named(folder, "ampsim");
  const std::string about = printed_by(folder, "dpkg-deb -I '" + program + "'");
  CHECK(contains(about, " Package: ampsim\n"));
  CHECK(contains(about, " Version: " + std::string(version().number) + "-1\n"));
  for (const char* library : {"libc6 (>=", "libssl3", "libsecp256k1", "libsimdjson", "libfmt"}) {
    CHECK(contains(about, library));
  }
  const std::string list = printed_by(folder, "dpkg-deb -c '" + program + "'");
  CHECK(contains(list, "-rwxr-xr-x root/root"));
  for (const char* file :
       {"./usr/bin/ampsim\n", "./usr/share/doc/ampsim/copyright\n",
        "./usr/share/doc/ampsim/changelog.Debian.gz\n", "./usr/share/man/man1/ampsim.1.gz\n"}) {
    CHECK(contains(list, file));
  }
  CHECK_FALSE(contains(list, "/include/"));
  printed_by(folder, "dpkg-deb -x '" + program + "' root");
  const std::string root = (folder.path() / "root/usr").string();
  check_program_in(folder, root);
  const std::string sections = printed_by(folder, "readelf -S '" + root + "/bin/ampsim'");
  CHECK(contains(sections, ".dynsym"));
  CHECK_FALSE(contains(sections, ".symtab"));
  CHECK(contains(content_of(root + "/share/doc/ampsim/copyright"), "License: Expat\n Permission"));
  CHECK(contains(printed_by(folder, "gzip -dc '" + root + "/share/doc/ampsim/changelog.Debian.gz'"),
                 "ampsim (" + std::string(version().number) + "-1) unstable"));

  const std::string dev = package_named(folder, "libampsim-dev");
  const std::string needs = printed_by(folder, "dpkg-deb -f '" + dev + "' Depends");
  for (const char* package : {"libboost1.81-dev", "libtomlplusplus-dev", "pkgconf"}) {
    CHECK(contains(needs, package));
  }
  const std::string files = printed_by(folder, "dpkg-deb -c '" + dev + "'");
  CHECK(contains(files, "./usr/include/ampsim/sim/routing/router.hpp\n"));
  CHECK(contains(files, "./usr/lib/libampsim_cli.a\n"));
  CHECK_FALSE(contains(files, "/bin/"));
  if (std::string(AMPSIM_PYTHON_FOLDER).empty()) return;
  const std::string python = package_named(folder, "python3-ampsim");
  CHECK(contains(printed_by(folder, "dpkg-deb -f '" + python + "' Depends"), "python3-pandas"));
  CHECK(contains(printed_by(folder, "dpkg-deb -c '" + python + "'"),
                 "./usr/lib/python3/dist-packages/ampsim/__init__.py\n"));
}
