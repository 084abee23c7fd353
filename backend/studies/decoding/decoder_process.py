"""Compressed DICOM frames are decoded in a process of their own: what aborts there does not end ours.

The C++ decoders behind JPEG, JPEG-LS and JPEG 2000 end their process on some damaged streams
(`tests/hostile/kept/gdcm-abort.dcm`). Parent and child speak over pipes: a length, then as many bytes."""

import atexit
import json
import os
import pickle
import resource
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from backend.studies.decoding.errors import CORRUPT, TOO_COMPLEX, UnreadableImage

ROOT = Path(__file__).resolve().parents[3]
LONGEST_S = 30.0
MOST_MEMORY = 4 * 2**30  # address space: far above a frame's copies, far below the machine
LENGTH_BYTES = 8


class FrameDecoder:
    """Starts its process at the first frame and again after a loss. One frame at a time, so that a loss is
    the fault of the frame at hand and of no neighbour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def decode(self, dataset: Dataset) -> NDArray[Any]:
        """Its only frame, as pydicom gives it; UnreadableImage where the decoder can't, or dies."""
        with self._lock:
            process = self._running()
            try:
                _send(_pipe(process.stdin), pickle.dumps(dataset))
                head = json.loads(_receive(process))
                if "error" in head:
                    raise UnreadableImage(CORRUPT, "The compressed DICOM frame is damaged.")
                values = np.frombuffer(_receive(process), dtype=head["dtype"])
                return values.reshape(head["shape"])
            except TimeoutError as error:
                self.stop()
                raise UnreadableImage(TOO_COMPLEX, "The DICOM frame takes too long to decode.") from error
            except (EOFError, BrokenPipeError) as error:
                self.stop()
                raise UnreadableImage(CORRUPT, "The compressed DICOM frame is damaged.") from error

    def stop(self) -> None:
        """End the process, if it is ours."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        lost = self._process is None or self._owner != os.getpid() or self._process.poll() is not None
        if lost:
            self.stop()
            self._process, self._owner = _start(), os.getpid()
        assert self._process is not None  # noqa: S101 (for the type checker)
        return self._process


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (this very module)
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a dying library says of a file belongs in no log
    )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EOFError
    return stream


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(LENGTH_BYTES, "big"))
    stream.write(content)
    stream.flush()


def _receive(process: subprocess.Popen[bytes]) -> bytes:
    deadline = time.monotonic() + LONGEST_S
    size = int.from_bytes(_exactly(process, LENGTH_BYTES, deadline), "big")
    return _exactly(process, size, deadline)


def _exactly(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    descriptor = _pipe(process.stdout).fileno()
    parts: list[bytes] = []
    while size > 0:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(descriptor, min(size, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


decoder = FrameDecoder()
atexit.register(decoder.stop)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The child: a frame in, its values out, until the parent is gone."""
    from pydicom.pixels import pixel_array  # noqa: PLC0415 (the parent never loads the decoders)

    while size := int.from_bytes(requests.read(LENGTH_BYTES), "big"):
        dataset = pickle.loads(requests.read(size))  # noqa: S301 (from our own parent)
        try:
            values = np.ascontiguousarray(pixel_array(dataset, index=0))
        except Exception as error:  # noqa: BLE001 (decoders raise anything on hostile bytes)
            _send(answers, json.dumps({"error": type(error).__name__}).encode())
            continue
        _send(answers, json.dumps({"shape": values.shape, "dtype": values.dtype.str}).encode())
        _send(answers, values.tobytes())


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if most == resource.RLIM_INFINITY else min(most, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    serve(sys.stdin.buffer, sys.stdout.buffer)
