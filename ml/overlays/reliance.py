"""The text-reliance meter: how far an answer changes when what is burned in is painted over."""

from __future__ import annotations

from collections.abc import Mapping

# Total variation distance. The smallest hundredth that at most 1 % of the images of models that learned from
# the node alone reach, on phantoms apart from those that judge it: `python -m ml overlays shortcut` fits and
# judges, a test holds it to the kept figures (docs/trust.md, "How far an answer rests on text").
RELIES_FROM = 0.28


def reliance(first: Mapping[str, float], without_text: Mapping[str, float]) -> float:
    """Probability, 0..1, that moved to other classes: half the sum of the absolute changes."""
    if first.keys() != without_text.keys():
        raise ValueError("two answers to the same classes are needed")
    return min(1.0, sum(abs(first[name] - without_text[name]) for name in first) / 2)
