"""CSV that a spreadsheet opens without running what a stranger typed."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[str]) -> str:
    """One line with its end. What a spreadsheet would take for a formula gets an apostrophe (OWASP)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return buffer.getvalue()
