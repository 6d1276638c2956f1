#include <gtest/gtest.h>

#include "fcrdns/remedy/words.hpp"
#include "fcrdns/report/advice.hpp"

namespace fcrdns::report {
namespace {

using finding::Id;
using finding::Severity;

const auto address = net::Address::v4({203, 0, 113, 5});

remedy::Step step(Id id, int choice, int number, const std::string& how) {
  return {.finding = id, .address = address, .choice = choice, .step = number, .action = remedy::Action::change_config,
          .who = "you, on the mail server", .how = {how}};
}
finding::Finding found(Id id, Severity severity) { return {id, severity, address, {}}; }

/// "ptr_missing: a b | c" for each advice: its choices, the hints of their steps.
std::vector<std::string> told(const Result& result, bool everything) {
  std::vector<std::string> out;
  for (const auto& each : advice(result, everything).advice) {
    auto& text = out.emplace_back(std::string(to_word(each.finding)) + ":");
    for (const auto& choice : each.choices) {
      if (&choice != &each.choices.front()) text += choice.refusal ? " |no" : " |";
      for (const auto* one : choice.steps) text += " " + hints(*one).front();
    }
  }
  return out;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST(Advice, TellsEachWayOnce) {
  Result result;
  result.findings = {found(Id::ptr_missing, Severity::error), found(Id::ptr_on_neighbour, Severity::error)};
  result.plan.steps = {step(Id::ptr_missing, 1, 1, "a"),      step(Id::ptr_missing, 1, 2, "b"),
                       step(Id::ptr_missing, 2, 1, "c"),      step(Id::ptr_on_neighbour, 1, 1, "a"),
                       step(Id::ptr_on_neighbour, 1, 2, "b"), step(Id::ptr_on_neighbour, 2, 1, "d")};
  EXPECT_EQ(told(result, false), (Texts{"ptr_missing: a b | c", "ptr_on_neighbour: d"}));
}

TEST(Advice, KeepsApartTwoFindingsOfOneIdAndAddress) {
  Result result;
  result.findings = {found(Id::ptr_in_forward_zone, Severity::error), found(Id::ptr_in_forward_zone, Severity::error)};
  result.plan.steps = {step(Id::ptr_in_forward_zone, 1, 1, "a"), step(Id::ptr_in_forward_zone, 1, 2, "b"),
                       step(Id::ptr_in_forward_zone, 1, 1, "a"), step(Id::ptr_in_forward_zone, 1, 2, "c")};
  EXPECT_EQ(told(result, false), (Texts{"ptr_in_forward_zone: a b | a c"}));
}

TEST(Advice, MarksWhatIsLeftAfterARefusal) {
  Result result;
  result.findings = {found(Id::ptr_missing, Severity::error)};
  result.plan.steps = {step(Id::ptr_missing, 1, 1, "a"), step(Id::ptr_missing, 2, 1, std::string(remedy::words::if_no))};
  result.plan.steps.back().how.emplace_back("relay");
  EXPECT_EQ(told(result, false), (Texts{"ptr_missing: a |no relay"}));
}

TEST(Advice, FoldsWarningsBehindErrorsAndNotesAlways) {
  Result result;
  result.findings = {found(Id::ptr_generic, Severity::warning), found(Id::ptr_multiple, Severity::warning), found(Id::helo_differs, Severity::info)};
  result.plan.steps = {step(Id::ptr_generic, 1, 1, "a"), step(Id::ptr_multiple, 1, 1, "b"), step(Id::helo_differs, 1, 1, "c")};
  EXPECT_EQ(told(result, false), (Texts{"ptr_generic: a"}));
  EXPECT_TRUE(advice(result, false).warnings_folded);
  EXPECT_EQ(told(result, true), (Texts{"ptr_generic: a", "ptr_multiple: b", "helo_differs: c"}));
  result.findings.push_back(found(Id::ptr_missing, Severity::error));
  EXPECT_EQ(told(result, false), Texts{});
  EXPECT_TRUE(advice(result, false).warnings_folded);
}

TEST(Advice, TellsTheNoteThatTheHeadlineTells) {
  Result result;
  result.iprev = verdict::Iprev::permerror;
  result.findings = {found(Id::stale_cache, Severity::info)};
  result.plan.steps = {step(Id::stale_cache, 1, 1, "wait")};
  EXPECT_EQ(told(result, false), (Texts{"stale_cache: wait"}));
}

}  // namespace fcrdns::report
