"""A whole set of the catalogue: find its files, fetch them, unpack them, write down what came."""

import json
import urllib.error
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.atomic import write_text
from ml.datasets.catalogue import Dataset, DatasetError
from ml.datasets.fetch import Progress, RemoteFile, digest, fetch, open_url, silent
from ml.datasets.unpack import unpack

DOWNLOADS = "downloads"
SOURCE = "source.json"


def download(
    dataset: Dataset,
    root: Path,
    *,
    progress: Callable[[str], Progress] | None = None,
    wait_s: float = 1.0,
) -> Path:
    """The set's folder below `root`, complete; run again after any failure and it goes on."""
    if dataset.access != "open":
        raise DatasetError(by_hand(dataset, root))
    folder = root / dataset.name
    if (folder / SOURCE).is_file():
        return folder
    kept = root / DOWNLOADS / dataset.name
    files = remote_files(dataset)
    shown = progress or (lambda _: silent)
    fetched = [fetch(file, kept, progress=shown(file.name), wait_s=wait_s) for file in files]
    for path in fetched:
        unpack(path, folder / path.stem)
    _write_source(dataset, folder, list(zip(files, fetched, strict=True)))
    return folder


def remote_files(dataset: Dataset) -> list[RemoteFile]:
    """Names, addresses, sizes and checksums: from the record's API, or the one address of the catalogue."""
    if dataset.record:
        return record_files(dataset.record)
    if dataset.url and dataset.file_name:
        return [RemoteFile(dataset.file_name, dataset.url)]
    raise DatasetError(f"The catalogue names no address for '{dataset.name}'. See {dataset.page}.")


def record_files(address: str) -> list[RemoteFile]:
    """The files of a Zenodo record."""
    try:
        with open_url(address) as response:
            record = json.load(response)
    except urllib.error.HTTPError as error:
        raise DatasetError(f"'{address}' answered {error.code} ({error.reason}).") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise DatasetError(
            f"'{address}' cannot be reached ({reason}). Is this machine online? Behind a proxy, set "
            "HTTPS_PROXY."
        ) from error
    except ValueError as error:
        raise DatasetError(f"'{address}' did not answer with a record: no JSON.") from error
    return [_record_file(entry, address) for entry in _entries(record, address)]


def by_hand(dataset: Dataset, root: Path) -> str:
    """What a person has to do for a set that no program may fetch."""
    why = "is behind an agreement" if dataset.access == "form" else "has no stable address for a program"
    steps = dataset.instructions.strip()
    return (
        f"{dataset.title} {why}.\nPage: {dataset.page}\nLicence: {dataset.licence}\n{steps}\n"
        f"Folder: {root / dataset.name}"
    )


def _entries(record: Any, address: str) -> list[Any]:
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, list) or not files:
        raise DatasetError(f"The record '{address}' lists no files. It may be restricted: open its page.")
    return files


def _record_file(entry: Any, address: str) -> RemoteFile:
    try:
        name, link = str(entry["key"]), str(entry["links"]["self"])
        size, checksum = int(entry["size"]), str(entry.get("checksum", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"The record '{address}' has an entry that cannot be read ({error}).") from error
    if Path(name).name != name or name.startswith("."):
        raise DatasetError(f"The record '{address}' names the file '{name}', which is no plain file name.")
    return RemoteFile(name, link, size, checksum)


def _write_source(dataset: Dataset, folder: Path, files: list[tuple[RemoteFile, Path]]) -> None:
    facts = {
        "dataset": dataset.name,
        "title": dataset.title,
        "licence": dataset.licence,
        "citation": dataset.citation,
        "page": dataset.page,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "archives": [
            {
                "name": file.name,
                "url": file.url,
                "bytes": path.stat().st_size,
                "published_checksum": file.checksum or None,
                "sha256": digest(path),
            }
            for file, path in files
        ],
    }
    write_text(folder / SOURCE, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
