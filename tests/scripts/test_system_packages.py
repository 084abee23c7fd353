"""What a make target says where it may not install anything: the one line to run, and a stop."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "system_packages.sh"
NEEDED = ("bash", "env", "node", "npm", "grep", "ls", "fc-list")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A search path without Chromium and Redis, whose user is not root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    _program(folder / "id", "echo 1000")
    return folder


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def run(programs: Path, target: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(programs), "PYTHON": sys.executable, "HOME": os.environ["HOME"]}
    bash = programs / "bash"
    command = [bash, SCRIPT, target]
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)


def test_on_debian_without_root_it_prints_the_line_and_stops(programs: Path) -> None:
    _program(programs / "apt-get", "echo installed; exit 0")
    done = run(programs, "test")
    assert done.returncode == 1
    assert "Run this one line" in done.stderr
    assert "sudo apt-get update && sudo apt-get install" in done.stderr
    assert "chromium redis-server" in done.stderr
    assert "installed\n" not in done.stdout, "it installed something without being root"


def test_elsewhere_it_names_what_is_missing_and_stops(programs: Path) -> None:
    done = run(programs, "test")
    assert done.returncode == 1
    assert "chromium redis-server" in done.stderr
    assert "your system's package manager" in done.stderr
    assert "apt-get" not in done.stderr


def test_the_demo_needs_python_and_node_alone(programs: Path) -> None:
    assert run(programs, "demo").returncode == 0


def test_without_node_it_says_so(programs: Path) -> None:
    (programs / "node").unlink()
    done = run(programs, "demo")
    assert done.returncode == 1
    assert "Node.js 20.19 or newer" in done.stderr
