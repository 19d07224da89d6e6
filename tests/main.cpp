/// The tests' program. What is drawn at random is the same in every run, so that a verdict belongs
/// to the code and not to the day; the soak tests, and whoever sets RC_PARAMS (RC_PARAMS="" draws
/// anew), look elsewhere.
#include <cstdlib>

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) {
  setenv("RC_PARAMS", "seed=1", 0);
  return doctest::Context(argc, argv).run();
}
