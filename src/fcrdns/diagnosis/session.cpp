#include "fcrdns/diagnosis/session.hpp"

#include <sys/resource.h>

#include <filesystem>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::diagnosis {
namespace {

/// Each question under way holds sockets; a desktop's soft limit of 1,024 files is soon used up by a list.
void use_all_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Asking final : public Session {
 public:
  transport::Loop own_loop;
  std::unique_ptr<resolver::Resolver> resolver;
  std::unique_ptr<owner::Registry> registry;
  std::unique_ptr<resolver::Walker> walker;

  evidence::Sources sources(evidence::Observer* observer) override {
    return {.resolver = *resolver, .walker = walker.get(), .registry = registry.get(), .observer = observer};
  }
  transport::Loop& loop() override { return own_loop; }
};

}  // namespace

base::Expected<bool> load_catalogues(const std::string& folder) {
  std::error_code unreadable;
  if (!std::filesystem::is_directory(folder, unreadable))
    return base::fault("--data-dir " + base::escape(folder) + ": no folder that can be read; give one like the project's data/");
  if (const auto loaded = net::load_tables(folder); !loaded) return base::fault(loaded.error().message);
  if (const auto loaded = provider::load(folder); !loaded) return base::fault(loaded.error().message);
  return bounce::load_receivers(folder);
}

base::Expected<std::unique_ptr<Session>> Session::open(const Settings& settings) {
  auto session = std::make_unique<Asking>();
  auto resolver = resolver::make_resolver(settings.resolver, session->own_loop);
  if (!resolver) return base::fault(resolver.error().message);
  session->resolver = *std::move(resolver);
  auto registry = owner::make_rdap(session->own_loop, settings.rdap);
  if (!registry) return base::fault(registry.error().message);
  session->registry = *std::move(registry);
  session->walker = std::make_unique<resolver::Walker>(*session->resolver);
  use_all_descriptors();
  return session;
}

}  // namespace fcrdns::diagnosis
