"""The model card as Markdown, for people and for files beside a study."""

import re
from collections.abc import Iterable

from backend.registry.card import (
    calibration,
    calibration_figures,
    class_scores,
    headline,
    images_measured,
    known_weaknesses,
    map_audit,
)
from backend.registry.models import ModelVersion
from ml.audit.record import QUESTIONS
from ml.fusion.figures import figures_in
from ml.fusion.markdown import conflict_sentence, difference_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
_HEADLINE_WORDS = {
    "auc_ovr": "AUC, mean over classes", "auc_ovo": "AUC, mean over pairs", "accuracy": "Accuracy",
    "precision": "Precision", "recall": "Recall", "f1": "F1", "mcc": "MCC",
    "ece": "Expected calibration error", "brier": "Brier score",
}  # fmt: skip


def card_markdown(version: ModelVersion) -> str:
    """One page: what it is for, what it was made from, what it reached, where it fails."""
    manifest = version.manifest
    metrics = manifest["metrics"]
    parts = [
        f"# {_plain(version.name)}",
        "Research use only, not a medical device."
        + (" **SYNTHETIC: trained on computer-made phantoms.**" if version.synthetic else ""),
        _facts(version),
        "## Intended use\n\n" + _plain(manifest["intended_use"]),
        _list("## Limits", manifest["limits"]),
        _list("## Known weaknesses", known_weaknesses(metrics)),
        f"## Data and protocol\n\n{_plain(manifest['split_protocol'])}",
        f"Data fingerprint: {_plain(manifest['dataset_fingerprint'])}",
        _scores(version),
        *(_of_fusion(version) if version.is_fusion else _of_network(version)),
        _check(version),
        "## Licence\n\n" + _plain(manifest["licence"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _of_network(version: ModelVersion) -> list[str]:
    words = f"## Calibration\n\n{_plain(calibration(version.manifest))}"
    return [words, _reliability(version), _maps(version)]


def _of_fusion(version: ModelVersion) -> list[str]:
    """Beside the best modality alone, and how well contradictions are found."""
    figures = figures_in(version.manifest["extras"], version.manifest["metrics"])
    rows = [
        (
            " + ".join(gain.modalities),
            f"{gain.cases}",
            f"{gain.joined_auc:.3f}",
            f"{gain.best_auc:.3f} ({gain.best})",
            difference_words(gain.difference),
        )
        for gain in figures.gains
    ]
    return [
        f"## What joining gains\n\nFitted on {_plain(figures.source)}; the figures are cross-validated.",
        _table(("Modalities", "Cases", "AUC joined", "Best alone", "Difference"), rows),
        f"## Contradictions\n\n{conflict_sentence(figures.conflict)}",
    ]


def _facts(version: ModelVersion) -> str:
    manifest = version.manifest
    rows = [
        ("Modality", version.get_modality_display()),
        ("Architecture", version.architecture),
        *([] if version.is_fusion else [("Input", f"{version.input_size} × {version.input_size} pixels")]),
        ("Classes", ", ".join(manifest["class_names"])),
        ("State", version.get_state_display()),
        ("Version id", str(version.pk)),
        ("Trained", f"{manifest['created_at']}, seed {manifest['seed']}, code {manifest['training_commit']}"),
        ("sha256 of the weights", version.tensor_sha256),
    ]
    return _table(("", ""), rows)


def _scores(version: ModelVersion) -> str:
    metrics = version.manifest["metrics"]
    rows = class_scores(metrics)
    overall = [(_HEADLINE_WORDS.get(name, name), f"{value:.3f}") for name, value in headline(metrics).items()]
    if not rows and not overall:
        return "## Figures\n\nThe manifest holds none that this page knows."
    count = images_measured(metrics)
    parts = ["## Figures", f"Measured on {count} images; 95 % intervals in brackets." if count else ""]
    if rows:
        table = [(row.name, str(row.auc), str(row.precision), str(row.recall)) for row in rows]
        parts.append(_table(("Class", "AUC", "Precision", "Recall"), table))
    if overall:
        parts.append(_table(("Overall", ""), overall))
    return "\n\n".join(part for part in parts if part)


def _reliability(version: ModelVersion) -> str:
    figures = calibration_figures(version.manifest)
    if figures is None:
        return ""
    seen = [item for item in figures.bins if item.confidence is not None and item.accuracy is not None]
    rows = [
        (
            f"{item.low:.1f} to {item.high:.1f}",
            f"{item.confidence:.2f}",
            f"{item.accuracy:.2f}",
            f"{item.count}",
        )
        for item in seen
    ]
    return _table(("Stated probability", "Mean", "Right", "Images"), rows)


def _maps(version: ModelVersion) -> str:
    title, audit = "## Do the maps show what the model uses?", map_audit(version.manifest)
    if audit is None:
        return f"{title}\n\nNobody has measured it for this version."
    rows = [
        (
            QUESTIONS[name],
            audit.answer(name),
            part.reason
            or "; ".join(
                f"{key.replace('_', ' ')} {figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
                for key, figure in part.figures.items()
            ),
        )
        for name, part in audit.parts.items()
    ]
    parts = [title, f"Measured on {_plain(audit.source)}.", _table(("Question", "Answer", "Figures"), rows)]
    return "\n\n".join([*parts, *([_plain(audit.caveat)] if audit.caveat else [])])


def _check(version: ModelVersion) -> str:
    check = version.last_check
    if check is None or not check.findings:
        return ""
    rows = [("✓" if item["passed"] else "✗", item["detail"]) for item in check.findings]
    return "## Check\n\n" + _table(("", "Finding"), rows)


def _list(title: str, items: Iterable[str]) -> str:
    lines = [f"- {_plain(item)}" for item in items]
    return "\n\n".join([title, "\n".join(lines)]) if lines else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [[_plain(cell) for cell in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * len(cells[0]), *lines[1:]])


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: a manifest is a stranger's words."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
