"""The audit as a table and as a page."""

from __future__ import annotations

from ml.audit.record import PARTS, QUESTIONS, RULES, Audit, Figure
from ml.manifest import Manifest
from ml.taxonomy import RESEARCH_USE_NOTE, SYNTHETIC_NOTE


def table(manifest: Manifest, audit: Audit) -> str:
    """Caption and table: each part's answer, figures and rule."""
    height, width = audit.grid
    rows = [f"| {' | '.join(_row(audit, name))} |" for name in PARTS]
    return "\n".join([
        f"`{manifest.name}` ({manifest.architecture} at {manifest.input_size} px, maps of {height} × {width} "
        f"cells): {audit.source}.",
        "",
        "| question | answer | images | figures (95 % interval) | yes when |",
        "|---|---|---|---|---|",
        *rows,
    ])  # fmt: skip


def page(manifest: Manifest, audit: Audit) -> str:
    """A page of its own, with the notes that belong beside every figure of the model."""
    notes = [RESEARCH_USE_NOTE, *([SYNTHETIC_NOTE] if manifest.synthetic else [])]
    caveat = [audit.caveat] if audit.caveat else []
    return (
        "\n\n".join([f"# Audit of the maps of {manifest.name}", *notes, table(manifest, audit), *caveat])
        + "\n"
    )


def _row(audit: Audit, name: str) -> list[str]:
    part = audit.parts[name]
    figures = "; ".join(f"{_words(key)} {_shown(figure)}" for key, figure in part.figures.items())
    return [
        QUESTIONS[name],
        audit.answer(name),
        str(part.images),
        figures or str(part.reason),
        "; ".join(rule.words() for rule in RULES[name]),
    ]


def _words(key: str) -> str:
    return key.replace("_", " ")


def _shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
