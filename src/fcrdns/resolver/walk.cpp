#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::resolver {

struct Walker::Impl {};
Walker::Walker(Resolver&) {}
Walker::~Walker() = default;
bool Walk::all_proven_bad() const { return false; }
void Walker::walk(dns::Question, base::SteadyTime, std::move_only_function<void(Walk)>) {}

}  // namespace fcrdns::resolver
