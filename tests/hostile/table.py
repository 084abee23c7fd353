"""The corpus as a table for people: `python -m tests.hostile.table` writes docs/hostile-files.md."""

from pathlib import Path

from tests.hostile.corpus import CORPUS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "hostile-files.md"
HEAD = """# Odd and hostile files

What the server answers when one of these is sent as an image. A test builds each file, sends it to a real
server and compares; after each of them no row and no file is left, no web process has
held 1 GiB, and no worker has grown by half a GiB over its idle size.
Written by `python -m tests.hostile.table`; the files are made in `tests/hostile/`.

{count} files of {kinds} kinds.

| kind | file | status | code |
|---|---|---|---|
"""


def table() -> str:
    """The whole document."""
    lines = [
        f"| {item.kind} | {item.name} | {item.status} | {f'`{item.code}`' if item.code else 'read'} |"
        for item in CORPUS
    ]
    kinds = len({item.kind for item in CORPUS})
    return HEAD.format(count=len(CORPUS), kinds=kinds) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(table())
