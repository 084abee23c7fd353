"""The outcomes of the faults: docs/results/reliability.json, and the table of docs/reliability.md made of it.

`python -m tests.reliability.report` writes the table anew from what is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.reliability.campaign import Outcome

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "results" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- table: python -m tests.reliability.report -->", "<!-- end of table -->"
HEAD = (
    "| fault | times | accepted | succeeded | failed, by code | lost | doubled | stuck | late results | day |"
)


def keep(outcome: Outcome) -> None:
    """Put the outcome in its place and write the table."""
    rows = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    rows[outcome.fault] = {**outcome.as_json(), "day": datetime.now(UTC).date().isoformat()}
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(rows, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    write_table(rows)


def write_table(rows: dict[str, Any]) -> None:
    """Between the marks of the page; nothing else changes."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    table = "\n".join([HEAD, "|---" * HEAD.count(" | ") + "|---|", *map(_line, rows.values())])
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    failed = ", ".join(f"{count} `{code}`" for code, count in sorted(row["failed"].items())) or "0"
    cells = [
        row["fault"], row["times"], row["accepted"], row["succeeded"] + row["partial"], failed,
        row["lost"], row["doubled"], row["stuck"], row["late_results"], row["day"],
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    write_table(json.loads(KEPT.read_text(encoding="utf-8")))
