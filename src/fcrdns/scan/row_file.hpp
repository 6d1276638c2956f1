// Where the rows go: a file, packed by its name (.zst, .gz), or standard output. Whatever keeps a row from getting there is
// noticed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::scan {

/// Turns rows into the octets of the file. end_piece(): everything so far can be unpacked by itself.
class Packing {
 public:
  virtual ~Packing() = default;
  virtual void add(std::string_view rows, std::string& out) = 0;
  virtual void end_piece(std::string& out) = 0;
};
/// By the end of the name; null: rows stay as they are.
[[nodiscard]] std::unique_ptr<Packing> packing_of(std::string_view name);

class RowFile {
 public:
  /// Empty: standard output. `keep`: octets of an earlier run that stay, the file is cut behind them; the Fault says when it is shorter.
  [[nodiscard]] static base::Expected<std::unique_ptr<RowFile>> open(const std::string& path, std::uint64_t keep);
  ~RowFile();
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  /// Rows are collected here: append, then call added().
  [[nodiscard]] std::string& rows() { return rows_; }
  /// Writes when enough has gathered.
  void added() {
    if (rows_.size() >= enough) drain(false);
  }
  /// Writes what it can without being held up by a slow reader.
  void drain(bool all);
  /// The reader does not keep up: no more rows for now.
  [[nodiscard]] bool full() const { return rows_.size() + packed_.size() - at_ > most_waiting; }
  /// Everything so far is on its way; packed, it ends a frame. Returns the octets of the file that count.
  [[nodiscard]] std::uint64_t end_piece();
  /// Writes the rest and closes.
  void close();

  /// errno of the first thing that went wrong; nothing is written afterwards.
  [[nodiscard]] int error() const { return error_; }
  void fail(int error) { error_ = error_ == 0 ? error : error_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_regular() const { return regular_; }

 private:
  static constexpr std::size_t enough = 64 << 10, most_waiting = 1 << 20;
  RowFile(int descriptor, bool owned, std::uint64_t octets, std::unique_ptr<Packing> packing);
  void put(bool all);

  int descriptor_;
  bool owned_, regular_ = false;
  std::uint64_t octets_;  ///< of the file
  std::unique_ptr<Packing> packing_;
  std::string rows_, packed_;
  std::size_t at_ = 0;    ///< of packed_: what is before has been written
  bool in_piece_ = false; ///< rows have been packed since the last end_piece()
  int error_ = 0;
};

}  // namespace fcrdns::scan
