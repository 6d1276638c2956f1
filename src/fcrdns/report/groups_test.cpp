#include <gtest/gtest.h>

#include "fcrdns/report/groups.hpp"

namespace fcrdns::report {
namespace {

std::vector<net::Address> addresses(const std::vector<std::string>& texts) {
  std::vector<net::Address> out;
  for (const auto& text : texts) out.push_back(net::Address::parse(text).value());
  return out;
}

struct List {
  std::vector<std::string> addresses;
  std::string text;
};
const List lists[] = {
    {{}, ""},
    {{"203.0.113.65"}, "203.0.113.65"},
    {{"203.0.113.65", "203.0.113.66"}, "203.0.113.65,66"},
    {{"203.0.113.65", "203.0.113.66", "203.0.113.67"}, "203.0.113.65-67"},
    {{"203.0.113.65", "203.0.113.67", "203.0.113.68", "203.0.113.69"}, "203.0.113.65,67-69"},
    {{"203.0.113.255", "203.0.114.0"}, "203.0.113.255, 203.0.114.0"},
    {{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::a"}, "2001:db8::1-3,a"},
    {{"203.0.113.5", "2001:db8::1"}, "203.0.113.5, 2001:db8::1"},
    {{"255.255.255.255", "0.0.0.0"}, "255.255.255.255, 0.0.0.0"},
};

/// A prefix whose addresses have these names; an empty one has no PTR.
Result prefix_of(const std::vector<std::string>& names) {
  Result result;
  result.evidence.subject.kind = subject::Kind::prefix;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto& at = result.evidence.addresses.emplace_back();
    at.address = net::Address::v4({203, 0, 113, static_cast<std::uint8_t>(i)});
    at.ptr.status = names[i].empty() ? dns::Status::nxdomain : dns::Status::noerror;
    if (!names[i].empty()) {
      auto& name = at.names.emplace_back();
      name.name = dns::Name::parse(names[i]).value();
      name.own.status = dns::Status::noerror;
    }
    result.verdicts.push_back({names[i].empty() ? verdict::Iprev::permerror : verdict::Iprev::pass, {}});
    result.owners.emplace_back();
  }
  return result;
}

std::vector<std::vector<std::size_t>> indices(const Result& result) {
  std::vector<std::vector<std::size_t>> out;
  for (const auto& group : groups(result)) out.push_back(group.indices);
  return out;
}
using Indices = std::vector<std::vector<std::size_t>>;

}  // namespace

TEST(AddressList, RepeatsOnlyWhatDiffers) {
  for (const auto& row : lists) EXPECT_EQ(address_list(addresses(row.addresses)), row.text);
}

TEST(Groups, PutNamesOfOnePatternTogether) {
  EXPECT_EQ(indices(prefix_of({"ip-0.isp.example.", "", "ip-2.isp.example.", "mail.example.com.", "IP-4.isp.example.", ""})),
            (Indices{{0, 2, 4}, {1, 5}, {3}}));
  EXPECT_EQ(indices(prefix_of({"cb007100.isp.example.", "cb007101.isp.example.", "mail.isp.example.", "mail.isp.example."})),
            (Indices{{0, 1}, {2, 3}}));
}

TEST(Groups, KeepApartWhatWasFoundToDiffer) {
  auto result = prefix_of({"ip-0.isp.example.", "ip-1.isp.example.", "ip-2.isp.example."});
  result.findings.push_back({finding::Id::ptr_generic, finding::Severity::warning, result.evidence.addresses[1].address, {}});
  EXPECT_EQ(indices(result), (Indices{{0, 2}, {1}}));
  result.plan.steps.push_back({.address = result.evidence.addresses[1].address});
  EXPECT_EQ(indices(result), (Indices{{1}, {0, 2}})) << "the one the plan speaks of first";
}

TEST(Groups, LeaveTheAddressesOfAHostAlone) {
  auto result = prefix_of({"a.example.com.", "a.example.com."});
  result.evidence.subject.kind = subject::Kind::host;
  EXPECT_EQ(indices(result), (Indices{{0}, {1}}));
}

}  // namespace fcrdns::report
