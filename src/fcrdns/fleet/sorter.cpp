#include "fcrdns/fleet/sorter.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace fcrdns::fleet {
namespace {

constexpr std::size_t runs_of_a_tier = 16, read_size = 16 << 10, head_size = 3;

struct Record {
  std::string_view key, value;
};

std::size_t octet(char c) { return static_cast<unsigned char>(c); }

void put(std::string& out, const Record& record) {
  out += static_cast<char>(record.key.size());
  out += static_cast<char>(record.value.size() >> 8);
  out += static_cast<char>(record.value.size() & 0xff);
  out += record.key;
  out += record.value;
}

/// The record that begins here, whole.
Record record_at(std::string_view octets) {
  const auto key = octet(octets[0]), value = octet(octets[1]) << 8 | octet(octets[2]);
  return {octets.substr(head_size, key), octets.substr(head_size + key, value)};
}

std::uint64_t begin_of(std::string_view key) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | (i < key.size() ? octet(key[i]) : 0);
  return bits;
}

/// Reads one run from its begin.
class Run {
 public:
  explicit Run(const ScratchFile& file) : file_(&file) {}
  /// False at the end. The record lives until the next call.
  bool next() {
    at_ += std::exchange(size_, 0);
    if (room_.size() - at_ < head_size + longest_key + longest_value) fill();
    if (room_.size() == at_) return false;
    current_ = record_at(std::string_view(room_).substr(at_));
    size_ = head_size + current_.key.size() + current_.value.size();
    return true;
  }
  [[nodiscard]] const Record& current() const { return current_; }

 private:
  void fill() {
    room_.erase(0, std::exchange(at_, 0));
    if (offset_ == file_->size()) return;
    const auto have = room_.size();
    room_.resize(have + read_size);
    const auto got = file_->read_at(offset_, room_.data() + have, read_size);
    room_.resize(have + got);
    offset_ += got;
  }

  const ScratchFile* file_;
  std::string room_;
  std::size_t at_ = 0;
  std::uint64_t offset_ = 0;
  Record current_;
  std::size_t size_ = 0;
};

/// The runs as one, ascending; of equal keys only that of the last run.
base::Expected<void> merge(const std::vector<const ScratchFile*>& files, const Sorter::Each& each) {
  std::vector<Run> runs;
  for (const auto* file : files) runs.emplace_back(*file);
  const auto comes_later = [&](std::size_t a, std::size_t b) {
    const auto order = runs[a].current().key <=> runs[b].current().key;
    return order > 0 || (order == 0 && a < b);
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(comes_later)> heads(comes_later);
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].next()) heads.push(i);
  std::string last;
  for (bool any = false; !heads.empty();) {
    const auto i = heads.top();
    heads.pop();
    const auto& record = runs[i].current();
    if (!any || record.key != last) {
      if (auto taken = each(record.key, record.value); !taken) return taken;
      last = record.key;
      any = true;
    }
    if (runs[i].next()) heads.push(i);
  }
  return {};
}

base::Expected<ScratchFile> merged(const std::vector<ScratchFile>& runs) {
  std::vector<const ScratchFile*> files;
  for (const auto& run : runs) files.push_back(&run);
  ScratchFile out;
  std::string record;
  auto done = merge(files, [&](std::string_view key, std::string_view value) {
    record.clear();
    put(record, {key, value});
    return out.append(record);
  });
  if (done) done = out.flush();
  if (!done) return std::unexpected(done.error());
  return out;
}

}  // namespace

base::Expected<void> Sorter::add(std::string_view key, std::string_view value) {
  places_.push_back({begin_of(key), static_cast<std::uint32_t>(records_.size())});
  put(records_, {key, value});
  if (records_.size() + places_.size() * sizeof(Place) < memory_) return {};
  return spill();
}

/// Ascending; of equal keys that comes first which was added last.
void Sorter::sort() {
  const std::string_view records = records_;
  std::ranges::sort(places_, [&](const Place& a, const Place& b) {
    if (a.begin_of_key != b.begin_of_key) return a.begin_of_key < b.begin_of_key;
    const auto order = record_at(records.substr(a.offset)).key <=> record_at(records.substr(b.offset)).key;
    return order < 0 || (order == 0 && a.offset > b.offset);
  });
}

base::Expected<void> Sorter::from_memory(const Each& each) {
  sort();
  std::string_view last;
  for (const auto& place : places_) {
    const auto record = record_at(std::string_view(records_).substr(place.offset));
    if (&place != places_.data() && record.key == last) continue;
    if (auto taken = each(record.key, record.value); !taken) return taken;
    last = record.key;
  }
  return {};
}

base::Expected<void> Sorter::spill() {
  ScratchFile run;
  std::string record;
  auto done = from_memory([&](std::string_view key, std::string_view value) {
    record.clear();
    put(record, {key, value});
    return run.append(record);
  });
  if (done) done = run.flush();
  if (!done) return done;
  records_.clear();
  places_.clear();
  for (std::size_t tier = 0;; ++tier) {
    if (tier == tiers_.size()) tiers_.emplace_back();
    tiers_[tier].push_back(std::move(run));
    if (tiers_[tier].size() < runs_of_a_tier) return {};
    auto whole = merged(tiers_[tier]);
    if (!whole) return std::unexpected(whole.error());
    tiers_[tier].clear();
    run = std::move(*whole);
  }
}

base::Expected<void> Sorter::each(const Each& each) {
  if (tiers_.empty()) return from_memory(each);
  if (!places_.empty())
    if (auto spilled = spill(); !spilled) return spilled;
  records_ = {};
  places_ = {};
  std::vector<const ScratchFile*> files;
  for (auto tier = tiers_.size(); tier-- > 0;)
    for (const auto& run : tiers_[tier]) files.push_back(&run);
  return merge(files, each);
}

}  // namespace fcrdns::fleet
