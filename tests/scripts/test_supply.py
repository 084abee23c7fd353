"""Locks, licences, lists of parts: they name what is pinned, and nothing that may not be there."""

import re
from pathlib import Path

import pytest

from scripts.licences import PAGE, fits
from scripts.locks import LOCKS, lines, normal

ROOT = Path(__file__).resolve().parents[2]
PINNED = {
    normal(name): version
    for name, version in re.findall(
        r"^([\w.-]+)==(\S+)$", (ROOT / "requirements/constraints.txt").read_text(), re.MULTILINE
    )
}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_lock_has_the_pinned_versions_each_with_its_hash(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text()
    rows = re.findall(r"^(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert len(rows) == len(text.splitlines()) - 1 > 40
    assert {package: version for package, version in rows if PINNED.get(package) != version} == {}
    assert "torch" not in dict(rows) if name == "web" else "torch" in dict(rows)
    assert "://" not in text


def test_what_is_wanted_is_locked() -> None:
    locked = (LOCKS / "worker.txt").read_text()
    for name in ("web", "ml", "worker"):
        for line in (ROOT / f"requirements/{name}.txt").read_text().splitlines():
            wanted = re.match(r"([\w.-]+)(?:\[\w+\])?==(\S+)", line)
            assert wanted is None or f"{normal(wanted[1])}=={wanted[2]} " in locked, line


def test_every_locked_package_has_its_licence_on_the_page() -> None:
    page = PAGE.read_text()
    for line in (LOCKS / "worker.txt").read_text().splitlines()[1:]:
        name, version = line.split(" ")[0].split("==")
        assert f"| {name} | {version} |" in page


@pytest.mark.parametrize(
    ("licence", "taken"),
    [
        ("Apache-2.0", True),
        ("LGPL-3.0-only", True),
        ("GNU Lesser General Public License v3", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_which_licences_fit(licence: str, taken: bool) -> None:
    assert fits(licence) is taken


def test_a_lock_line_names_package_version_and_hash() -> None:
    package = {
        "metadata": {"name": "Ruamel.Yaml_X", "version": "1.2"},
        "download_info": {"archive_info": {"hashes": {"sha256": "ab" * 32}}},
    }
    assert lines([package]) == [f"ruamel-yaml-x==1.2 --hash=sha256:{'ab' * 32}\n"]
