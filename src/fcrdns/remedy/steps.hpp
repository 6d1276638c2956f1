// Collects the steps of one finding; choices and steps number themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/remedy/records.hpp"
#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/remedy/setting.hpp"

namespace fcrdns::remedy {

class Steps {
 public:
  Steps(const Setting& setting, std::vector<Step>& out) : setting_(setting), out_(out) {}

  /// What follows is another way. Nothing happens while the present one has no steps.
  void choice();
  Step& add(Action action, std::string_view who);
  Step& record(Action action, const Place& place, std::string type, std::string data);
  /// The A or AAAA record of a name, for the address of the finding.
  Step& forward(Action action, const dns::Name& name);
  /// The address record of a name that does not lead here yet.
  void forward_first(const Chosen& chosen);
  /// The PTR of the address: who owns it, and how it is set there.
  Step& ptr(Action action, const Chosen& chosen);
  void verify();
  /// The whole way to a name: its address record first, then the PTR, then a look.
  void give_name(Action ptr_action, const Chosen& chosen);
  /// The same for a name that is none of those the PTR has now.
  void give_other_name(Action ptr_action, std::span<const std::string> but_not);

 private:

  const Setting& setting_;
  std::vector<Step>& out_;
  int choice_ = 1;
  int step_ = 0;
};

/// Appends to a caution, as a sentence of its own.
void caution(Step& step, std::string_view text);

}  // namespace fcrdns::remedy
