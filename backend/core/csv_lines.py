"""CSV that a spreadsheet opens without running what a stranger typed."""

import csv
import io
from collections.abc import Iterable

from django.http import StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[str]) -> str:
    """One line with its end. What a spreadsheet would take for a formula gets an apostrophe (OWASP)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return buffer.getvalue()


def csv_answer(lines: Iterable[str], file_name: str) -> StreamingHttpResponse:
    """The lines as a file to keep, sent as they are made and stored by nobody on the way."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer["Cache-Control"] = "no-store"
    return answer
