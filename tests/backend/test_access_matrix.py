"""Role × address × ownership, over every route of the URL resolver. See `tests/backend/access/table.py`."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import LazySettings

from backend.registry.models import ModelVersion
from tests.backend.access.routes import all_routes
from tests.backend.access.table import Cell, body_of, cells
from tests.backend.access.world import World, world_make
from tests.backend.comparisons.conftest import (  # noqa: F401 (fixtures)
    candidate,
    candidate_file,
    checkpoints,
    imported_rows,
    versions,
)
from tests.tiny_models import tiny_checkpoint

V1 = "api/v1/"
OPEN_TO_ALL = tuple(f"{V1}auth/{name}/" for name in ("session", "login", "logout", "welcome"))
ADMINISTRATORS = ("model_admin", "site_admin", "models:read", "models:write", "site_admin:all")


@pytest.fixture
def world(candidate: ModelVersion, tmp_path: Path, settings: LazySettings) -> World:  # noqa: F811
    """The people and their work; the page counts as built."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    settings.FRONTEND_DIST = tmp_path
    return world_make(candidate, tiny_checkpoint(tmp_path / "new", "2d", seed=99))


def got(world: World, cell: Cell) -> str:
    """What the request is really answered with."""
    answer = world.ask(cell.actor, cell.method, cell.path, *body_of(cell.body, world))
    is_door = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
    return "login" if is_door else str(answer.status_code)


def test_every_route_and_method_is_in_the_table() -> None:
    nowhere = World(ids=defaultdict(str), checkpoint=Path())
    listed = {(cell.route, cell.method) for cell in cells(nowhere)}
    present = {(route, method) for route, methods in all_routes().items() for method in methods}
    assert present - listed == set(), "these are missing from the table"
    assert listed - present == set(), "these are in the table and nowhere else"


@pytest.mark.timeout(900)
def test_everybody_gets_what_the_table_says(
    world: World, settings: LazySettings, subtests: pytest.Subtests
) -> None:
    everything = list(cells(world))
    assert len(everything) > 2000
    with subtests.test("the table"):
        found = wrong_cells(world, everything)
        assert not found, "\n".join(found)
    with subtests.test("a closed site answers nobody"):
        settings.ALLOW_ANONYMOUS = False
        assert closed_site_answers(world, everything) == {"401"}
        settings.ALLOW_ANONYMOUS = True
    with subtests.test("administrators without their second factor are strangers"):
        settings.REQUIRE_SECOND_FACTOR = True
        found = powers_without_second_factor(world, everything)
        assert not found, "\n".join(found)


def wrong_cells(world: World, everything: list[Cell]) -> list[str]:
    """Every cell that is not as the table says."""
    asked = [(cell, got(world, cell)) for cell in everything]
    return [
        f"{cell.method} {cell.path} as {cell.actor}: {status}, not {cell.expected}"
        for cell, status in asked
        if status != cell.expected
    ]


def closed_site_answers(world: World, everything: list[Cell]) -> set[str]:
    """What nobody gets where anonymous work is not taken, apart from the way in."""
    asked = [
        cell
        for cell in everything
        if cell.actor == "nobody" and cell.route.startswith(V1) and cell.route not in OPEN_TO_ALL
    ]
    assert len(asked) > 40
    return {got(world, cell) for cell in asked}


def powers_without_second_factor(world: World, everything: list[Cell]) -> list[str]:
    """Where an administrator gets more than a clinician or a refusal although no second factor was shown."""
    of_stranger = {
        (cell.method, cell.path, cell.body): cell.expected for cell in everything if cell.actor == "stranger"
    }
    found = []
    for cell in everything:
        if cell.actor in ADMINISTRATORS:
            status, allowed = got(world, cell), of_stranger[cell.method, cell.path, cell.body]
            if status not in (allowed, "403"):
                found.append(f"{cell.method} {cell.path} as {cell.actor}: {status}, not {allowed} or 403")
    return found
