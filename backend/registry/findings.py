"""What a check found, one sentence each. Free of Django and torch: the examined process speaks it too."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

# In the order in which a check looks; a version must pass all but the measurements.
BLOCKING = (
    "file_readable",
    "manifest_complete",
    "class_order",
    "weights_hash",
    "weights_finite",
    "architecture_shapes",
    "golden_present",
    "golden_answers",
    "map_follows_class",
    "map_needs_weights",
)
# Of a version that joins answers: it has no network to try.
BLOCKING_OF_FUSION = ("manifest_complete", "weights_hash", "architecture_shapes", "golden_answers")
MEASURED = ("latency", "memory", "map_audit")
END = {"end": True}  # the last line of what the probe prints


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `measured` holds plain values, and `reason`, a code, where it failed."""

    code: str
    passed: bool
    detail: str
    blocking: bool = True
    measured: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As rows and the API keep it."""
        return asdict(self)


def is_passed(findings: Iterable[Mapping[str, Any]], *, fusion: bool = False) -> bool:
    """Nothing that blocks has failed, and nothing that blocks was left out."""
    found = list(findings)
    passed = {item["code"] for item in found if item["passed"]}
    needed = BLOCKING_OF_FUSION if fusion else BLOCKING
    return set(needed) <= passed and all(item["passed"] for item in found if item["blocking"])


def first_failure(findings: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """(code, sentence) of what blocks the version."""
    for item in findings:
        if item["blocking"] and not item["passed"]:
            return (item["measured"] or {}).get("reason", item["code"]), item["detail"]
    return "check_incomplete", "The check did not look at everything."
