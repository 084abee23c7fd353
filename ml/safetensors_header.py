"""The header of a safetensors file, read defensively: capped before parsing, layout checked, no torch."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAX_HEADER_BYTES = 4 * 1024 * 1024
HASH_CHUNK_BYTES = 1024 * 1024
LENGTH_BYTES = 8
START_BYTES = LENGTH_BYTES + 1  # the header's length and its first character tell most strangers apart
# Kinds of number as safetensors 0.8 names them.
DTYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
}  # fmt: skip


class ManifestError(ValueError):
    """Why a checkpoint is refused: a stable `code` and a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class TensorEntry:
    """One tensor's kind, shape and place in the file (absolute byte positions, end excluded)."""

    dtype: str
    shape: tuple[int, ...]
    span: tuple[int, int]


@dataclass(frozen=True)
class Header:
    """Metadata texts and tensor entries of one file."""

    metadata: dict[str, str]
    tensors: dict[str, TensorEntry]


def read_header(path: Path) -> Header:
    """The header at `path`; ManifestError for anything but a whole, gapless safetensors file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        check_start(file.read(START_BYTES))
        file.seek(0)
        text = _header_text(file, size)
    entries = _parse(text)
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _malformed("its metadata are not texts")
    start = LENGTH_BYTES + len(text)
    tensors = {name: _entry(name, value, start) for name, value in entries.items()}
    _check_layout(tensors, start, size)
    return Header(metadata, tensors)


def _malformed(reason: str) -> ManifestError:
    return ManifestError("not_safetensors", f"This is not a valid safetensors file: {reason}.")


def check_start(start: bytes) -> None:
    """Refuse by the first START_BYTES (or fewer, of a short file): no safetensors, or too much header.

    What `torch.save` writes is known by content: a ZIP archive, or a bare pickle of protocol 2 to 5.
    """
    if not start:
        raise ManifestError("truncated", "The file is empty.")
    bare_pickle = start[0] == 0x80 and start[1:2] in (b"\2", b"\3", b"\4", b"\5") and start[8:9] != b"{"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")) or bare_pickle:
        raise ManifestError(
            "pickle_refused",
            "This is a pickled file (.pt, .pth, .ckpt): opening one can run any program hidden in it, "
            "so it is never loaded. Export the model as safetensors with `python -m ml export`.",
        )
    if len(start) <= LENGTH_BYTES or start[LENGTH_BYTES:START_BYTES] != b"{":
        raise _malformed("it does not begin with a header")
    length = _length(start)
    if length > MAX_HEADER_BYTES:
        raise ManifestError(
            "header_too_large",
            f"The header claims {length / 2**20:.0f} MiB; at most {MAX_HEADER_BYTES // 2**20} MiB are read.",
        )


def _length(start: bytes) -> int:
    return int.from_bytes(start[:LENGTH_BYTES], "little")


def _header_text(file: BinaryIO, size: int) -> bytes:
    length = _length(file.read(LENGTH_BYTES))
    if LENGTH_BYTES + length > size:
        raise ManifestError("truncated", "The file ends inside its header: copy it again.")
    return file.read(length)


def _parse(text: bytes) -> dict[str, Any]:
    try:
        entries = json.loads(text.decode("utf-8"), object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError):
        raise _malformed("its header is not JSON with unique names") from None
    if not isinstance(entries, dict):
        raise _malformed("its header is not a JSON object")
    return entries


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name appears twice")
    return found


def _is_size_list(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def _entry(name: str, value: object, start: int) -> TensorEntry:
    if not isinstance(value, dict) or value.keys() != {"dtype", "shape", "data_offsets"}:
        raise _malformed(f"tensor {name[:80]!r} is not described")
    shape, offsets, dtype = value["shape"], value["data_offsets"], value["dtype"]
    if not _is_size_list(shape) or not _is_size_list(offsets) or len(offsets) != 2:
        raise _malformed(f"tensor {name[:80]!r} has no valid shape or place")
    if not isinstance(dtype, str) or dtype not in DTYPE_BYTES:
        raise _malformed(f"tensor {name[:80]!r} has an unknown kind of number")
    if offsets[1] - offsets[0] != math.prod(shape) * DTYPE_BYTES[dtype]:
        raise _malformed(f"tensor {name[:80]!r} has a length that does not fit its shape")
    return TensorEntry(dtype, tuple(shape), (start + offsets[0], start + offsets[1]))


def _check_layout(tensors: dict[str, TensorEntry], start: int, size: int) -> None:
    """Tensors follow one another without gap or overlap and end with the file."""
    position = start
    for entry in sorted(tensors.values(), key=lambda entry: entry.span):
        if entry.span[0] != position:
            raise _malformed("its tensors overlap or leave gaps")
        position = entry.span[1]
    if position > size:
        raise ManifestError("truncated", "The file ends inside its weights: copy it again.")
    if position < size:
        raise _malformed("bytes follow the last tensor")
