#include "topologies/exporters/gzip.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <zlib.h>

#include "core/check.hpp"

namespace ampsim::topo {

class GzipBuffer::Impl {
 public:
  explicit Impl(std::ostream& out) : out_(out) {
    constexpr int kGzip = 16;  // on top of the window: not zlib's own format
    const int code = deflateInit2(&stream_, Z_BEST_SPEED + 4, Z_DEFLATED, MAX_WBITS + kGzip,
                                  MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    AMPSIM_CHECK(code == Z_OK, "zlib cannot compress");
  }
  ~Impl() { deflateEnd(&stream_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void add(std::string_view bytes, int flush) {
    // zlib reads it only, but does not say so.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = room_.data();
      stream_.avail_out = static_cast<uInt>(room_.size());
      const int code = deflate(&stream_, flush);
      AMPSIM_CHECK(code != Z_STREAM_ERROR, "zlib lost its state");
      const std::size_t size = room_.size() - stream_.avail_out;
      out_.write(reinterpret_cast<const char*>(room_.data()), static_cast<std::streamsize>(size));
    } while (stream_.avail_out == 0);
  }

 private:
  std::ostream& out_;
  z_stream stream_{};
  std::array<Bytef, 1U << 16U> room_{};
};

GzipBuffer::GzipBuffer(std::ostream& out) : impl_(std::make_unique<Impl>(out)) {}
GzipBuffer::~GzipBuffer() = default;

void GzipBuffer::finish() { impl_->add({}, Z_FINISH); }

std::streamsize GzipBuffer::xsputn(const char* bytes, std::streamsize count) {
  std::string_view rest(bytes, static_cast<std::size_t>(count));
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  while (!rest.empty()) {
    impl_->add(rest.substr(0, kMost), Z_NO_FLUSH);
    rest.remove_prefix(std::min(rest.size(), kMost));
  }
  return count;
}

GzipBuffer::int_type GzipBuffer::overflow(int_type byte) {
  if (traits_type::eq_int_type(byte, traits_type::eof())) return traits_type::not_eof(byte);
  const char c = traits_type::to_char_type(byte);
  impl_->add({&c, 1}, Z_NO_FLUSH);
  return byte;
}

}  // namespace ampsim::topo
