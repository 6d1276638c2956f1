#!/usr/bin/env python3
"""`fcrdns ptr` as scripts and people meet it: exit codes, streams, formats. It asks no DNS.

Usage: python3 ptr_test.py FCRDNS
"""
import json
import subprocess
import sys
import tempfile
import unittest

FCRDNS = sys.argv.pop(1)
SEED_V6 = "f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15"
SEED_V6_NAME = "5.1.b.c.7.a.0.a.3.7.0.8.b.b.8.d.d.8.3.b.3.1.c.1.3.8.0.a.3.9.2.f.ip6.arpa."
NS = ["--nameserver", "ns1.example.com", "ns2.example.com"]


def run(*arguments, stdin=None):
    return subprocess.run([FCRDNS, "ptr", *arguments], input=stdin, capture_output=True, timeout=60)


# arguments, all of standard output
EXACT = [
    (["120.10.128.64"], "64.128.10.120.in-addr.arpa.\n"),
    ([SEED_V6], SEED_V6_NAME + "\n"),
    (["[IPv6:" + SEED_V6.upper() + "]"], SEED_V6_NAME + "\n"),
    (["::ffff:203.0.113.5"], "5.113.0.203.in-addr.arpa.\n"),
    ([SEED_V6_NAME], SEED_V6 + "\n"),
    (["5.113.0.203.IN-ADDR.ARPA"], "203.0.113.5\n"),
    (["113.0.203.in-addr.arpa."], "203.0.113.0/24\n"),
    (["8.b.d.0.1.0.0.2.ip6.arpa"], "2001:db8::/32\n"),
    (["120.10.128.64", "mail.example.com"],
     "64.128.10.120.in-addr.arpa. 3600 IN PTR mail.example.com.\nmail.example.com. 3600 IN A 120.10.128.64\n"),
    ([SEED_V6, "mail.example.com", "--ttl", "60"],
     f"{SEED_V6_NAME} 60 IN PTR mail.example.com.\nmail.example.com. 60 IN AAAA {SEED_V6}\n"),
    (["Mail.Example.COM.", "5.113.0.203.in-addr.arpa"],
     "5.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com.\nmail.example.com. 3600 IN A 203.0.113.5\n"),
    (["10.20.0.0/23"], "0.20.10.in-addr.arpa.\n1.20.10.in-addr.arpa.\n"),
    (["2001:db8::/35"], "0.8.b.d.0.1.0.0.2.ip6.arpa.\n1.8.b.d.0.1.0.0.2.ip6.arpa.\n"),
    (["2001:db8:0:8::/61"], "".join(f"{digit}.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n" for digit in "89abcdef")),
    (["203.0.113.64/29"], "113.0.203.in-addr.arpa.\n"),
    (["203.0.113.0/24", *NS], "113.0.203.in-addr.arpa. 3600 IN NS ns1.example.com.\n113.0.203.in-addr.arpa. 3600 IN NS ns2.example.com.\n"),
    (["203.0.113.6/31", "--name-template", "h{d}.example.com"],
     "$ORIGIN 113.0.203.in-addr.arpa.\n6 3600 IN PTR h6.example.com.\n7 3600 IN PTR h7.example.com.\n"),
    (["-q", "203.0.113.5"], ""),
]

# arguments, exit code, in standard output, in standard error
ROWS = [
    (["5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"], 64, "",
     "has 32 digits; this has 28, 4 are missing: lost zeros, mostly; the address may be 2001:db8::5"),
    (["-v", "203.0.113.5", "mail.example.com"], 0, "; in zone 0.203.in-addr.arpa.      5.113\n", ""),
    (["10.0.0.5", "mail.example.com"], 0, "5.0.0.10.in-addr.arpa.", "no public PTR is possible"),
    (["203.0.113.5", "a_b.example.com"], 0, "a_b", "underscore"),
    (["203.0.113.64/29"], 0, "", "--classless 203.0.113.64/29"),
    (["203.0.113.5", "mail.example.com", "--format", "nsupdate"], 0, "update add 5.113.0.203.in-addr.arpa. 3600 PTR mail.example.com.",
     "taken as zones"),
    (["203.0.113.5", "mail.example.com", "--format", "terraform"], 0, "dns_a_record_set", "sets all A records"),
    (["203.0.113.5", "mail.example.com", "--format", "csv", "--zone", "example.com", "--zone", "0.203.in-addr.arpa"], 0, "5.113", ""),
    (["--classless", "203.0.113.64/29"], 0, "64-71.113.0.203.in-addr.arpa. 3600 IN NS", ""),
    (["--classless", "", "203.0.113.64/29"], 0, "--classless label=subnet0", ""),
    (["203.0.113.64/29", "--classless"], 0, "64.rev.example.com.", ""),
    (["--classless"], 0, "--classless slash", ""),
    (["--classless", "range", "203.0.113.64/29", *NS], 0, "64 3600 IN CNAME 64.64-71.113.0.203.in-addr.arpa.\n", ""),
    (["--classless", "rfc4183", "10.20.128.0/23", *NS], 0, "129 3600 IN DNAME 129.128-23.20.10.in-addr.arpa.\n", ""),
    (["--classless", "slash", "203.0.113.64/29", "--nameserver", "ns1.example.com", "--nameserver", "ns2.example.com", "--part", "child",
      "--name-template", "h{d}.example.com"], 0, "71 IN PTR h71.example.com.\n", ""),
    (["--classless", "zone=rev.example.com", "203.0.113.64/29"], 0, "71 3600 IN CNAME 71.rev.example.com.\n", ""),
    (["--help"], 0, "--name-template", ""),
    ([], 64, "", "give an address"),
    (["mail.example.com"], 64, "", "give an address"),
    (["203.0.113.5", "203.0.113.6"], 64, "", "one address or prefix at a time"),
    (["203.0.113.5", "a.example.com", "b.example.com"], 64, "", "one host name to an address"),
    (["203.0.113.5", "localhost"], 64, "", "single label"),
    (["203.0.113.0/24", "mail.example.com"], 64, "", "a host name goes with one address"),
    (["203.0.113.5/24"], 64, "", "did you mean 203.0.113.0/24?"),
    (["010.1.1.1"], 64, "", "leading zero"),
    (["203.0.113.0/25", *NS], 64, "", "--classless does it"),
    (["203.0.113.5", *NS], 64, "", "one address is no zone"),
    (["2001:db8::/64", "--name-template", "{ip}.example.com"], 64, "", "too many addresses"),
    (["203.0.113.0/24", "--name-template", "mail.example.com"], 64, "", "every address would get the same name"),
    (["203.0.113.0/24", "--format", "bind"], 64, "", "zones alone are no records"),
    (["--classless", "range", "203.0.113.0/24", *NS], 64, "", "a whole zone"),
    (["--classless", "range", "203.0.113.0/25"], 64, "", "a child zone needs name servers"),
    (["--classless", "round", "203.0.113.0/25", *NS], 64, "", "give range, dash, slash"),
    (["--classless", "label=5", "203.0.113.0/25", *NS], 64, "", "a number alone"),
    (["--part", "child", "203.0.113.0/24"], 64, "", "--part is for --classless"),
    (["--ttl", "soon", "203.0.113.5"], 64, "", "--ttl soon: give seconds"),
    (["--format", "xml", "203.0.113.5"], 64, "", "--format xml: give bind"),
    (["--from", "spreadsheet", "x"], 64, "", "give zonefile, csv or hosts"),
    (["--from", "hosts"], 64, "", "--from needs a file"),
    (["--from", "hosts", "/nonexistent"], 74, "", "No such file"),
    (["--from", "hosts", "/"], 74, "", "Is a directory"),
]


