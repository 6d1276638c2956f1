#include "fcrdns/fleet/columns.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::fleet {
namespace {

constexpr std::size_t most_examples = 20, longest_tag = 40;

base::WallTime changed(const std::string& path, base::WallTime now) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return now;
  return base::WallTime(base::Seconds(status.st_mtim.tv_sec));
}

std::string_view word_of(std::optional<Class> was) {
  if (!was) return {};
  if (is_pass(*was)) return to_word(verdict::Iprev::pass);
  if (*was == Class::no_ptr) return to_word(verdict::Iprev::permerror);
  return to_word(*was == Class::mismatch ? verdict::Iprev::fail : verdict::Iprev::temperror);
}

}  // namespace

base::Expected<Columns> Columns::open(const std::string& tags, const std::string& diff, base::WallTime now) {
  Columns columns;
  if (!tags.empty()) {
    auto opened = Tags::open(tags);
    if (!opened) return std::unexpected(opened.error());
    columns.tags_ = std::move(*opened);
    columns.names_ = columns.tags_->names();
  }
  if (!diff.empty()) {
    auto opened = Earlier::open(diff);
    if (!opened) return std::unexpected(opened.error());
    columns.earlier_ = std::move(*opened);
    columns.before_name_ = before_name(diff, changed(diff, now), now);
    columns.names_.emplace_back("was");
  }
  columns.more_.resize(columns.names_.size());
  return columns;
}

void Columns::fill(sweep::Row& row) {
  std::ranges::fill(more_, std::string_view());
  row.more = more_;
  if (!row.iprev) return;
  if (earlier_) {
    const auto was = earlier_->find(row.address);
    more_.back() = word_of(was);
    compare(row.address, was, class_of(row));
  }
  if (tags_) std::ranges::copy(tags_->find(row.address), more_.begin());
}

void Columns::count(const net::Address& address, Class now) {
  if (earlier_) compare(address, earlier_->find(address), now);
}

void Columns::compare(const net::Address& address, std::optional<Class> was, Class now) {
  if (!was) {
    ++added_;
    return;
  }
  ++found_;
  if (is_broken(*was) && is_pass(now)) ++mended_;
  if (!is_pass(*was) || !is_broken(now)) return;
  ++broken_;
  if (newly_broken_.size() == most_examples && address > newly_broken_.rbegin()->first) return;
  auto text = address.text();
  if (tags_)
    if (const auto tag = tags_->find(address).front(); !tag.empty()) text += " " + base::escape(tag, longest_tag);
  newly_broken_[address] = std::move(text);
  if (newly_broken_.size() > most_examples) newly_broken_.erase(std::prev(newly_broken_.end()));
}

std::optional<Changes> Columns::changes() const {
  if (!earlier_) return {};
  Changes out{.before = earlier_->all(), .before_name = before_name_, .mended = mended_, .broken = broken_, .added = added_};
  const auto before = sum(out.before) - out.before[static_cast<std::size_t>(Class::bad_input)];
  out.gone = before - std::min(before, found_);
  for (const auto& [address, text] : newly_broken_) out.newly_broken.push_back(text);
  return out;
}

}  // namespace fcrdns::fleet
