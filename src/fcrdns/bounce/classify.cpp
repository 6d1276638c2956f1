// The shelf of both catalogues: compiled in, replaced as a whole by files of --data-dir.
#include "fcrdns/bounce/classify.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/canonical.hpp"
#include "fcrdns/bounce/receiver_catalogue.hpp"
#include "fcrdns/bounce/code_words.hpp"
#include "fcrdns/bounce/json_field.hpp"

namespace fcrdns::bounce {
namespace {

namespace fs = std::filesystem;

base::Expected<ReceiverCatalogue> receivers_of(std::string_view json) {
  auto file = parse_receivers(json);
  if (!file) return std::unexpected(file.error());
  return ReceiverCatalogue::make(*std::move(file));
}

/// Fixed before the first look, never changed after: views into it leave this room.
struct Shelf {
  std::mutex guard;
  std::unique_ptr<const ReceiverCatalogue> receivers;
  std::unique_ptr<const CodeCatalogue> codes;
  bool in_use = false;
};
Shelf& shelf() {
  static Shelf the_shelf;
  return the_shelf;
}

/// What is compiled in and wrong is a defect that a test finds; the program then knows no receiver.
void fill(Shelf& all) {
  const auto built_in = [](std::string_view name) { return base::data_file(name).value_or("{}"); };
  if (!all.receivers) {
    auto made = receivers_of(built_in("receivers.json"));
    if (!made) made = ReceiverCatalogue::make({});
    all.receivers = std::make_unique<const ReceiverCatalogue>(*std::move(made));
  }
  if (!all.codes) {
    auto made = CodeCatalogue::parse(built_in("codes.json"));
    if (!made) made = CodeCatalogue::parse(R"({"codes":[]})");
    all.codes = std::make_unique<const CodeCatalogue>(*std::move(made));
  }
}

const Shelf& filled() {
  static const Shelf& chosen = []() -> const Shelf& {
    auto& all = shelf();
    const std::lock_guard lock(all.guard);
    all.in_use = true;
    fill(all);
    return all;
  }();
  return chosen;
}

/// Empty: there is no such file.
base::Expected<std::string> read_file(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::string();
  std::string text(max_catalogue + 1, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() == 0) return base::fault("cannot be read, or is empty");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

/// Reads the file and makes a catalogue of it; null when there is no file. The Fault begins with its name.
template <typename Catalogue, typename Make>
base::Expected<std::unique_ptr<const Catalogue>> load_one(const fs::path& path, Make make) {
  const auto at = [&](const base::Fault& why) { return base::fault(base::escape(path.string(), 200) + ": " + why.message); };
  const auto text = read_file(path);
  if (!text) return at(text.error());
  if (text->empty()) return std::unique_ptr<const Catalogue>();
  auto made = make(*text);
  if (!made) return at(made.error());
  return std::make_unique<const Catalogue>(*std::move(made));
}

}  // namespace

const ReceiverCatalogue& receiver_catalogue() { return *filled().receivers; }

Meaning classify(const mail::Reply& reply, std::string_view remote_mta) {
  std::string text;
  std::vector<Phrases::Found> found;
  canonical(reply.text, text);
  const auto& catalogue = receiver_catalogue();
  return catalogue.meaning(reply, text, catalogue.by_server(remote_mta), found);
}

const Receiver* find_receiver(std::string_view id) { return receiver_catalogue().find(id); }

base::Expected<bool> load_receivers(const std::string& data_dir) {
  auto receivers = load_one<ReceiverCatalogue>(fs::path(data_dir) / "receivers.json", receivers_of);
  if (!receivers) return std::unexpected(receivers.error());
  auto codes = load_one<CodeCatalogue>(fs::path(data_dir) / "codes.json", CodeCatalogue::parse);
  if (!codes) return std::unexpected(codes.error());
  const bool any = *receivers != nullptr || *codes != nullptr;
  auto& all = shelf();
  const std::lock_guard lock(all.guard);
  if (any && all.in_use) return base::fault("the receiver catalogue is in use already: load another one first");
  if (*receivers) all.receivers = *std::move(receivers);
  if (*codes) all.codes = *std::move(codes);
  return any;
}

const CodeWord* explain_code(std::string_view code) {
  const auto& codes = *filled().codes;
  if (code.size() > 200) return nullptr;
  // "550 5.7.26": the word that says most stands last; marks ("S3150") first of all.
  if (const auto* mark = codes.find_mark(code)) return mark;
  const auto parts = base::words(code);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    if (const auto* found = codes.find(*part)) return found;
  const auto reply = mail::parse_reply(code);
  return reply.enhanced || reply.code != 0 ? explain_code(reply) : nullptr;
}

const CodeWord* explain_code(const mail::Reply& reply) {
  const auto& codes = *filled().codes;
  if (const auto* mark = codes.find_mark(reply.text)) return mark;
  if (reply.enhanced)
    if (const auto* found = codes.find(reply.enhanced->text())) return found;
  return reply.code != 0 ? codes.find(std::to_string(reply.code)) : nullptr;
}

std::vector<std::string> known_codes() { return filled().codes->codes(); }

}  // namespace fcrdns::bounce
