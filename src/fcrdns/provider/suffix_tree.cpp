#include "fcrdns/provider/suffix_tree.hpp"

#include <algorithm>

namespace fcrdns::provider {
namespace {

bool fits_glob(std::string_view glob, std::string_view label) {
  const auto star = glob.find('*');
  const auto head = glob.substr(0, star), tail = glob.substr(star + 1);
  return label.size() >= head.size() + tail.size() && label.starts_with(head) && label.ends_with(tail);
}

}  // namespace

std::uint32_t SuffixTree::child(std::uint32_t node, const std::string& label) {
  const auto fresh = static_cast<std::uint32_t>(nodes_.size());
  auto& children = label.find('*') == std::string::npos ? nodes_[node].exact : nodes_[node].globs;
  const auto at = std::ranges::lower_bound(children, label, {}, &Child::label);
  if (at != children.end() && at->label == label) return at->node;
  children.insert(at, {label, fresh});
  nodes_.emplace_back();
  return fresh;
}

void SuffixTree::add(const dns::Name& suffix, std::uint32_t value) {
  const auto lowered = suffix.lowered();
  std::uint32_t node = 0;
  for (auto i = lowered.label_count(); i-- > 0;) node = child(node, std::string(lowered.label(i)));
  nodes_[node].values.push_back(value);
}

void SuffixTree::collect(const PlainName& name, std::size_t depth, std::uint32_t node, std::vector<Hit>& hits) const {
  for (const auto value : nodes_[node].values) hits.push_back({value, depth});
  if (depth == name.label_count()) return;
  const auto label = name.label(name.label_count() - 1 - depth);
  const auto& exact = nodes_[node].exact;
  const auto at = std::ranges::lower_bound(exact, label, {}, &Child::label);
  if (at != exact.end() && at->label == label) collect(name, depth + 1, at->node, hits);
  for (const auto& glob : nodes_[node].globs)
    if (fits_glob(glob.label, label)) collect(name, depth + 1, glob.node, hits);
}

std::vector<SuffixTree::Hit> SuffixTree::find(const PlainName& name) const {
  std::vector<Hit> hits;
  collect(name, 0, 0, hits);
  std::ranges::sort(hits, [](const Hit& a, const Hit& b) {
    return a.labels != b.labels ? a.labels > b.labels : a.value < b.value;
  });
  return hits;
}

}  // namespace fcrdns::provider
