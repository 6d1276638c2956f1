#include "fcrdns/bounce/phrases.hpp"

#include <algorithm>

namespace fcrdns::bounce {

Phrases::Phrases() : next_(256, 0), ends_(1, none) {}

bool Phrases::add(std::string_view phrase, Id& id) {
  if (phrase.empty() || ends_.size() + phrase.size() > max_octets) return false;
  std::size_t state = 0;
  for (const char c : phrase) {
    auto to = next(state, static_cast<unsigned char>(c));
    if (to == 0) {
      to = static_cast<std::uint16_t>(ends_.size());
      next(state, static_cast<unsigned char>(c)) = to;
      next_.resize(next_.size() + 256, 0);
      ends_.push_back(none);
    }
    state = to;
  }
  if (ends_[state] == none) {
    ends_[state] = static_cast<Id>(lengths_.size());
    lengths_.push_back(static_cast<std::uint16_t>(phrase.size()));
  }
  id = ends_[state];
  return true;
}

void Phrases::finish() {
  const auto states = ends_.size();
  std::vector<std::uint16_t> suffix(states, 0), order;
  shorter_.assign(states, 0);
  order.reserve(states);
  order.push_back(0);
  // Breadth first: the state of a text's longest suffix is known before the state itself.
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto state = order[i];
    for (std::size_t octet = 0; octet < 256; ++octet) {
      auto& to = next(state, static_cast<unsigned char>(octet));
      const auto by_suffix = state == 0 ? std::uint16_t{0} : next(suffix[state], static_cast<unsigned char>(octet));
      if (to == 0) {
        to = by_suffix;
        continue;
      }
      suffix[to] = by_suffix;
      shorter_[to] = ends_[by_suffix] != none ? by_suffix : shorter_[by_suffix];
      order.push_back(to);
    }
  }
  // Octets that no phrase holds share one class: the table shrinks to what the cache can hold.
  for (std::size_t octet = 0; octet < 256; ++octet)
    for (std::size_t state = 0; state < states && class_[octet] == 0; ++state)
      if (next(state, static_cast<unsigned char>(octet)) != 0) class_[octet] = static_cast<std::uint8_t>(classes_++);
  std::vector<std::uint16_t> packed(states * classes_, 0);
  for (std::size_t state = 0; state < states; ++state)
    for (std::size_t octet = 0; octet < 256; ++octet)
      if (class_[octet] != 0) packed[state * classes_ + class_[octet]] = next(state, static_cast<unsigned char>(octet));
  next_ = std::move(packed);
}

void Phrases::find(std::string_view text, std::vector<Found>& found) const {
  found.clear();
  text = text.substr(0, 0xffff);
  std::size_t state = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    state = next_[state * classes_ + class_[static_cast<unsigned char>(text[at])]];
    for (auto end = ends_[state] != none ? state : std::size_t{shorter_[state]}; end != 0; end = shorter_[end]) {
      if (found.size() == max_found) return;
      const auto phrase = ends_[end];
      found.push_back({phrase, static_cast<std::uint16_t>(at + 1 - lengths_[phrase]), static_cast<std::uint16_t>(at + 1)});
    }
  }
}

}  // namespace fcrdns::bounce
