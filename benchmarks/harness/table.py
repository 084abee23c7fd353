"""`python -m benchmarks.harness.table`: make the tables of docs/performance.md from benchmarks/results/."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"
RESULTS = ROOT / "benchmarks/results"
Row = tuple[str, ...]


def filled(page: str, results: Path = RESULTS) -> str:
    """The page with every table that has results made anew; a table without them says so."""
    return re.sub(
        r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: found[1] + _section(found[2], results) + found[3],
        page,
        flags=re.DOTALL,
    )


def _section(subject: str, results: Path) -> str:
    path = results / f"{subject}.json"
    if not path.exists():
        return f"Not measured yet: `python benchmarks/{subject}.py`.\n"
    report = json.loads(path.read_text(encoding="utf-8"))
    machine = report["machine"]
    sets = ", ".join(machine["instruction_sets"]) or "no wide instructions"
    where = f"{machine['processor']}, {machine['cores']} cores ({sets})"
    origin = (
        f"`python benchmarks/{subject}.py`, {machine['date'][:10]}: {where}, load before the run "
        f"{machine['load_before']}.\n"
    )
    return _table(TABLES[subject](report)) + "\n" + origin


def _table(rows: list[Row]) -> str:
    head, *body = rows
    lines = [head, tuple("---" for _ in head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _inference(report: dict[str, Any]) -> list[Row]:
    return [
        ("figure", "measured", "goal"),
        ("one eager forward, seconds", f"{report['eager_forward_s']}", ""),
        ("exact mode with three maps, of an eager forward", f"{report['exact_over_eager']}", "≤ 0.80"),
        ("the usual recipe, of exact mode", f"{report['peer_over_exact']}", "≥ 10"),
        ("fast mode with three maps, of an eager forward", f"{report['fast_over_eager']}", "≤ 0.24"),
        ("the usual recipe, of fast mode", f"{report['peer_over_fast']}", "≥ 34"),
        ("torch instead of OpenVINO, of an eager forward", f"{report['torch_over_eager']}", ""),
        ("the three maps alone, of an eager forward", f"{report['cam_share']}", ""),
        (
            "exact mode against the usual recipe: largest difference of a probability",
            f"{report['agreement']['probability_difference']:.1e}",
            "≤ 1e-4",
        ),
        (
            "exact mode against the usual recipe: lowest correlation of a map",
            f"{report['agreement']['map_correlation']:.6f}",
            "≥ 0.999",
        ),
        *_agreement(report["fast_agreement"]),
    ]


def _rerun(report: dict[str, Any]) -> list[Row]:
    return [
        ("model", "live images, each", "median beside, of alone", "95th percentile beside, of alone", "goal",
         "two equal blocks without a comparison"),
        *(
            (
                f"{name}, {figures['pixels']} px",
                f"{figures['images_a_block']}",
                f"{figures['median_ratio']}",
                f"{figures['p95_ratio']}",
                f"≤ {report['bound']}",
                f"{figures['control_p95_ratio']}",
            )
            for name, figures in report["subjects"].items()
        ),
    ]  # fmt: skip


def _agreement(found: dict[str, Any]) -> list[Row]:
    goals = {
        "images": "≥ 500",
        "class_agreement": "≥ 0.995",
        "auc_loss": "≤ 0.003",
        "map_correlation_median": "≥ 0.97",
        "map_correlation_p5": "≥ 0.90",
        "recomputed_share": "≤ 0.05",
    }
    words = {
        "images": "images",
        "class_agreement": "share of images with the same class",
        "auc_loss": "loss of AUC",
        "map_correlation_median": "correlation of the maps, median",
        "map_correlation_p5": "correlation of the maps, 5th percentile",
        "recomputed_share": "share computed twice",
    }
    rows: list[Row] = []
    for kind in ("phantoms", "real"):
        for name, goal in goals.items():
            if name in found.get(kind, {}):
                rows.append((f"fast against exact, {kind}: {words[name]}", f"{found[kind][name]}", goal))
    return rows


def _memory(report: dict[str, Any]) -> list[Row]:
    goals = report["goals_mib"]
    slope = report["slope"]
    worker = [
        (
            f"worker, {mode} mode",
            f"{report[mode]['uss_mib']:.0f}",
            f"{report[mode]['rss_mib']:.0f}",
            f"≤ {goals[mode]:.0f}",
        )
        for mode in ("exact", "fast")
    ]
    return [
        ("process", "USS, MiB", "RSS, MiB", "goal, USS"),
        *worker,
        (
            "the parent it was forked from",
            f"{report['exact']['parent']['uss_mib']:.0f}",
            f"{report['exact']['parent']['rss_mib']:.0f}",
            "",
        ),
        (
            "web process",
            f"{report['web']['uss_mib']:.0f}",
            f"{report['web']['rss_mib']:.0f}",
            f"≤ {goals['web']}",
        ),
        (f"growth over {slope['analyses']} analyses, KiB each", f"{slope['kib_per_analysis']}", "", "≈ 0"),
    ]


def _service(report: dict[str, Any]) -> list[Row]:
    goals = report["goals"]
    words = {
        "overhead_median_ms": ("the server beside the engine when idle, median, ms", "≤"),
        "overhead_p95_ms": ("the same, 95th percentile, ms", "≤"),
        "delivered_of_engine": ("a full queue, of what the engine alone does in one process", "≥"),
        "reads_p95_ms": ("reads of the API meanwhile, 95th percentile, ms", "≤"),
    }
    return [
        ("figure", *report["ways"], "goal"),
        *(
            (text, *(f"{way[name]}" for way in report["ways"].values()), f"{sign} {goals[name]}")
            for name, (text, sign) in words.items()
        ),
        ("rounds of the queue, lowest and highest", *map(_round_range, report["ways"].values()), ""),
    ]


def _round_range(way: dict[str, Any]) -> str:
    return f"{min(way['rounds_of_engine'])} to {max(way['rounds_of_engine'])}"


def _loader(report: dict[str, Any]) -> list[Row]:
    return [
        ("figure", "measured", "goal"),
        ("cached set, of ImageFolder", f"{report['cached_over_usual']}", "≥ 10"),
        ("cached and normalised, of ImageFolder", f"{report['cached_normalised_over_usual']}", ""),
    ]


def _trust(report: dict[str, Any]) -> list[Row]:
    words = {
        "gate_over_engine": "is it ultrasound, is it in its field",
        "likeness_over_engine": "is it like the training images",
        "sets_over_engine": "calibration and sets",
        "fusion_over_engine": "joining the case's answers",
    }
    return [
        ("added to the engine's time for an image", "share", "goal"),
        *((words[key], f"{report[key]:.1%}", "") for key in words),
        ("all of it", f"{report['added_over_engine']:.1%}", f"≤ {report['goal']:.0%}"),
    ]


def _history(report: dict[str, Any]) -> list[Row]:
    blocks = report["blocks"]
    return [
        ("request, median", *(f"{int(size):,} analyses" for size in blocks), "queries"),
        *(
            (
                name,
                *(f"{block[name]['median_ms']} ms" for block in blocks.values()),
                f"{list(blocks.values())[-1][name]['queries']}",
            )
            for name in next(iter(blocks.values()))
        ),
    ]


def _growth(report: dict[str, Any]) -> list[Row]:
    one, two = report["images"], report["images_two_workers"]
    queue = report["queue_cpu_ms"]
    return [
        ("grows", *(f"{int(count):,}" for count in one), "unit"),
        (
            "images at once, one worker process",
            *(f"{each * 1000:.0f}" for each in one.values()),
            "ms an image",
        ),
        ("the same, two worker processes", *(f"{each * 1000:.0f}" for each in two.values()), "ms an image"),
        ("**images that wait**", *(f"**{int(size):,}**" for size in queue), ""),
        *(
            (f"{name} beside them", *(f"{costs[name]:.0f}" for costs in queue.values()), "ms of CPU")
            for name in next(iter(queue.values()))
        ),
    ]


def _web_requests(report: dict[str, Any]) -> list[Row]:
    return [
        ("request", "median, ms of CPU", "least", "queries"),
        *(
            (name, f"{spent:.1f}", f"{report['least_cpu_ms'][name]:.1f}", f"{report['queries'][name]}")
            for name, spent in report["cpu_ms"].items()
        ),
    ]


TABLES: dict[str, Callable[[dict[str, Any]], list[Row]]] = {
    "inference": _inference,
    "rerun": _rerun,
    "memory": _memory,
    "service": _service,
    "loader": _loader,
    "trust": _trust,
    "history": _history,
    "growth": _growth,
    "web_requests": _web_requests,
}


def main() -> int:
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is filled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
