"""A report: kept as a JSON file, and printed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def report_keep(report: Mapping[str, Any], path: Path) -> None:
    """Write it whole to `path`, and show the same."""
    text = json.dumps(report, indent=2, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")
    print(text)
