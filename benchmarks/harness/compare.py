"""`python -m benchmarks.harness.compare`: are the last results a fifth worse than the accepted ones?

benchmarks/accepted.json names, for each program's results, the figures that count and which way is better.
Only ratios and memory are compared: seconds belong to a machine. Some ratios belong to a kind of processor as
well, and are accepted for each (an int8 network gains twice as much where there is VNNI). Other figures are
accepted by hand, with the reason in the commit.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
ALLOWED = 0.20
KINDS, OTHER = ("avx512_vnni", "avx2"), "neither"


def worse(accepted: dict[str, Any], results: Path) -> Iterator[str]:
    """A sentence for every figure that is missing or more than a fifth worse."""
    for subject, figures in accepted.items():
        path = results / f"{subject}.json"
        if not path.exists():
            yield f"{subject}: there is no {path.name}: run benchmarks/{subject}.py"
            continue
        found = json.loads(path.read_text(encoding="utf-8"))
        kind = kind_of(found["machine"])
        for name, wanted in figures.items():
            yield from _compared(f"{subject}.{name}", wanted, _at(found, name), kind)


def _at(found: Any, name: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def kind_of(machine: dict[str, Any]) -> str:
    """The fastest of the instruction sets that matter here."""
    return next((name for name in KINDS if name in machine["instruction_sets"]), OTHER)


def _compared(name: str, wanted: dict[str, Any], value: Any, kind: str) -> Iterator[str]:
    accepted, lower = wanted["accepted"], wanted["better"] == "lower"
    if isinstance(accepted, dict):
        accepted = accepted.get(kind)
    if accepted is None:
        yield f"{name}: {value} on a processor with {kind}: nothing was accepted for that kind yet"
        return
    if value is None:
        yield f"{name}: not measured (accepted {accepted})"
        return
    limit = accepted * (1 + ALLOWED) if lower else accepted / (1 + ALLOWED)
    if value > limit if lower else value < limit:
        yield f"{name}: {value}, accepted {accepted}, {wanted['better']} is better"


def main() -> int:
    accepted = json.loads((FOLDER / "accepted.json").read_text(encoding="utf-8"))
    found = list(worse(accepted, FOLDER / "results"))
    for sentence in found:
        print(f"✗ {sentence}")
    if not found:
        print("✓ nothing is a fifth worse than accepted")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
