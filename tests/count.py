"""Adds up the results of several pytest runs: python tests/count.py FILE.xml..."""

import sys
from collections import Counter
from xml.etree import ElementTree


def main(files: list[str]) -> int:
    counts: Counter[str] = Counter()
    for file in files:
        suite = ElementTree.parse(file).find("testsuite")  # noqa: S314  # written by our own pytest a moment ago
        tests, failures, errors, skipped = (
            int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
        )
        counts += Counter(passed=tests - failures - errors - skipped, failed=failures + errors, skipped=skipped)
    parts = [f"{counts['passed']} passed", f"{counts['failed']} failed"]
    if counts["skipped"]:
        parts.append(f"{counts['skipped']} skipped")
    sys.stdout.write(", ".join(parts) + "\n")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
