// The PTR of one address at a provider: one name, or the provider's default. What every such back end does alike: look
// before it writes, write nothing twice, overwrite nothing that came in between.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/http.hpp"

namespace fcrdns::apply {

class PtrBackend : public Backend {
 public:
  PtrBackend(std::string id, std::shared_ptr<HttpApi> api) : id_(std::move(id)), api_(std::move(api)) {}

  [[nodiscard]] Outcome<Before> look(const Wanted& wanted) override;
  [[nodiscard]] Outcome<Deed> put(const Wanted& wanted, const Before& before) override;
  [[nodiscard]] Outcome<bool> settled(const Wanted& wanted) override;
  [[nodiscard]] Outcome<Deed> restore(const Wanted& wanted, const Before& before) override;

 protected:
  struct Present {
    std::string name;    ///< as the API says it; empty: none
    std::string handle;  ///< for Before
  };
  /// Asks; Trouble::not_found when the account has no such address.
  [[nodiscard]] virtual Outcome<Present> present(const Wanted& wanted) = 0;
  /// Sets the name; none: brings the default back, which `before` may help with.
  [[nodiscard]] virtual Outcome<Deed> write(const Wanted& wanted, const std::optional<dns::Name>& name, const Before& before) = 0;
  /// Whether the last write is done, where the API tells; else what is present is compared.
  [[nodiscard]] virtual Outcome<std::optional<bool>> finished() { return std::nullopt; }
  /// Whether the API has a way back to its default; otherwise the default is a name like any other.
  [[nodiscard]] virtual bool has_reset() const { return true; }

  [[nodiscard]] HttpApi& api() { return *api_; }

 private:
  [[nodiscard]] bool is_default(const dns::Name& name, const net::Address& address) const;

  std::string id_;  ///< in the catalogue
  std::shared_ptr<HttpApi> api_;
  std::optional<std::optional<dns::Name>> goal_;  ///< of the last write; inside empty: the default
};

}  // namespace fcrdns::apply