class Ptr(unittest.TestCase):
    def test_exact_output(self):
        for arguments, out in EXACT:
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout.decode()), (0, out), done)

    def test_rows(self):
        for arguments, code, out, err in ROWS:
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual(done.returncode, code, done)
                self.assertIn(out, done.stdout.decode())
                self.assertIn(err, done.stderr.decode())
                if code != 0:
                    self.assertEqual((done.stdout, done.stderr.count(b"\n")), (b"", 1))

    def test_json_of_a_pair(self):
        document = json.loads(run("--json", "203.0.113.5", "mx.mail.example.com").stdout)
        self.assertEqual([document[key] for key in ("schema", "address", "reverse_name")], ["fcrdns/ptr/1", "203.0.113.5", "5.113.0.203.in-addr.arpa."])
        zones = [{"zone": "113.0.203.in-addr.arpa.", "relative_name": "5"}, {"zone": "0.203.in-addr.arpa.", "relative_name": "5.113"},
                 {"zone": "203.in-addr.arpa.", "relative_name": "5.113.0"}]
        self.assertEqual(document["zones"], zones)
        ptr, forward = document["records"]
        self.assertEqual(ptr, {"name": "5.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 3600, "data": "mx.mail.example.com.", "relative": zones})
        self.assertEqual([forward["type"], forward["data"]], ["A", "203.0.113.5"])
        self.assertEqual([place["relative_name"] for place in forward["relative"]], ["@", "mx", "mx.mail"])

    def test_json_of_blocks(self):
        document = json.loads(run("--json", "10.20.0.0/23").stdout)
        self.assertEqual([zone["prefix"] for zone in document["zones"]], ["10.20.0.0/24", "10.20.1.0/24"])
        document = json.loads(run("--json", "--classless", "range", "203.0.113.64/30", *NS, "--name-template", "h{d}.example.com").stdout)
        self.assertEqual(document["schema"], "fcrdns/ptr/1")
        self.assertEqual([zone["zone"] for zone in document["zones"]], ["113.0.203.in-addr.arpa.", "64-67.113.0.203.in-addr.arpa."])

    def test_list(self):
        done = run("-", stdin=b"203.0.113.5\r\n\n# comment\nno such line\n203.0.113.6 mail.example.com\n10.0.0.0/15")
        self.assertEqual(done.returncode, 64)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["5.113.0.203.in-addr.arpa.", "6.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com.",
                          "mail.example.com. 3600 IN A 203.0.113.6", "0.10.in-addr.arpa.", "1.10.in-addr.arpa."])

    def test_from_hosts_tells_what_was_left_out(self):
        with tempfile.NamedTemporaryFile() as hosts:
            hosts.write(b"203.0.113.5 mail.example.com\n127.0.0.1 localhost\n")
            hosts.flush()
            done = run("--from", "hosts", hosts.name, *NS)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(b"@ IN NS ns1.example.com.\n@ IN NS ns2.example.com.\n", done.stdout)
        self.assertIn(b"5 IN PTR mail.example.com.\n", done.stdout)
        self.assertIn(b"ns2.example.com.: no such file, so taken for a name server", done.stderr.splitlines()[0])
        self.assertIn(b"1 PTRs in 1 zones; 1 left out", done.stderr.splitlines()[1])

    def test_full_disk(self):
        for arguments in (["203.0.113.5"], ["10.0.0.0/8", "--name-template", "{ip}.example.com"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([FCRDNS, "ptr", *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 74)
            self.assertIn(b"cannot write to standard output", done.stderr)

    def test_a_reader_that_has_enough(self):
        process = subprocess.Popen([FCRDNS, "ptr", "10.0.0.0/8", "--name-template", "{ip}.example.com"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(60), 74)


if __name__ == "__main__":
    unittest.main()
