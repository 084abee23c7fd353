"""The answers of a batch as one table, a line a case: for spreadsheets and statistics programs."""

from collections.abc import Iterable, Iterator

from backend.core.csv_lines import csv_line
from backend.inference.answer import CaseAnswer, most_probable
from backend.inference.fusing import answer_of_case
from backend.inference.models import Analysis, Prediction
from ml.taxonomy import CLASS_NAMES, MODALITIES

_OF_ANSWER = ("named", *(f"p_{name}" for name in CLASS_NAMES), "set", "set_level")
_OF_MODALITY = ("state", "failure", *_OF_ANSWER, "flags", "version", "version_id")
COLUMNS = (
    "case_label", "analysis", "sent_at", "finished_at", "state", "own_read_awaited",
    *_OF_ANSWER, "conflict",
    *(f"{modality.value}_{column}" for modality in MODALITIES for column in _OF_MODALITY),
    "synthetic_model", "note",
)  # fmt: skip
NOTE = "research use only, not for diagnosis"
_NOTHING = ("",) * len(_OF_ANSWER)


def table_csv(analyses: Iterable[Analysis]) -> Iterator[str]:
    """Line by line, with a head. An answer that waits for the clinician's own read is left out."""
    yield csv_line(COLUMNS)
    for analysis in analyses:
        yield csv_line(_cells(analysis))


def _cells(analysis: Analysis) -> list[str]:
    rows = {row.image.modality: row for row in analysis.ordered_predictions}
    answer = None if analysis.is_withheld else answer_of_case(analysis)
    synthetic = any(row.model_version is not None and row.model_version.synthetic for row in rows.values())
    return [
        analysis.case.label,
        str(analysis.pk),
        analysis.created_at.isoformat(),
        analysis.finished_at.isoformat() if analysis.finished_at else "",
        analysis.state,
        _yes(analysis.is_withheld),
        *_answer_cells(answer),
        _yes(answer.conflict) if answer else "",
        *(cell for modality in MODALITIES for cell in _modality_cells(analysis, rows.get(modality.value))),
        _yes(synthetic),
        NOTE,
    ]


def _modality_cells(analysis: Analysis, row: Prediction | None) -> list[str]:
    if row is None:
        return [""] * len(_OF_MODALITY)
    shown = None if analysis.is_withheld else row
    version = row.model_version
    return [
        row.state,
        row.failure_code,
        *_answer_cells(shown),
        " ".join(flag["code"] for flag in row.flags) if shown else "",
        version.name if version else "",
        str(version.pk) if version else "",
    ]


def _answer_cells(said: Prediction | CaseAnswer | None) -> tuple[str, ...]:
    """The set as its classes, `none` where no class fits; empty where the version is not calibrated."""
    if said is None or said.probabilities is None:
        return _NOTHING
    chances = [f"{said.probabilities[name]:.6f}" for name in CLASS_NAMES]
    of_set = "" if said.prediction_set is None else " ".join(said.prediction_set) or "none"
    return (most_probable(said.probabilities), *chances, of_set, str(said.set_level or ""))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
