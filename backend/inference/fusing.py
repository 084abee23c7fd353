"""Which fusion joins an analysis: settled when it ends, and the same ever after."""

from collections.abc import Iterable
from uuid import UUID

from backend.inference.answer import CaseAnswer, case_answer, said_by
from backend.inference.models import Analysis, Prediction
from backend.registry.fusions import active_fusion, fusion_by_id
from ml.fusion.stack import Fusion
from ml.taxonomy import Modality


def fusion_for(rows: Iterable[Prediction]) -> tuple[UUID | None, Fusion | None]:
    """The active fusion where it was fitted for the versions that answered, all calibrated; else none."""
    answered = [row for row in rows if row.probabilities is not None]
    active = active_fusion() if len(answered) > 1 else None
    if active is None or any(row.p_values is None for row in answered):
        return None, None
    weights = {
        Modality(row.image.modality): row.model_version.tensor_sha256
        for row in answered
        if row.model_version is not None
    }
    return active if active[1].joins(weights) else (None, None)


def answer_of_case(analysis: Analysis) -> CaseAnswer | None:
    """From the predictions, prefetched with their images; whoever shows it minds what is withheld."""
    fusion = None if analysis.fusion_id is None else fusion_by_id(analysis.fusion_id)
    return case_answer(said_by(analysis.ordered_predictions), fusion)
