// The catalogue: every file of data/providers/, and those of a folder that replace them by id.
#include <algorithm>
#include <fstream>
#include <memory>
#include <mutex>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/provider/provider.hpp"
#include "fcrdns/provider/recogniser.hpp"

namespace fcrdns::provider {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 1000, max_file = 64 * 1024;

base::Expected<Provider> parse_file(std::string_view file, std::string_view text) {
  const auto at = [&](const std::string& why) { return base::escape(file, 200) + ": " + why; };
  auto provider = parse_provider(text);
  if (!provider) return base::fault(at(provider.error().message));
  if (fs::path(file).stem() != provider->id) return base::fault(at("its id must be the file's name without .json"));
  return provider;
}

/// One octet more than is allowed is enough to tell.
base::Expected<std::string> read_file(const fs::path& path) {
  std::string text(max_file + 1, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() == 0) return base::fault("cannot read " + base::escape(path.string(), 200));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

base::Expected<std::vector<fs::path>> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".json") continue;
    if (files.size() == max_files) return base::fault("more than 1000 files in " + base::escape(folder.string(), 200));
    files.push_back(at->path());
  }
  if (error) return base::fault("cannot read " + base::escape(folder.string(), 200) + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

/// What all functions of this room look into: fixed before the first look, never changed after.
struct Shelf {
  std::vector<Provider> providers;
  Recogniser recogniser;
  explicit Shelf(std::vector<Provider> all) : providers(std::move(all)), recogniser(providers) {}
};

struct Choice {
  std::mutex guard;
  std::unique_ptr<const Shelf> loaded;
  bool in_use = false;
};
Choice& choice() {
  static Choice the_choice;
  return the_choice;
}

const Shelf& shelf() {
  static const Shelf& chosen = []() -> const Shelf& {
    auto& made = choice();
    const std::lock_guard lock(made.guard);
    made.in_use = true;
    if (!made.loaded) made.loaded = std::make_unique<const Shelf>(built_in());
    return *made.loaded;
  }();
  return chosen;
}

}  // namespace

std::vector<Provider> built_in() {
  std::vector<Provider> out;
  for (const auto file : base::data_files("providers/")) {
    if (!file.ends_with(".json")) continue;
    // A file that is compiled in and wrong is a defect of ours that a test finds; the others still serve.
    if (auto provider = parse_file(file, *base::data_file(file))) out.push_back(*std::move(provider));
  }
  std::ranges::sort(out, {}, &Provider::id);
  return out;
}

base::Expected<std::vector<Provider>> built_in_and(const fs::path& data_dir) {
  auto all = built_in();
  std::error_code error;
  const auto folder = data_dir / "providers";
  if (!fs::exists(folder, error)) return all;
  const auto files = files_in(folder);
  if (!files) return std::unexpected(files.error());
  for (const auto& file : *files) {
    const auto text = read_file(file);
    if (!text) return std::unexpected(text.error());
    auto provider = parse_file(file.string(), *text);
    if (!provider) return std::unexpected(provider.error());
    const auto at = std::ranges::lower_bound(all, provider->id, {}, &Provider::id);
    if (at != all.end() && at->id == provider->id) *at = *std::move(provider);
    else all.insert(at, *std::move(provider));
  }
  return all;
}

base::Expected<void> load(const fs::path& data_dir) {
  auto all = built_in_and(data_dir);
  if (!all) return std::unexpected(all.error());
  auto& made = choice();
  const std::lock_guard lock(made.guard);
  if (made.in_use) return base::fault("the provider catalogue is in use already: load another one first");
  made.loaded = std::make_unique<const Shelf>(*std::move(all));
  return {};
}

std::span<const Provider> catalogue() { return shelf().providers; }

const Provider* find(std::string_view id) {
  const auto all = catalogue();
  const auto at = std::ranges::lower_bound(all, id, {}, &Provider::id);
  return at != all.end() && at->id == id ? &*at : nullptr;
}

std::vector<Match> by_ptr(const dns::Name& name, const net::Address& address) {
  return shelf().recogniser.by_ptr(PlainName(name), address.unmapped());
}
std::vector<Match> by_ptr(const PlainName& name, const net::Address& address) {
  return shelf().recogniser.by_ptr(name, address.unmapped());
}
std::vector<Match> by_nameserver(const dns::Name& nameserver) { return shelf().recogniser.by_nameserver(PlainName(nameserver)); }
std::vector<Match> by_organisation(std::string_view organisation) { return shelf().recogniser.by_organisation(organisation); }

}  // namespace fcrdns::provider
