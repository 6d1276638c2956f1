#include "fcrdns/spf/check.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/lookups.hpp"
#include "fcrdns/spf/sender.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::size_t shown = 512;                   // octets of a term or a domain in the outcome
constexpr std::size_t longest_explanation = 1024;    // octets: two lines of SMTP (RFC 5321 4.5.3.1.5)
constexpr std::size_t most_free_rows = 1000;         // of terms that neither match nor cost anything

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// How a record ends (4.6.2, 4.7), and whose explanation belongs to it.
struct Ending {
  Result result = Result::none;
  const Modifier* explanation = nullptr;
  std::string domain;
};

class Check {
 public:
  Check(const Query& query, const Limits& limits, Known& known)
      : query_(query), limits_(limits), known_(known), sender_(query), lookups_(known, limits, query.client) {}

  std::optional<Outcome> run() {
    out_.identity = query_.identity;
    out_.domain = base::escape(sender_.domain, shown);
    if (sender_.too_long || !is_mail_domain(sender_.domain)) return out_;
    const auto ending = check_host(sender_.domain, 0);
    out_.lookups = lookups_.terms();
    out_.void_lookups = lookups_.voids();
    if (!ending) {
      if (!ending.error().result) return std::nullopt;
      out_.result = *ending.error().result;
      out_.problem = ending.error().problem;
      return out_;
    }
    out_.result = ending->result;
    if (ending->result == Result::fail && ending->explanation != nullptr) {
      auto explanation = explain(*ending->explanation, ending->domain);
      if (!explanation) return std::nullopt;
      out_.explanation = std::move(*explanation);
    }
    return out_;
  }

 private:
  Step<Ending> check_host(const std::string& domain, unsigned depth) {
    const auto name = name_of(domain);
    if (!name) return Ending{};
    const auto* policy = known_.policy(*name);
    if (policy == nullptr) return missing();
    if (depth == 0) out_.record = base::escape(policy->text, limits_.record);
    if (policy->verdict == Result::none) return Ending{};
    if (policy->verdict) return stop(*policy->verdict, policy->problem, std::string(to_word(*policy->verdict)));
    const auto& record = policy->record;
    for (const auto& mechanism : record.mechanisms) {
      const auto matched = evaluate(mechanism, domain, depth);
      if (!matched) return std::unexpected(matched.error());
      if (*matched) return Ending{mechanism.result, record.explanation ? &*record.explanation : nullptr, domain};
    }
    if (record.redirect) return follow(*record.redirect, domain, depth);
    out_.mechanism = "default";
    return Ending{Result::neutral};
  }

  /// One mechanism, with its row in the trace.
  Step<bool> evaluate(const Mechanism& mechanism, const std::string& domain, unsigned depth) {
    const auto row = begin(mechanism.text, mechanism.unqualified(), domain, depth);
    if (depth == 0) out_.through = mechanism.kind == Kind::include ? out_.mechanism : "";
    auto matched = match(mechanism, domain, depth);
    if (!matched) {
      end(row, to_row(matched.error()));
    } else {
      const auto skipped = lookups_.take_skipped();
      end(row, *matched ? "match" : !skipped.empty() ? skipped : is_void(row) ? "void" : "no match");
      if (!*matched && depth == 0) out_.through.clear();
      if (!*matched && row + 1 == out_.trace.size() && row >= most_free_rows && out_.trace[row].lookups == 0) out_.trace.pop_back();
    }
    return matched;
  }

  Step<bool> match(const Mechanism& mechanism, const std::string& domain, unsigned depth) {
    if (mechanism.kind == Kind::all) return true;
    if (mechanism.kind == Kind::ip4 || mechanism.kind == Kind::ip6) return mechanism.joins(query_.client, mechanism.network);
    if (const auto counted = lookups_.count_term(); !counted) return std::unexpected(counted.error());
    const auto target = mechanism.target ? expand(*mechanism.target, domain) : domain;
    if (!target) return std::unexpected(target.error());
    if (!is_ascii(*target)) return false;  // RFC 8616 4: what holds such a local-part matches nothing
    if (mechanism.kind == Kind::include) return include(*target, depth);
    const auto name = name_of(*target);
    if (!name) return false;  // 4.8 leaves it open; such a name cannot exist
    switch (mechanism.kind) {
      case Kind::a: return lookups_.match_a(mechanism, *name);
      case Kind::mx: return lookups_.match_mx(mechanism, *name);
      case Kind::ptr: return lookups_.match_ptr(*name);
      default: return lookups_.match_exists(*name);
    }
  }

