"""What the users saw, as figures: docs/results/load.json, and the table of docs/operations.md made of it."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.load.user import User

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "results" / "load.json"
PAGE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- table: python -m tests.load.run -->", "<!-- end of table -->"
READS = ("session", "analysis", "list", "image", "map", "overlay")
GOALS = {"accepted_of_engine": 0.9, "reads_p95_ms": 200, "errors": 0, "unanswered": 0}


def figures(users: Sequence[User], seconds: float) -> dict[str, Any]:
    """Counts and times of all users together."""
    seen = [user.seen for user in users]
    timed = [one for user in users for one in user.browser.timed]
    by_kind = {what: [one.seconds for one in timed if one.what == what and one.status] for what in READS}
    accepted, answers = sum(one.accepted for one in seen), [s for one in seen for s in one.answer_s]
    return {
        "users": len(users),
        "seconds": round(seconds, 1),
        "requests": len(timed),
        "accepted": accepted,
        "accepted_per_s": round(accepted / seconds, 2),
        "answered": dict(_sum(one.states for one in seen)),
        "failures": dict(_sum(one.failures for one in seen)),
        "unanswered": sum(one.open for one in seen),
        "refused": dict(_sum(one.refused for one in seen)),
        "errors": sum(len(one.errors) for one in seen),
        "first_errors": [error for one in seen for error in one.errors][:5],
        "answer_s": _spread(answers, 2),
        "submit_ms": _spread([one.seconds * 1000 for one in timed if one.what == "submit"], 0),
        "reads_p95_ms": _spread([s * 1000 for times in by_kind.values() for s in times], 0)["p95"],
        "reads_ms": {what: _spread([s * 1000 for s in times], 0) for what, times in by_kind.items()},
    }


def keep(report: dict[str, Any]) -> None:
    """Write the figures whole, and the table of them."""
    KEPT.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END, 1)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(report)}\n\n{END}{after}", encoding="utf-8")


def table(report: dict[str, Any]) -> str:
    """The figures in words, beside their goals."""
    refused = ", ".join(f"{count} × {what}" for what, count in sorted(report["refused"].items())) or "none"
    answered = ", ".join(f"{count} {state}" for state, count in sorted(report["answered"].items()))
    engine = report.get("engine_alone_per_s")
    rows = [
        ("users, seconds, day", f"{report['users']}, {report['seconds']:g}, {report['day']}", ""),
        ("seconds that one thinks between two cases", f"{report['think_s']:g}", ""),
        ("cores, load before the run", _machine(report), ""),
        ("accepted", f"{report['accepted']} ({report['accepted_per_s']:g}/s)", ""),
        ("answered", answered, "all"),
        ("not answered", report["unanswered"], GOALS["unanswered"]),
        ("refused, each with `Retry-After`", refused, "429 and 503 alone"),
        ("other errors", report["errors"], GOALS["errors"]),
        ("reads, 95th percentile", f"{report['reads_p95_ms']:g} ms", f"≤ {GOALS['reads_p95_ms']} ms"),
        ("answer, median and 95th percentile", "{median:g} s, {p95:g} s".format(**report["answer_s"]), ""),
    ]
    if engine:
        share = f"{report['accepted_of_engine']:.0%} of {engine:g}/s"
        rows.append(
            ("accepted, of what the engine does alone", share, f"≥ {GOALS['accepted_of_engine']:.0%}")
        )
    head = "| figure | measured | goal |\n|---|---|---|\n"
    return head + "\n".join(f"| {name} | {value} | {goal} |" for name, value, goal in rows)


def _machine(report: dict[str, Any]) -> str:
    facts = report.get("machine")
    return f"{facts['cores']}, {facts['load_before']:g}" if facts else "another machine's"


def missed(report: dict[str, Any]) -> list[str]:
    """The goals that this run did not reach."""
    most = [name for name in ("reads_p95_ms", "errors", "unanswered") if report[name] > GOALS[name]]
    least = report.get("accepted_of_engine", 1.0)
    return [*most, "accepted_of_engine"] if least < GOALS["accepted_of_engine"] else most


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, Counter())


def _spread(values: Sequence[float], digits: int) -> dict[str, float]:
    if not values:
        return {"count": 0, "median": 0.0, "p95": 0.0, "greatest": 0.0}
    median, high = np.percentile(values, (50, 95))
    found = {"median": median, "p95": high, "greatest": max(values)}
    return {"count": len(values), **{name: round(float(value), digits) for name, value in found.items()}}
