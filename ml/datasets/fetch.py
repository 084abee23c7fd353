"""One file from the web: resumable, checked, and with a sentence for everything that can go wrong."""

import errno
import hashlib
import http.client
import shutil
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlparse

from ml.datasets.catalogue import DatasetError

CHUNK = 1 << 18
TIMEOUT_S = 30.0
TRIES = 5  # in a row without a byte of progress
AGENT = "cv4lymphnode-datasets/1"
_BROKEN = (http.client.HTTPException, ConnectionError, TimeoutError, urllib.error.URLError)

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all


@dataclass(frozen=True)
class RemoteFile:
    """What to fetch; checksum is "md5:…" or "sha256:…" as the source publishes it, or empty."""

    name: str
    url: str
    size: int | None = None
    checksum: str = ""


class _BrokenOffError(Exception):
    """The connection ended before the file did."""


def silent(done: int, total: int | None) -> None:
    """No progress shown."""


def fetch(
    file: RemoteFile,
    folder: Path,
    *,
    progress: Progress = silent,
    wait_s: float = 1.0,
    timeout_s: float = TIMEOUT_S,
) -> Path:
    """The complete, checked file in that folder; a broken download is taken up where it ended."""
    target = folder / file.name
    if target.is_file():
        check(target, file)
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{file.name}.part"
    _need_space(folder, (file.size or 0) - _size(part))
    failures = 0
    while True:
        before = _size(part)
        try:
            _continue(file, part, progress, timeout_s)
            break
        except (_BrokenOffError, *_BROKEN) as error:
            failures = 1 if _size(part) > before else failures + 1
            if failures >= TRIES or not _worth_another_try(error):
                raise DatasetError(_network_sentence(file, part, error)) from error
            time.sleep(_pause(error, failures, wait_s))
        except OSError as error:
            raise DatasetError(_disk_sentence(part, error)) from error
    check(part, file)
    part.replace(target)
    _etag_path(part).unlink(missing_ok=True)
    return target


def check(path: Path, file: RemoteFile) -> None:
    """Refuses and removes a file whose size or checksum is not the published one."""
    if file.size is not None and path.stat().st_size != file.size:
        found = path.stat().st_size
        path.unlink()
        raise DatasetError(
            f"'{file.name}' has {found} bytes, the source says {file.size}. It was removed: run again."
        )
    if not file.checksum:
        return
    kind, _, wanted = file.checksum.partition(":")
    if digest(path, kind) != wanted.lower():
        path.unlink()
        raise DatasetError(
            f"The {kind} checksum of '{file.name}' is not the published one: the file was damaged on the "
            "way, or the source has changed. It was removed: run again, and if that fails, see its page."
        )


def digest(path: Path, kind: str = "sha256") -> str:
    """Hexadecimal md5 or sha256 of a file, read in pieces."""
    if kind not in ("md5", "sha256"):
        raise DatasetError(f"The source publishes a '{kind}' checksum; only md5 and sha256 can be checked.")
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()


def open_url(url: str, *, headers: dict[str, str] | None = None, timeout_s: float = TIMEOUT_S) -> Any:
    """The response of a http(s) address; any other scheme is refused."""
    if urlparse(url).scheme not in ("http", "https"):
        raise DatasetError(f"'{url}' is no web address.")
    request = urllib.request.Request(url, headers={"User-Agent": AGENT, **(headers or {})})  # noqa: S310
    return urllib.request.urlopen(request, timeout=timeout_s)  # noqa: S310  scheme checked above


def _continue(file: RemoteFile, part: Path, progress: Progress, timeout_s: float) -> None:
    start = _size(part)
    if file.size is not None and start == file.size:
        return
    try:
        response = open_url(file.url, headers=_range(part, start), timeout_s=timeout_s)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise _BrokenOffError("the source does not know this part of the file") from error
        raise
    with response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        start = start if resumed else 0
        length = response.headers.get("Content-Length")
        total = start + int(length) if length is not None else file.size
        _remember_etag(part, response.headers.get("ETag"))
        with part.open("ab" if resumed else "wb") as out:
            done = _copy(response, out, start, total, progress)
    if total is not None and done < total:
        raise _BrokenOffError(f"{done} of {total} bytes arrived")


def _copy(source: Any, out: IO[bytes], done: int, total: int | None, progress: Progress) -> int:
    while chunk := source.read(CHUNK):
        out.write(chunk)
        done += len(chunk)
        progress(done, total)
    return done


def _range(part: Path, start: int) -> dict[str, str]:
    """Ask for the rest, and only if the file is still the one that was begun."""
    if not start:
        return {}
    etag = _etag_path(part)
    begun = {"If-Range": etag.read_text()} if etag.is_file() else {}
    return {"Range": f"bytes={start}-", **begun}


def _remember_etag(part: Path, etag: str | None) -> None:
    if etag and not etag.startswith("W/"):
        _etag_path(part).write_text(etag)


def _etag_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _worth_another_try(error: Exception) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code == http.HTTPStatus.TOO_MANY_REQUESTS or error.code >= 500
    reason = getattr(error, "reason", None)
    return not isinstance(reason, socket.gaierror | ssl.SSLCertVerificationError)  # offline, or a stranger


def _pause(error: Exception, failures: int, wait_s: float) -> float:
    asked = error.headers.get("Retry-After", "") if isinstance(error, urllib.error.HTTPError) else ""
    return min(60.0, float(asked)) if asked.isdigit() else wait_s * 2 ** (failures - 1)


def _network_sentence(file: RemoteFile, part: Path, error: Exception) -> str:
    host = urlparse(file.url).hostname
    kept = f" {_size(part)} bytes are kept: run the same command to go on." if _size(part) else ""
    if isinstance(error, urllib.error.HTTPError):
        return f"{host} answered {error.code} ({error.reason}) for '{file.name}'.{kept}"
    if isinstance(error, urllib.error.URLError):
        return (
            f"{host} cannot be reached ({error.reason}). Is this machine online? Behind a proxy, set "
            f"HTTPS_PROXY.{kept}"
        )
    return f"The connection to {host} broke {TRIES} times in a row ({error}).{kept}"


def _disk_sentence(part: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk that holds '{part.parent}' is full. Free some space and run the same command to go on."
        )
    return f"'{part}' cannot be written: {error.strerror or error}."


def _need_space(folder: Path, bytes_needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if bytes_needed > free:
        raise DatasetError(
            f"The disk that holds '{folder}' has {free / 1e6:.0f} MB free, the download needs "
            f"{bytes_needed / 1e6:.0f} MB. Free some space or choose another --root."
        )
