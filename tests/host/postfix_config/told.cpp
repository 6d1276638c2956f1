// Tells what is read from a folder with main.cf and master.cf, for the comparison with Postfix's own programs.
//
//     postfix_told FOLDER values NAME...        "NAME = VALUE", and "SERVICE/TYPE/NAME = VALUE" of each service
//     postfix_told FOLDER routes < PAIRS        a line "SENDER RECIPIENT-DOMAIN" each: "CLIENT RELAY PORT mx|host"
//     postfix_told FOLDER change v4_only|say_helo|bind_source|unbind VALUE    carries it out, and prints the command
//     postfix_told FOLDER problems
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "fcrdns/host/change.hpp"
#include "fcrdns/host/postfix_config.hpp"

using namespace fcrdns;
using namespace fcrdns::host;

namespace {

int values(Files& files, const Names& names, const std::string& folder, const std::vector<std::string>& wanted) {
  const auto instance = postfix::read_instance(files, names, folder);
  if (!instance) return 1;
  const auto tell = [&](const std::string& before, const std::string& name, const postfix::Service* service) {
    const auto trouble = instance->trouble(name, service);
    std::cout << before << name << " = " << (trouble.empty() ? instance->value(name, service).value : "!") << '\n';
  };
  for (const auto& name : wanted) tell("", name, nullptr);
  for (const auto& service : instance->services)
    for (const auto& [name, setting] : service.own) tell(service.id() + "/", name, &service);
  return 0;
}

int routes(const Mta& mta) {
  for (std::string sender, domain; std::cin >> sender >> domain;) {
    const auto* const route = route_for(mta, domain, sender == "-" ? "" : sender);
    if (route == nullptr || route->client.empty()) std::cout << "stays\n";
    else if (!route->relay) std::cout << route->client << '\n';
    else std::cout << route->client << ' ' << route->relay->host << ' ' << route->relay->port << (route->relay->look_up_mx ? " mx\n" : " host\n");
  }
  return 0;
}

int change(const Mta& mta, Files& files, const std::string& what, const std::string& value) {
  Wish wish;
  wish.name = value;
  if (what == "say_helo") wish.what = Wish::What::say_helo;
  if (what == "bind_source") wish.what = Wish::What::bind_source;
  if (what == "unbind") wish.what = Wish::What::unbind;
  if (const auto address = net::Address::parse(value)) wish.address = *address;
  const auto change = change_for(mta, wish, files);
  if (!change) return 0;
  if (const auto written = write(*change, files, "before"); !written) return std::cerr << written.error().message << '\n', 1;
  for (const auto& command : change->commands) std::cout << command << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() < 3) return 64;
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  const Names names{name, "", ""};
  Files files;
  if (words[2] == "values") return values(files, names, words[1], {words.begin() + 3, words.end()});
  const auto mtas = read_postfix(files, names, words[1]);
  if (mtas.empty()) return 1;
  if (words[2] == "routes") return routes(mtas.front());
  if (words[2] == "change" && words.size() == 5) return change(mtas.front(), files, words[3], words[4]);
  for (const auto& problem : mtas.front().problems) std::cout << problem << '\n';
  return 0;
}
