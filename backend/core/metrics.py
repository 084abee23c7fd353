"""Prometheus text from counts in the database; apps add their own families."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from backend.core.heartbeat import listening_workers
from backend.core.refusals import refusal_counts


@dataclass(frozen=True)
class Sample:
    """One number with its labels."""

    value: float
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """A metric: its name, what it counts, and its samples."""

    name: str
    text: str
    samples: list[Sample]


Collector = Callable[[], Iterable[Family]]
_collectors: list[Collector] = []


def metrics_collector(collector: Collector) -> Collector:
    """Decorator: the families that the function returns appear in /metrics."""
    _collectors.append(collector)
    return collector


def exposition() -> str:
    """The whole page in Prometheus' text format 0.0.4; every family is a gauge."""
    return "".join(_render(family) for collect in _collectors for family in collect())


def _render(family: Family) -> str:
    lines = [f"# HELP {family.name} {family.text}", f"# TYPE {family.name} gauge"]
    lines += [f"{family.name}{_labels(sample.labels)} {sample.value:g}" for sample in family.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@metrics_collector
def _workers() -> list[Family]:
    count = listening_workers().count()
    return [Family("cv4ln_workers_listening", "Workers heard from within 30 s.", [Sample(count)])]


@metrics_collector
def _refusals() -> list[Family]:
    samples = [Sample(count, {"code": code}) for code, count in refusal_counts().items()]
    return [Family("cv4ln_refusals", "Requests that were refused, by code.", samples)]
