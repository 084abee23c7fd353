"""Write requirements/locks/: every package with the sha256 of the file that pip takes here.

Linux x86-64 with Python 3.11, PyTorch's default (CUDA) build. For its CPU build, run this where that index
answers: `python scripts/locks.py --suffix=-cpu --extra-index-url …`. Install with
`pip install --require-hashes -r requirements/locks/web.txt`."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements/locks"
WANTED = {"web": ROOT / "requirements/web.txt", "worker": ROOT / "requirements/worker.txt"}
HEAD = "# Linux x86-64, Python 3.11. Written by `make locks`: pip install --require-hashes -r <this file>\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suffix", default="", help="added to the name of each file")
    options, pip_arguments = parser.parse_known_args()
    LOCKS.mkdir(exist_ok=True)
    for name, wanted in WANTED.items():
        path = LOCKS / f"{name}{options.suffix}.txt"
        path.write_text(HEAD + "".join(lines(resolved(wanted, pip_arguments))), encoding="utf-8")
        print(f"{path.relative_to(ROOT)} is written")
    return 0


def resolved(wanted: Path, pip_arguments: list[str]) -> list[dict]:
    """What pip would install into an empty environment, with the files it would take."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run",
             "--ignore-installed", "--report", report.name, "-r", str(wanted), *pip_arguments],
            check=True,
        )  # fmt: skip
        return list(json.loads(Path(report.name).read_text(encoding="utf-8"))["install"])


def lines(packages: list[dict]) -> list[str]:
    """`name==version --hash=sha256:…`, by name."""
    found = []
    for package in packages:
        name, version = normal(package["metadata"]["name"]), package["metadata"]["version"]
        digest = package["download_info"]["archive_info"]["hashes"]["sha256"]
        found.append(f"{name}=={version} --hash=sha256:{digest}\n")
    return sorted(found)


def normal(name: str) -> str:
    """As PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
