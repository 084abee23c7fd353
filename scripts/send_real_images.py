#!/usr/bin/env python3
"""Sends every image under a folder through the REST API of a running server and counts what comes back.

    python scripts/send_real_images.py --url http://127.0.0.1:8000 --data ../shared/data

The modality is guessed from the folder's name (cdfi, doppler → CDFI; ue, elast, swe → elastography; else 2D).
Prints counts by status and code as a table and as JSON; ends with status 1 when fewer than 99 % succeeded, or
when a file neither succeeded nor was refused with a typed reason.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.api_client import Api, file_of

ROOT = Path(__file__).resolve().parent.parent
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".dcm"})
GUESSES = (
    ("cdfi", "cdfi"),
    ("doppler", "cdfi"),
    ("ue", "elastography"),
    ("elast", "elastography"),
    ("swe", "elastography"),
)
NEEDED_SHARE = 0.99
WAIT_S = 300.0


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `code` is empty for a success."""

    path: str
    modality: str
    status: str
    code: str = ""
    seconds: float = 0.0


def guessed_modality(path: Path) -> str:
    """From the names of its folders, the nearest one first."""
    for folder in reversed(path.parts[:-1]):
        for mark, modality in GUESSES:
            if folder.lower() == mark or (len(mark) > 2 and mark in folder.lower()):
                return modality
    return "2d"


def image_files(folder: Path) -> Iterator[Path]:
    """Every image below the folder, in a stable order."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in IMAGES)


def send(api: Api, folder: Path, path: Path) -> Outcome:
    """Upload one file and wait for its answer."""
    relative = path.relative_to(folder)
    modality = guessed_modality(relative)
    began = time.monotonic()
    accepted = api.post("/api/v1/analyses/", files={f"image_{modality}": file_of(path)})
    if accepted.status != 202:
        return Outcome(str(relative), modality, f"refused {accepted.status}", refusal_code(accepted.json()))
    answer = api.wait(accepted.headers["Location"], seconds=WAIT_S, every=0.3)
    [prediction] = answer["predictions"]
    code = prediction["failure"]["code"] if prediction["failure"] else ""
    return Outcome(str(relative), modality, answer["state"], code, round(time.monotonic() - began, 2))


def refusal_code(problem: dict[str, object]) -> str:
    """The codes of all fields, or the problem's own."""
    errors = problem.get("errors")
    if not isinstance(errors, dict):
        return str(problem.get("code", "no code"))
    return ", ".join(sorted({reason["code"] for reasons in errors.values() for reason in reasons}))


def table(outcomes: list[Outcome]) -> str:
    """Counts by modality, status and code."""
    counts = Counter((outcome.modality, outcome.status, outcome.code) for outcome in outcomes)
    rows = [("modality", "status", "code", "files"), *((*key, str(counts[key])) for key in sorted(counts))]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(map(str.ljust, row, widths)) for row in rows)


def summary(outcomes: list[Outcome], seconds: float) -> dict[str, object]:
    """What a program wants to know."""
    succeeded = sum(outcome.status == "succeeded" for outcome in outcomes)
    return {
        "files": len(outcomes),
        "succeeded": succeeded,
        "share_succeeded": round(succeeded / len(outcomes), 5) if outcomes else 0.0,
        "seconds": round(seconds, 1),
        "others": [asdict(outcome) for outcome in outcomes if outcome.status != "succeeded"],
    }


def is_explained(outcome: Outcome) -> bool:
    """A success, or a refusal or failure with its reason."""
    return outcome.status == "succeeded" or bool(outcome.code)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the server (%(default)s)")
    parser.add_argument("--token", help="API token with both analyses scopes; without one: anonymous")
    data = ROOT.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=data, help="folder (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the JSON here too")
    parser.add_argument("--parallel", type=int, default=4, help="uploads at the same time (%(default)s)")
    parser.add_argument("--limit", type=int, help="only so many files")
    return parser.parse_args()


def main() -> int:
    """0 when at least 99 % succeeded and the rest is explained."""
    options = arguments()
    paths = list(image_files(options.data))[: options.limit]
    if not paths:
        print(f"No images under {options.data}.")
        return 1
    api = Api(options.url, token=options.token)
    began = time.monotonic()
    outcomes = [send(api, options.data, paths[0])]  # alone: it gives an anonymous session its owner
    with ThreadPoolExecutor(options.parallel) as pool:
        for outcome in pool.map(lambda path: send(api, options.data, path), paths[1:]):
            outcomes.append(outcome)
            if len(outcomes) % 100 == 0:
                spent = time.monotonic() - began
                print(f"{len(outcomes)} of {len(paths)} files, {spent:.0f} s", file=sys.stderr)
    result = summary(outcomes, time.monotonic() - began)
    text = json.dumps(result, indent=1)
    print(table(outcomes), text, sep="\n\n")
    if options.json:
        options.json.write_text(text + "\n")
    enough = float(str(result["share_succeeded"])) >= NEEDED_SHARE
    return 0 if enough and all(map(is_explained, outcomes)) else 1


if __name__ == "__main__":
    sys.exit(main())
