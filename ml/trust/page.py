"""Tables that commands write into a Markdown page, between `<!-- table: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

from pathlib import Path

from ml.atomic import write_text
from ml.data.samples import DataError

END = "<!-- end -->"


def rewrite_table(page: Path, name: str, text: str) -> None:
    """Put `text` between the table's markers; DataError where the page has none."""
    words = page.read_text(encoding="utf-8")
    marker = f"<!-- table: {name} -->\n"
    before, found, after = words.partition(marker)
    if not found or END not in after:
        raise DataError(
            f"'{page}' has no place for the table '{name}': it lacks '{marker.strip()}' … '{END}'."
        )
    write_text(page, f"{before}{marker}\n{text}\n\n{END}{after.partition(END)[2]}")
