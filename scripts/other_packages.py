"""Files of packages that are fetched and unpacked, but not installed: for scripts/other_pictures.py."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKED = "*.pk3"  # games keep their files in such archives


def unpacked(package: str) -> Path:
    """The files of a Debian package, in a folder that stays until the machine clears its temporary files."""
    room = Path(tempfile.mkdtemp(prefix=f"{package}-"))
    subprocess.run(["apt-get", "download", "-q", package], cwd=room, check=True, stdout=subprocess.DEVNULL)
    archive = next(room.glob("*.deb"))
    subprocess.run(["dpkg", "-x", archive, room / "files"], check=True)
    for packed in sorted((room / "files").rglob(PACKED)):
        with zipfile.ZipFile(packed) as inside:
            inside.extractall(packed.with_suffix(""))
    return room / "files"


def wheel_files(package: str, pattern: str) -> list[Path]:
    """Files of a Python package, which is not installed."""
    room = Path(tempfile.mkdtemp(prefix=f"{package}-"))
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", package]
    subprocess.run(command, cwd=room, check=True)
    with zipfile.ZipFile(next(room.glob("*.whl"))) as wheel:
        wheel.extractall(room)
    return sorted(room.rglob(pattern))
