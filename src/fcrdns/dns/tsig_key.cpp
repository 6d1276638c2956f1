#include "fcrdns/dns/tsig_key.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/text.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::array<std::string_view, 3> algorithm_words = {"hmac-sha256", "hmac-sha384", "hmac-sha512"};
/// RFC 8945 6, or truncated: not implemented on purpose.
constexpr std::array<std::string_view, 8> weak_words = {
    "hmac-md5", "hmac-md5.sig-alg.reg.int", "hmac-sha1", "hmac-sha224", "hmac-sha256-128", "hmac-sha384-192", "hmac-sha512-256", "gss-tsig"};
/// The numbers of dnssec-keygen's KEY records.
struct Number {
  std::string_view number, word;
};
constexpr std::array<Number, 6> numbers = {{{"157", "hmac-md5"}, {"161", "hmac-sha1"}, {"162", "hmac-sha224"},
                                            {"163", "hmac-sha256"}, {"164", "hmac-sha384"}, {"165", "hmac-sha512"}}};
constexpr std::size_t max_secret = 512;  // octets; BIND and Knot make 32 to 64

/// What a file says of one key, still as text.
struct Found {
  std::string_view name, algorithm, secret;
};

// ---- the parts -----------------------------------------------------------------------------------------------------

int sextet(char c) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto at = alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// RFC 4648 4, with its padding; white space inside is skipped, as KEY records may be split.
std::optional<base::Octets> from_base64(std::string_view text) {
  base::Octets out;
  out.reserve(text.size() / 4 * 3);  // so that no copy is left behind
  unsigned bits = 0, buffer = 0, padding = 0, count = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    ++count;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = sextet(c);
    if (value < 0 || padding > 0) return std::nullopt;
    buffer = (buffer << 6 | static_cast<unsigned>(value)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(buffer >> bits));
  }
  const bool whole = count % 4 == 0 && padding <= 2 && (buffer & ((1U << bits) - 1)) == 0 && bits == padding * 2;
  if (!whole) {
    OPENSSL_cleanse(out.data(), out.size());
    return std::nullopt;
  }
  return out;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

base::Expected<TsigAlgorithm> algorithm_of(std::string_view text) {
  auto word = base::to_lower(text);
  if (word.ends_with('.')) word.pop_back();
  if (const auto at = std::ranges::find(algorithm_words, word); at != algorithm_words.end())
    return static_cast<TsigAlgorithm>(at - algorithm_words.begin());
  if (std::ranges::find(weak_words, word) != weak_words.end())
    return base::fault(fmt::format("TSIG key: {} is not used here; make one with tsig-keygen -a hmac-sha256 NAME", word));
  // It may be the secret of somebody who mixed up the order, so it is not shown.
  return base::fault("TSIG key: unknown algorithm; there are hmac-sha256, hmac-sha384, hmac-sha512");
}

base::Expected<TsigKey> make_key(const Found& found) {
  if (found.name.empty() || found.secret.empty())
    return base::fault(fmt::format("TSIG key: it has no {}", found.name.empty() ? "name" : "secret"));
  const auto algorithm = algorithm_of(found.algorithm);
  if (!algorithm) return base::fault(algorithm.error().message);
  const auto name = Name::parse(found.name);
  if (!name || name->is_root()) return base::fault("TSIG key: its name is no domain name");
  auto secret = from_base64(found.secret);
  if (!secret) return base::fault("TSIG key: its secret is not base64 (RFC 4648)");
  const auto size = secret->size();
  TsigKey key(*name, *algorithm, *std::move(secret));
  if (size == 0 || size > max_secret) return base::fault(fmt::format("TSIG key: its secret has {} octets; 1 to {} can be used", size, max_secret));
  return key;
}

// ---- key "name" { ... }; -------------------------------------------------------------------------------------------

/// Where the comment that begins here ends: # and // with the line, /* at its mark.
std::size_t behind_comment(std::string_view text, std::size_t at) {
  const bool block = text.substr(at).starts_with("/*");
  const auto end = text.find(block ? "*/" : "\n", at + (block ? 2 : 1));
  return end == std::string_view::npos ? text.size() : end + (block ? 2 : 1);
}

