"""A wire that can be cut: a TCP proxy between one process and a server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.integration.processes import free_port

CHUNK = 65536


class Wire:
    """`whole` passes everything on; `stalled` takes bytes and passes nothing; `cut` refuses and drops."""

    def __init__(self, target: int) -> None:
        self.port, self._target = free_port(), target
        self._whole = threading.Event()
        self._whole.set()
        self._refusing = False
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection is dropped, new ones are closed at once."""
        self._refusing = True
        self._drop()

    def stall(self) -> None:
        """Everything is swallowed: neither an answer nor an error comes back."""
        self._whole.clear()

    def mend(self) -> None:
        """Whole again; what hung in between is dropped."""
        self._refusing = False
        self._drop()
        self._whole.set()

    def close(self) -> None:
        """For good."""
        self._server.close()
        self._drop()

    def _drop(self) -> None:
        for connection in list(self._open):
            _end(connection)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            if self._refusing:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self._whole.wait()
                sink.sendall(data)
        for end in (source, sink):
            _end(end)
            self._open.discard(end)


def _end(connection: socket.socket) -> None:
    """Both sides hear of it at once; closing alone waits for a thread that still reads."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        connection.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire to a port of this machine."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
