#pragma once

#include <memory>
#include <ostream>
#include <streambuf>

/// Compresses what is written to it on its way to another stream: the same bytes for the same
/// bytes, without name and time.
///
/// Tested by tests/exporters_test.cpp.
namespace ampsim::topo {

class GzipBuffer : public std::streambuf {
 public:
  explicit GzipBuffer(std::ostream& out);
  ~GzipBuffer() override;
  GzipBuffer(const GzipBuffer&) = delete;
  GzipBuffer& operator=(const GzipBuffer&) = delete;

  /// The end of the gzip; nothing may be written behind it.
  void finish();

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;
  int_type overflow(int_type byte) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ampsim::topo