/// Words, quoted strings with their quotes, and the marks { } ; in order, comments left out.
std::vector<std::string_view> bind_tokens(std::string_view text) {
  constexpr std::string_view marks = "{};", space = " \t\r\n\v\f";
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (space.contains(rest[0])) {
      ++at;
    } else if (rest[0] == '#' || rest.starts_with("//") || rest.starts_with("/*")) {
      at = behind_comment(text, at);
    } else {
      std::size_t length = 1;
      if (rest[0] == '"') {
        length = std::min(rest.find('"', 1), rest.size() - 1) + 1;
      } else if (!marks.contains(rest[0])) {
        while (length < rest.size() && !marks.contains(rest[length]) && !space.contains(rest[length]) && rest[length] != '"') ++length;
      }
      out.push_back(rest.substr(0, length));
      at += length;
    }
  }
  return out;
}

std::vector<Found> bind_keys(std::string_view text) {
  const auto tokens = bind_tokens(text);
  std::vector<Found> out;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i] != "key" || tokens[i + 2] != "{") continue;
    Found found{unquoted(tokens[i + 1]), {}, {}};
    for (i += 3; i + 1 < tokens.size() && tokens[i] != "}"; ++i) {
      if (tokens[i] == "algorithm") found.algorithm = unquoted(tokens[++i]);
      else if (tokens[i] == "secret") found.secret = unquoted(tokens[++i]);
    }
    out.push_back(found);
  }
  return out;
}

// ---- the others ----------------------------------------------------------------------------------------------------

/// YAML as Knot writes it: a list item for each key, its values on lines of their own.
std::vector<Found> knot_keys(std::string_view text) {
  std::vector<Found> out;
  for (auto line : base::split(text, '\n')) {
    if (const auto comment = line.find(" #"); comment != std::string_view::npos) line = line.substr(0, comment);
    line = base::trim(line);
    if (line.starts_with('#')) continue;
    const bool item = line.starts_with("- ");
    if (item) line = base::trim(line.substr(2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto field = base::trim(line.substr(0, colon)), value = unquoted(base::trim(line.substr(colon + 1)));
    if (item || (out.empty() && field == "id")) out.emplace_back();
    if (out.empty()) continue;
    if (field == "id") out.back().name = value;
    else if (field == "algorithm") out.back().algorithm = value;
    else if (field == "secret") out.back().secret = value;
  }
  std::erase_if(out, [](const Found& found) { return found.secret.empty(); });  // other lists of a configuration
  return out;
}

std::vector<Found> colon_key(std::string_view text) {
  const auto parts = base::split(text, ':');
  if (parts.size() == 2) return {{parts[0], algorithm_words[0], parts[1]}};
  if (parts.size() == 3) return {{parts[1], parts[0], parts[2]}};
  return {};
}

/// "name. [TTL] [IN] KEY flags protocol algorithm base64..."; comments of master files begin with ';'.
std::vector<Found> key_records(std::string_view text) {
  std::vector<Found> out;
  for (auto line : base::split(text, '\n')) {
    line = base::trim(line.substr(0, line.find(';')));
    const auto words = base::words(line);
    const auto key = std::ranges::find(words, "KEY");
    if (key == words.begin() || words.end() - key < 5) continue;
    const auto number = std::ranges::find(numbers, key[3], &Number::number);
    const auto secret_at = static_cast<std::size_t>(key[4].data() - line.data());
    out.push_back({words[0], number == numbers.end() ? key[3] : number->word, line.substr(secret_at)});
  }
  return out;
}

bool is_one_word(std::string_view text) { return text.find_first_of(" \t\r\n{") == std::string_view::npos; }

}  // namespace

TsigKey::~TsigKey() { OPENSSL_cleanse(secret.data(), secret.size()); }

std::string_view to_word(TsigAlgorithm algorithm) { return algorithm_words[static_cast<std::size_t>(algorithm)]; }

base::Expected<TsigKey> parse_tsig_key(std::string_view text) {
  text = base::trim(text);
  if (text.find("Private-key-format:") != std::string_view::npos)
    return base::fault("TSIG key: a .private file does not hold the key's name; give the .key file beside it");
  std::vector<Found> found;
  if (is_one_word(text)) {
    found = colon_key(text);
  } else {
    for (const auto read : {bind_keys, knot_keys, key_records})
      if (found.empty()) found = read(text);
  }
  if (found.empty())
    return base::fault("TSIG key: none found; write ALGORITHM:NAME:BASE64, or give a file of tsig-keygen (key \"NAME\" { ... };) or of keymgr -t");
  if (found.size() > 1) return base::fault(fmt::format("TSIG key: {} keys; give a file that holds the one to use", found.size()));
  return make_key(found.front());
}

}  // namespace fcrdns::dns
