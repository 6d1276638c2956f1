#!/usr/bin/env python3
"""Whatever becomes of the registry (H080 to H083), verdict and exit code are those of the DNS.

  exit_codes.py FCRDNS       in a lab: checks addresses with each behaviour of rdap_server.py behind --rdap-bootstrap,
                             and compares with --no-rdap

Exit code 0: no difference; 1: differences, listed.
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

SERVER = pathlib.Path(__file__).with_name("rdap_server.py")
BEHAVIOURS = ["", "limited", "not_found", "error_code", "forbidden", "trouble", "redirect_chain", "redirect_loopback",
              "body_endless", "deep", "wrong_types", "not_json", "no_http", "silent"]
SUBJECTS = ["203.0.113.5", "203.0.113.10", "203.0.113.81"]  # no PTR, good, a lame zone


def check(fcrdns, subject, *more):
    run = subprocess.run([fcrdns, "check", "--format", "json", *more, subject], capture_output=True, text=True, timeout=100)
    results = json.loads(run.stdout)["results"]
    return run.returncode, [address["iprev"] for result in results for address in result["addresses"]]


class Registry:
    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def paths(self):
        self.process.stdin.write("stats\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["paths"]


def inside(fcrdns):
    faults = []
    with Registry() as registry, tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(8) as pool:
        plain = dict(zip(SUBJECTS, pool.map(lambda subject: check(fcrdns, subject, "--no-rdap"), SUBJECTS)))

        def compare(behaviour):
            file = pathlib.Path(folder) / f"{behaviour or 'honest'}.json"
            base = registry.url + (f"hostile/{behaviour}/" if behaviour else "")
            file.write_text(json.dumps({"services": [[["0.0.0.0/0", "::/0"], [base]]]}))
            for subject in SUBJECTS:
                got = check(fcrdns, subject, "--rdap-bootstrap", str(file))
                if got != plain[subject]:
                    yield f"{behaviour or 'honest'}: {subject}: {got}, without the registry {plain[subject]}"

        for found in pool.map(lambda behaviour: list(compare(behaviour)), BEHAVIOURS):
            faults += found
        asked = registry.paths()
        for behaviour in BEHAVIOURS:
            if not any(path.startswith(f"/hostile/{behaviour}/" if behaviour else "/ip/") for path in asked):
                faults.append(f"{behaviour or 'honest'}: the registry was never asked")
    codes = {code for code, _ in plain.values()}
    if not {0, 1} <= codes:
        faults.append(f"the subjects show exit codes {sorted(codes)} only")
    print("\n".join(faults) or f"{len(BEHAVIOURS)} behaviours, {len(SUBJECTS)} addresses, {len(asked)} questions: no difference")
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        sys.exit(inside(sys.argv[2]))
    sys.exit(subprocess.run([sys.argv[1], "lab", "--", sys.executable, __file__, "--inside", sys.argv[1]]).returncode)
