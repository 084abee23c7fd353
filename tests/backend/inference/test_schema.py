"""The committed OpenAPI schema is the one that the code makes."""

import io
import json
from pathlib import Path

from django.core.management import call_command

COMMITTED = Path(__file__).resolve().parents[3] / "frontend" / "openapi.json"


def test_the_committed_schema_has_not_drifted() -> None:
    """`manage.py spectacular --file frontend/openapi.json --format openapi-json` brings it up to date."""
    made = io.StringIO()
    call_command("spectacular", format="openapi-json", stdout=made)
    assert json.loads(made.getvalue()) == json.loads(COMMITTED.read_text())


def test_the_schema_has_no_warnings(capsys) -> None:
    call_command("spectacular", format="openapi-json", fail_on_warn=True, stdout=io.StringIO())
