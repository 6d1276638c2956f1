// The signatures, checked by ldns' own verifier.
#include "fcrdns/authority/signing.hpp"

#include <gtest/gtest.h>
#include <ldns/ldns.h>

#include <memory>

namespace fcrdns::authority {
namespace {

using dns::Name;
using dns::Type;

ldns_rr* to_ldns(const dns::Record& record) {
  dns::Message one;
  one.answers = {record};
  const auto octets = dns::write_message(one);
  ldns_rr* rr = nullptr;
  std::size_t at = 12;
  EXPECT_EQ(ldns_wire2rr(&rr, octets.data(), octets.size(), &at, LDNS_SECTION_ANSWER), LDNS_STATUS_OK);
  return rr;
}

/// Verifies the RRset of this name and type in the zone against the zone's key.
ldns_status verify(const SignedWorld& world, const world::Zone& zone, const Name& name, Type type) {
  const auto& made = world.zones.at(zone.apex);
  auto* set = ldns_rr_list_new();
  for (const auto& record : world::records_of(world.world, zone))
    if (record.owner == name && record.type == type) ldns_rr_list_push_rr(set, to_ldns(record));
  auto* signature = to_ldns(made.signatures.at({name, type}).front());
  auto* key = to_ldns(made.dnskeys.front());
  const auto status = ldns_verify_rrsig(set, signature, key);
  ldns_rr_list_deep_free(set);
  ldns_rr_free(signature);
  ldns_rr_free(key);
  return status;
}

constexpr std::string_view text = R"(
$SERVER ns. 192.0.2.53
$ZONE . ns. signed
$ZONE good. ns. signed
host A 192.0.2.1
Host A 192.0.2.2
odd\013\010name PTR Mixed.Case.good.
fails A !servfail
$ZONE bogus. ns. bogus
host A 192.0.2.1
$ZONE expired. ns. expired
host A 192.0.2.1
$ZONE plain. ns.
host A 192.0.2.1
)";

class SigningTest : public testing::Test {
 protected:
  SignedWorld world = sign(world::parse_world(text).value(), base::wall_now()).value();
  const world::Zone& zone(std::string_view apex) const { return *world.world.zone_of(Name::parse(apex).value()); }
  static Name name(std::string_view text_of_name) { return Name::parse(text_of_name).value(); }
};

TEST_F(SigningTest, SignaturesVerify) {
  EXPECT_EQ(verify(world, zone("good."), name("host.good."), Type::a), LDNS_STATUS_OK);
  EXPECT_EQ(verify(world, zone("good."), name("odd\\013\\010name.good."), Type::ptr), LDNS_STATUS_OK);
  EXPECT_EQ(verify(world, zone("good."), name("good."), Type::soa), LDNS_STATUS_OK);
  EXPECT_EQ(verify(world, zone("good."), name("good."), Type::dnskey), LDNS_STATUS_OK);
  EXPECT_EQ(verify(world, zone("good."), name("host.good."), Type::nsec), LDNS_STATUS_OK);
  EXPECT_EQ(verify(world, zone("."), name("good."), Type::ds), LDNS_STATUS_OK);
}

TEST_F(SigningTest, DamagedAndExpiredOnesDoNot) {
  EXPECT_EQ(verify(world, zone("bogus."), name("host.bogus."), Type::a), LDNS_STATUS_CRYPTO_BOGUS);
  EXPECT_EQ(verify(world, zone("bogus."), name("bogus."), Type::dnskey), LDNS_STATUS_OK);  // the chain reaches the data
  EXPECT_EQ(verify(world, zone("expired."), name("host.expired."), Type::a), LDNS_STATUS_CRYPTO_SIG_EXPIRED);
}

TEST_F(SigningTest, TheParentVouchesForSignedChildrenOnly) {
  const auto& root = world.zones.at(Name{});
  for (const auto* child : {"good.", "bogus.", "expired."})
    EXPECT_TRUE(root.signatures.contains({name(child), Type::ds})) << child;
  EXPECT_FALSE(root.signatures.contains({name("plain."), Type::ds}));
  EXPECT_TRUE(root.nsec.contains(name("plain.")));                          // the proof that there is none
  EXPECT_FALSE(root.signatures.contains({name("plain."), Type::ns}));       // RFC 4035 2.2: delegations are not signed
  EXPECT_FALSE(world.zones.contains(name("plain.")));
}

TEST_F(SigningTest, ANameThatOnlyFailsIsNotDenied) {
  EXPECT_TRUE(world.zones.at(name("good.")).nsec.contains(name("fails.good.")));
}

TEST_F(SigningTest, TheTrustAnchorIsTheRootsKey) {
  EXPECT_TRUE(world.trust_anchor().starts_with(".\t")) << world.trust_anchor();
  EXPECT_NE(world.trust_anchor().find("DNSKEY\t257 3 13 "), std::string::npos) << world.trust_anchor();
  EXPECT_EQ(sign(world::parse_world("$ZONE .").value(), base::wall_now()).value().trust_anchor(), "");
}

}  // namespace
}  // namespace fcrdns::authority
