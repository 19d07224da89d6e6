#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// A network's JSON text, read front to back: an object whose lists hold objects. At every moment
/// there is an object at hand, and a value of it once `fields` has come to one.
///
/// Errors are InputErrors with the file, the line of the value and its path as key,
/// `net.json:7: edges[0].capacity: found ...; allowed: ...`. simdjson is behind it: one pass, no
/// tree, memory for one copy of the text.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

class JsonReader {
 public:
  /// `file` is only for messages, and so is `writer`: whose output this should be. The text must
  /// outlive the reader.
  JsonReader(std::string_view content, const std::string& file, std::string_view writer);
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// Calls `visit(index)` for every object of the list in this field of the whole object. The
  /// fields of the whole object may be read in any order.
  template <class Visit>
  void list(std::string_view name, Visit visit) {
    visit_list(name, &visit, [](void* v, std::size_t i) { (*static_cast<Visit*>(v))(i); });
  }
  /// Calls `visit(key)` for every field of the object at hand, which may read the value at hand.
  template <class Visit>
  void fields(Visit visit) {
    visit_fields(&visit, [](void* v, std::string_view key) { (*static_cast<Visit*>(v))(key); });
  }
  /// The same of the value at hand, which must be an object.
  template <class Visit>
  void object(std::string_view allowed, Visit visit) {
    visit_object(allowed, &visit,
                 [](void* v, std::string_view key) { (*static_cast<Visit*>(v))(key); });
  }
  /// Comes to this field of the whole object; false if there is none.
  bool field(std::string_view name);

  // Of the value at hand.
  bool is_null() const;
  /// Valid as long as the reader.
  std::string_view text();
  /// A text, or the digits of a number.
  std::string identifier();
  bool boolean();
  /// A number, or a string of digits, that may end in `unit`.
  std::int64_t integer(std::int64_t least, std::int64_t most, std::string_view unit = {});
  /// Of any 64 bits without a sign.
  std::uint64_t unsigned_integer(std::string_view unit = {});

  /// Where the value at hand begins, or the object at hand before its first value.
  std::size_t position() const;
  /// About the value at hand.
  [[noreturn]] void fail(std::string_view found) const;
  /// About a field of the object at hand.
  [[noreturn]] void fail_at(std::size_t offset, std::string_view key, std::string_view found) const;
  /// About a field of an object that was read before, such as edges[3].
  [[noreturn]] void fail_in(std::string_view list,
                            std::size_t index,
                            std::size_t offset,
                            std::string_view key,
                            std::string_view found);
  /// Nothing may follow the whole object.
  void finish();

 private:
  using VisitIndex = void (*)(void*, std::size_t);
  using VisitKey = void (*)(void*, std::string_view);
  void visit_list(std::string_view name, void* visit, VisitIndex call);
  void visit_fields(void* visit, VisitKey call);
  void visit_object(std::string_view allowed, void* visit, VisitKey call);
  template <class Integer>
  Integer number(Integer least, Integer most, std::string_view unit);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether the text begins as a JSON object, and has this key among its first 64 KiB.
bool is_json_object(std::string_view content);
bool has_json_key(std::string_view content, std::string_view key);
std::string_view without_byte_order_mark(std::string_view content);

}  // namespace ampsim::topo
