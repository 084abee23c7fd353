"""While a clinician's own read is awaited, the model's answer is shown to nobody, in no form."""

from backend.core.problems import ApiProblem
from backend.inference.models import Analysis


def refuse_while_withheld(analysis: Analysis, what: str) -> None:
    """403 `read_first` for `what` (maps, report) that would show the answer."""
    if analysis.is_withheld:
        raise ApiProblem(
            f"Save your own read first, then the {what} can be seen.", code="read_first", status=403
        )