  /// 5.2: only a pass below matches; errors end it all, and so does a domain without a record.
  Step<bool> include(const std::string& target, unsigned depth) {
    const auto below = check_host(target, depth + 1);
    if (!below) return std::unexpected(below.error());
    if (below->result == Result::none) return without_record(target);
    return below->result == Result::pass;
  }

  /// 6.1: the other record decides, its explanation too.
  Step<Ending> follow(const Modifier& redirect, const std::string& domain, unsigned depth) {
    const auto row = begin(redirect.text, redirect.text, domain, depth);
    if (depth == 0) out_.through = out_.mechanism;
    auto ending = [&]() -> Step<Ending> {
      if (const auto counted = lookups_.count_term(); !counted) return std::unexpected(counted.error());
      const auto target = expand(redirect.target, domain);
      if (!target) return std::unexpected(target.error());
      auto there = check_host(*target, depth + 1);
      if (there && there->result == Result::none) return without_record(*target);
      return there;
    }();
    end(row, ending ? "followed" : to_row(ending.error()));
    return ending;
  }

  /// 6.2: whatever is wrong with it, there is none. Stops only for missing answers.
  Step<std::optional<std::string>> explain(const Modifier& modifier, const std::string& domain) {
    lookups_.stop_counting();
    const auto target = expand(modifier.target, domain);
    if (!target) return unexplained(target.error());
    const auto name = name_of(*target);
    if (!name) return std::nullopt;
    const auto* answer = known_.find(dns::Type::txt, *name);
    if (answer == nullptr) return missing();
    if (found(*answer) != Found::records || answer->records.size() != 1) return std::nullopt;
    const auto* txt = std::get_if<dns::Txt>(&answer->records[0].data);
    const auto macro = txt ? parse_macro(joined(*txt, limits_.record), MacroPlace::explanation) : base::fault("not a TXT record");
    if (!macro) return std::nullopt;
    const auto values = values_for(*macro, domain);
    if (!values) return unexplained(values.error());
    const auto text = expand_text(*macro, *values, longest_explanation);
    if (text.empty() || !is_ascii(text)) return std::nullopt;
    return base::escape(text, longest_explanation);
  }

  static Step<std::optional<std::string>> unexplained(const Stop& why) {
    if (!why.result) return missing();
    return std::nullopt;
  }

  Step<std::string> expand(const MacroString& macro, const std::string& domain) {
    const auto values = values_for(macro, domain);
    if (!values) return std::unexpected(values.error());
    return expand_domain(macro, *values);
  }

  /// What the letters stand for in a record of `domain`.
  Step<MacroValue> values_for(const MacroString& macro, const std::string& domain) {
    std::string client_name;
    if (uses(macro, 'p')) {
      auto validated = lookups_.validated_name(name_of(domain));
      if (!validated) return std::unexpected(validated.error());
      client_name = std::move(*validated);
    }
    return [this, domain, client_name](char letter) {
      return letter == 'd' ? domain : letter == 'p' ? client_name : macro_value(letter, query_, sender_);
    };
  }

  static std::unexpected<Stop> without_record(const std::string& target) {
    return stop(Result::permerror, base::escape(target, shown) + " has no SPF record", "no record");
  }

  std::size_t begin(std::string_view text, std::string_view unqualified, const std::string& domain, unsigned depth) {
    out_.mechanism = base::escape(unqualified, shown);
    // Counters from before the term; end() makes the difference.
    out_.trace.push_back({depth, base::escape(domain, shown), base::escape(text, shown), {}, lookups_.terms(), lookups_.voids()});
    return out_.trace.size() - 1;
  }
  void end(std::size_t row, std::string outcome) {
    auto& term = out_.trace[row];
    term.outcome = std::move(outcome);
    term.lookups = lookups_.terms() - term.lookups;
    term.void_lookups = lookups_.voids() - term.void_lookups;
  }
  /// Nothing was found for the term itself. To be asked before end().
  [[nodiscard]] bool is_void(std::size_t row) const {
    return row + 1 == out_.trace.size() && lookups_.voids() > out_.trace[row].void_lookups;
  }
  /// The row where trouble began names it; those above only say what became of them.
  static std::string to_row(Stop& why) {
    auto word = std::exchange(why.word, std::string(to_word(why.result.value_or(Result::none))));
    return word;
  }

  const Query& query_;
  const Limits& limits_;
  Known& known_;
  const Sender sender_;
  Lookups lookups_;
  Outcome out_;
};

}  // namespace

std::optional<Outcome> check(const Query& query, const Limits& limits, Known& known) { return Check(query, limits, known).run(); }

}  // namespace fcrdns::spf
