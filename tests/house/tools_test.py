"""tools/check_layers and tools/check_docs find what they are there for: each row is a small tree and what is said of it."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"

ROOMS = "room(base LIBS fmt::fmt)\nroom(net ROOMS base)\nroom(dns ROOMS net\n     LIBS x)\nroom(mail ROOMS base)\n"

# name, files beside CMakeLists.txt, what is said ("" when all is well)
LAYERS = [
    ("down", {"src/fcrdns/dns/a.cpp": '#include "fcrdns/net/a.hpp"\n'}, ""),
    ("down by way of another room", {"src/fcrdns/dns/a.cpp": '#include "fcrdns/base/a.hpp"\n'}, ""),
    ("own room", {"src/fcrdns/dns/a.cpp": '#include "fcrdns/dns/a.hpp"\n#include <vector>\n'}, ""),
    ("main sees all", {"src/fcrdns/main.cpp": '#include "fcrdns/mail/a.hpp"\n'}, ""),
    ("up", {"src/fcrdns/net/a.hpp": '\n#include "fcrdns/dns/a.hpp"\n'}, "src/fcrdns/net/a.hpp:2: room net may not include room dns"),
    ("up in angle brackets", {"src/fcrdns/net/a.hpp": "# include <fcrdns/dns/a.hpp>\n"}, "net may not include room dns"),
    ("up from a test", {"src/fcrdns/net/a_test.cpp": '#include "fcrdns/dns/a.hpp"\n'}, "net may not include room dns"),
    ("above, but not named", {"src/fcrdns/mail/a.cpp": '#include "fcrdns/net/a.hpp"\n'}, "mail may not include room net"),
    ("unknown room", {"src/fcrdns/net/a.cpp": '#include "fcrdns/util/a.hpp"\n'}, "util is no room"),
    ("folder without a line", {"src/fcrdns/util/a.cpp": "\n"}, "util has no room(...) line"),
    ("relative", {"src/fcrdns/net/a.cpp": '#include "a.hpp"\n'}, 'write "fcrdns/ROOM/FILE.hpp"'),
    ("line names a room below", {"CMakeLists.txt": "room(base ROOMS net)\nroom(net)\n"}, "net, which does not stand above it"),
    ("line names no room", {"CMakeLists.txt": "room(base ROOMS util)\n"}, "util, which is no room"),
    ("no rooms", {"CMakeLists.txt": "\n"}, "no room(...) line"),
]

HOSTILE = "".join(f"| H{number:03} | x | `Suite.test` |\n" for number in range(1, 53))
PAGES = {
    "docs/house.md": "| room | x |\n|---|---|\n| `base` | x |\n| `net` | x |\n| `dns` | x |\n| `mail` | x |\n",
    "docs/life-of-a-check.md": "| 1 | `dns/a.cpp` | `dns::read` |\n",
    "docs/hostile-inputs.md": HOSTILE,
    "src/fcrdns/dns/a.cpp": "int read();\n",
    "tests/a_test.cpp": "TEST(Suite, test) {\nTEST_F(Other, thing) {\n// " + HOSTILE,
    "README.md": "[the house](docs/house.md#rooms) and [elsewhere](https://example.com/)\n",
}
DOCS = [
    ("all fits", {}, ""),
    ("a room is missing", {"docs/house.md": "| `base` | x |\n"}, "its table of rooms"),
    ("rooms in another order", {"docs/house.md": "| `net` |\n| `base` |\n| `dns` |\n| `mail` |\n"}, "its table of rooms"),
    ("file gone", {"docs/life-of-a-check.md": "| 1 | `dns/b.cpp` | `read` |\n"}, "there is no src/fcrdns/dns/b.cpp"),
    ("symbol gone", {"docs/life-of-a-check.md": "| 1 | `dns/a.cpp` | `dns::write` |\n"}, "does not hold dns::write"),
    ("half a symbol", {"docs/life-of-a-check.md": "| 1 | `dns/a.cpp` | `rea` |\n"}, "does not hold rea"),
    ("no station at all", {"docs/life-of-a-check.md": "nothing\n"}, "names no file with a symbol"),
    ("hostile row missing", {"docs/hostile-inputs.md": HOSTILE.replace("H017", "H099")}, "H017 stands there 0 times"),
    ("hostile row twice", {"docs/hostile-inputs.md": HOSTILE + "| H001 | x | `Suite.test` |\n"}, "H001 stands there 2 times"),
    ("test gone", {"docs/hostile-inputs.md": HOSTILE.replace("Suite.test", "Suite.gone")}, "names Suite.gone, which does not exist"),
    ("test of a fixture", {"docs/hostile-inputs.md": HOSTILE.replace("Suite.test", "Other.thing")}, ""),
    ("test of another row", {"tests/a_test.cpp": "TEST(Suite, test) {\nTEST_F(Other, thing) {\n"}, "whose file does not speak of H001"),
    ("a file as a test", {"docs/hostile-inputs.md": HOSTILE.replace("Suite.test", "tests/a_test.cpp")}, ""),
    ("that file gone", {"docs/hostile-inputs.md": HOSTILE.replace("Suite.test", "tests/b_test.cpp")}, "tests/b_test.cpp, which does not"),
    ("no test, no reason", {"docs/hostile-inputs.md": HOSTILE.replace("`Suite.test`", "later")}, "does not say why"),
    ("no test, a reason", {"docs/hostile-inputs.md": HOSTILE.replace("`Suite.test`", "does not apply: no mail")}, ""),
    ("link gone", {"README.md": "[x](docs/gone.md)\n"}, "README.md:1: the link docs/gone.md leads nowhere"),
]


def run(tool, files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, TOOLS / tool, root], capture_output=True, text=True, timeout=60, check=False)


class Tools(unittest.TestCase):
    def check(self, tool, base, rows):
        for name, files, says in rows:
            with self.subTest(name):
                result = run(tool, base | files)
                self.assertEqual(result.stderr, "")
                self.assertEqual(result.returncode, 1 if says else 0, result.stdout)
                self.assertIn(says, result.stdout)

    def test_check_layers(self):
        self.check("check_layers", {"CMakeLists.txt": ROOMS}, LAYERS)

    def test_check_docs(self):
        self.check("check_docs", {"CMakeLists.txt": ROOMS} | PAGES, DOCS)


if __name__ == "__main__":
    unittest.main()
