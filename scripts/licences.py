"""Write docs/licences.md: what the product brings along, under which licence. Fails on one that doesn't fit.

The product is Apache-2.0. Packages beside it may be LGPL or MPL; the GPL and the AGPL may not."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.locks import normal  # noqa: E402 (the root must be on the path first)

PAGE = ROOT / "docs/licences.md"
REFUSED = ("AGPL", "GNU AFFERO", "SSPL", "BUSL", "COMMONS CLAUSE")
# What pip-licenses can't tell, looked up by hand.
KNOWN = {"cuda-toolkit": "NVIDIA Proprietary Software (an empty package that names others)"}
HEAD = """# Licences

What the server and its page run with, at the pinned versions. Written by `make licences`, which fails on a
licence that does not fit Apache-2.0 software. The NVIDIA packages come with PyTorch's CUDA build only, under
NVIDIA's own terms; the CPU build has none of them.
"""


def main() -> int:
    python, javascript = python_packages(), javascript_packages()
    refused = [row for row in (*python, *javascript) if not fits(row[2])]
    for name, version, licence in refused:
        print(f"✗ {name} {version}: {licence}", file=sys.stderr)
    if refused:
        return 1
    PAGE.write_text(HEAD + section("Python", python) + section("JavaScript", javascript), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written: {len(python)} and {len(javascript)} packages")
    return 0


def fits(licence: str) -> bool:
    """Whether a package under this licence may be installed beside Apache-2.0 software."""
    text = licence.upper()
    if not text or "UNKNOWN" in text or any(word in text for word in REFUSED):
        return False
    return "GPL" not in text or "LGPL" in text or "LESSER" in text


def python_packages() -> list[tuple[str, str, str]]:
    """Of the worker's lock: all that runs, nothing that only tests."""
    lock = (ROOT / "requirements/locks/worker.txt").read_text(encoding="utf-8").splitlines()
    names = {line.split("==")[0] for line in lock if "==" in line}
    program = Path(sys.executable).with_name("pip-licenses")
    done = subprocess.run(
        [program, "--format=json", "--from=mixed", "--with-system"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [(normal(one["Name"]), one["Version"], one["License"]) for one in json.loads(done.stdout)]
    return sorted((name, version, KNOWN.get(name, said)) for name, version, said in rows if name in names)


def javascript_packages() -> list[tuple[str, str, str]]:
    """What the page is built from: the lock file's packages that are not for development alone."""
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))
    rows = {
        (path.rsplit("node_modules/", 1)[-1], one["version"], str(one.get("license", "")))
        for path, one in lock["packages"].items()
        if path and not one.get("dev") and not one.get("devOptional")
    }
    return sorted(rows)


def section(title: str, rows: list[tuple[str, str, str]]) -> str:
    """A heading and a table."""
    body = "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in rows)
    return f"\n## {title}\n| package | version | licence |\n|---|---|---|\n{body}"


if __name__ == "__main__":
    sys.exit(main())
