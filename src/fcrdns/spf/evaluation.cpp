// One evaluation: for now it ends where it begins.
#include <utility>

#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {

class Evaluation::Impl {};

Evaluation::Evaluation(Query query, Ask, std::move_only_function<void(Outcome)> done, Limits) {
  done({.identity = query.identity});
}
Evaluation::~Evaluation() = default;

}  // namespace fcrdns::spf
