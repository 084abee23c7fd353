"""What people say of the case, as the report is told it: it knows no rows of its own for that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Before the answer was shown; after it; from the microscope."""

    READ = "read"
    AGREES = "agrees"
    OVERRIDES = "overrides"
    PATHOLOGY = "pathology"


@dataclass(frozen=True)
class Said:
    """One statement. `detail`: a read's confidence, an override's reason, the date of a pathology report."""

    kind: Kind
    class_name: str
    detail: str
    author: str | None
    at: datetime
