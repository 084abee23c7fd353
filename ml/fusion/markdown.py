"""A fusion's figures in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from ml.fusion.figures import Bounds, ConflictFigures, Gain


def gain_sentence(gain: Gain) -> str:
    """One line for the screen."""
    return (
        f"{' + '.join(gain.modalities)}: AUC {gain.joined_auc:.3f} joined, {gain.best_auc:.3f} by "
        f"{gain.best} alone ({difference_words(gain.difference)}; {gain.cases} cases, cross-validated)"
    )


def difference_words(difference: Bounds) -> str:
    """Such as "+0.021 (+0.005 to +0.036)"."""
    if difference.low is None or difference.high is None:
        return f"{difference.value:+.3f}"
    return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"


def gains_table(gains: Sequence[Gain]) -> str:
    """A row a set of modalities, in Markdown."""
    lines = ["| modalities | cases | AUC joined | best alone | difference |", "|---|---|---|---|---|"]
    lines += [
        f"| {' + '.join(gain.modalities)} | {gain.cases} | {gain.joined_auc:.3f} "
        f"| {gain.best_auc:.3f} ({gain.best}) | {difference_words(gain.difference)} |"
        for gain in gains
    ]
    return "\n".join(lines)


def conflict_sentence(conflict: ConflictFigures) -> str:
    """How well contradictions are found."""
    return (
        f"Of {conflict.contradictions:,} contradictions made of two clear cases {conflict.recall:.1%} are "
        f"flagged, of {conflict.ordinary:,} ordinary cases {conflict.flagged_ordinary:.1%}: among as many of "
        f"the one as of the other {conflict.precision:.1%} of the flags are right."
    )
