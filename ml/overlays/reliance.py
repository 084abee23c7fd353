"""The text-reliance meter: how far an answer changes when what is burned in is painted over."""

from __future__ import annotations

from collections.abc import Mapping

# Total variation distance. Provisional: far above what a model that had learned from the node alone moved in
# unseen phantoms, not yet fitted (`python -m ml overlays shortcut`; docs/trust.md, "What is missing").
RELIES_FROM = 0.3


def reliance(first: Mapping[str, float], without_text: Mapping[str, float]) -> float:
    """Probability, 0..1, that moved to other classes: half the sum of the absolute changes."""
    if first.keys() != without_text.keys():
        raise ValueError("two answers to the same classes are needed")
    return min(1.0, sum(abs(first[name] - without_text[name]) for name in first) / 2)
