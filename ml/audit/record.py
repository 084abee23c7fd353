"""What a checkpoint says about its maps, as its manifest keeps it under `extras["saliency"]`. No torch.

Verdicts are worked out from the figures whenever they are read: a file can't claim one that its figures
don't bear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ml.manifest import Manifest, ManifestError

KEY = "saliency"  # of the manifest's extras
FORMAT = 1
LONGEST_TEXT = 500
MOST_IMAGES = 10**6
ENOUGH_IMAGES = 20  # with fewer, an interval on both sides of a threshold says nothing

VIT_CAVEAT = (
    "A transformer's map is drawn on the patches that enter its last block. What earlier blocks have mixed "
    "between patches it can't show: read a patch as a place that the answer went through."
)


class Verdict(StrEnum):
    """What a part of the audit came to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURED = "not_measured"  # or on too few images to tell


_ANSWERS = {Verdict.PASSED: "yes", Verdict.FAILED: "no", Verdict.NOT_MEASURED: "not measured"}


@dataclass(frozen=True)
class Rule:
    """A part passes where the figure's 95 % interval lies wholly below (or above) the threshold.

    Otherwise it fails; on fewer than ENOUGH_IMAGES only where the interval lies wholly on the other side.
    """

    figure: str
    threshold: float
    below: bool

    def holds(self, figure: Figure) -> bool:
        return figure.high < self.threshold if self.below else figure.low > self.threshold

    def is_broken(self, figure: Figure) -> bool:
        """Not even a part of the interval lies where it should."""
        return figure.low >= self.threshold if self.below else figure.high <= self.threshold

    def words(self) -> str:
        """The rule for people."""
        side = "below" if self.below else "above"
        return f"{self.figure.replace('_', ' ')}: whole interval {side} {self.threshold:g}"


RULES: dict[str, tuple[Rule, ...]] = {
    # Adebayo et al. 2018, arXiv:1810.03292: a map that stays without the weights shows the image alone.
    "randomisation": (
        Rule("rank_correlation_head", 0.95, below=True),
        Rule("rank_correlation_all", 0.5, below=True),
    ),
    # Petsiuk et al. 2018, arXiv:1806.07421: better than a random order of the same cells.
    "curves": (Rule("gain", 0.0, below=False),),
    "occlusion": (Rule("rank_correlation", 0.0, below=False),),
    "planted_text": (Rule("probability_change", 0.1, below=True),),
}
PARTS = tuple(RULES)
QUESTIONS = {
    "randomisation": "Do the maps follow the weights?",
    "curves": "Do the cells that the map marks move the answer more than others?",
    "occlusion": "Does the map agree with what hiding a part costs?",
    "planted_text": "Does the answer stay when a ward's name is burned in?",
}


@dataclass(frozen=True)
class Figure:
    """A mean over images with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Part:
    """One part of the audit: figures by name, or the reason why there are none."""

    images: int  # that the figures rest on
    figures: Mapping[str, Figure]
    reason: str | None = None  # why it was not measured


def verdict_of(name: str, part: Part) -> Verdict:
    """Of the part that is called `name`; see Rule."""
    if part.reason is not None:
        return Verdict.NOT_MEASURED
    found = [(rule, part.figures[rule.figure]) for rule in RULES[name]]
    if all(rule.holds(figure) for rule, figure in found):
        return Verdict.PASSED
    clear = part.images >= ENOUGH_IMAGES or any(rule.is_broken(figure) for rule, figure in found)
    return Verdict.FAILED if clear else Verdict.NOT_MEASURED


@dataclass(frozen=True)
class Audit:
    """The audit of one checkpoint's maps; `parts` in the order of PARTS."""

    images: int
    source: str  # which images, in words
    synthetic: bool
    grid: tuple[int, int]  # height and width of a map, cells
    parts: Mapping[str, Part]
    caveat: str | None = None

    def verdict(self, name: str) -> Verdict:
        """Of one part; see Rule."""
        return verdict_of(name, self.parts[name])

    def answer(self, name: str) -> str:
        """To the part's question, in a word or two."""
        verdict = self.verdict(name)
        few = verdict is Verdict.NOT_MEASURED and self.parts[name].reason is None
        return "too few images to tell" if few else _ANSWERS[verdict]

    @property
    def outcome(self) -> Verdict:
        """Failed where a part failed, else passed where a part passed."""
        verdicts = {self.verdict(name) for name in PARTS}
        return next((v for v in (Verdict.FAILED, Verdict.PASSED) if v in verdicts), Verdict.NOT_MEASURED)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the parts that failed."""
        return tuple(name for name in PARTS if self.verdict(name) is Verdict.FAILED)


def audit_as_json(audit: Audit) -> dict[str, Any]:
    """As the manifest keeps it; verdicts and rules are there for people who open the file."""
    return {
        "format": FORMAT,
        "images": audit.images,
        "source": audit.source,
        "synthetic": audit.synthetic,
        "grid": list(audit.grid),
        "caveat": audit.caveat,
        "parts": {
            name: {
                **asdict(audit.parts[name]),
                "verdict": audit.verdict(name).value,
                "passes_when": [rule.words() for rule in RULES[name]],
            }
            for name in PARTS
        },
    }


def read_audit(manifest: Manifest) -> Audit | None:
    """None where the manifest has none; ManifestError `audit_invalid` where it is unfit."""
    return audit_of(manifest.extras)


def audit_of(extras: Mapping[str, Any]) -> Audit | None:
    """The audit in a manifest's extras, checked."""
    stored = extras.get(KEY)
    if stored is None:
        return None
    try:
        return _audit(stored)
    except KeyError as error:
        raise _unfit(f"{error} is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise _unfit(f"{error}") from None


def _unfit(reason: str) -> ManifestError:
    return ManifestError("audit_invalid", f"What the file says about its maps can't be used: {reason}.")


def _audit(stored: Any) -> Audit:
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise ValueError("it is of another format")
    if not isinstance(stored["synthetic"], bool):
        raise ValueError("synthetic is neither true nor false")
    height, width = stored["grid"]
    caveat = stored["caveat"]
    return Audit(
        images=_count(stored["images"], least=1),
        source=_text(stored["source"]),
        synthetic=stored["synthetic"],
        grid=(_count(height, least=1), _count(width, least=1)),
        parts={name: _part(stored["parts"][name], name) for name in PARTS},
        caveat=None if caveat is None else _text(caveat),
    )


def _part(stored: Any, name: str) -> Part:
    reason = stored["reason"]
    if reason is not None:
        return Part(0, {}, _text(reason))
    figures = {str(key): _figure(value) for key, value in stored["figures"].items()}
    missing = [rule.figure for rule in RULES[name] if rule.figure not in figures]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    return Part(_count(stored["images"], least=1), figures)


def _figure(stored: Any) -> Figure:
    value, low, high = (_number(stored[key]) for key in ("value", "low", "high"))
    if not low <= value <= high:
        raise ValueError("a figure does not lie in its interval")
    return Figure(value, low, high)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a figure is no finite number")
    return float(value)


def _count(value: Any, *, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_IMAGES:
        raise ValueError(f"a number of images or cells is no whole number from {least} up")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise ValueError(f"a text is not one of 1 to {LONGEST_TEXT} characters")
    return value
