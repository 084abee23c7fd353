"""`python -m ml datasets`: the real download code against a real server that misbehaves on purpose."""

import hashlib
import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.__main__ import main
from ml.datasets.catalogue import DatasetError, load_catalogue
from ml.datasets.download import by_hand, record_files
from ml.datasets.fetch import RemoteFile, fetch
from ml.datasets.unpack import unpack
from ml.datasets.verify import verify, write_manifest
from ml.paper import TABLE_1


class Server:
    """Serves bytes by path; `break_after` closes the connection after that many bytes, `breaks` times."""

    def __init__(self):
        self.content: dict[str, bytes] = {}
        self.ranges = True
        self.break_after: int | None = None
        self.breaks = 0
        self.status: list[int] = []  # answers to give before the real one
        self.after_break: list[int] = []  # the same, once a connection was broken
        self.requests: list[tuple[str, str | None]] = []
        self.etag: str | None = None
        self.sent = 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                owner.answer(self)

            def log_message(self, *args):
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.httpd.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.httpd.server_address[1]}"

    def close(self):
        self.httpd.shutdown()
        self.httpd.server_close()

    def answer(self, request: BaseHTTPRequestHandler):
        wanted = request.headers.get("Range")
        self.requests.append((request.path, wanted))
        if self.status:
            request.send_response(self.status.pop(0))
            request.send_header("Retry-After", "0")
            request.end_headers()
            return
        body = self.content.get(request.path)
        if body is None:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if request.headers.get("If-Range", self.etag) != self.etag:
            start = 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body) - start))
        if self.etag:
            request.send_header("ETag", self.etag)
        request.end_headers()
        part = body[start:]
        if self.break_after is not None and self.breaks > 0:
            self.breaks -= 1
            self.status += self.after_break
            part = part[: self.break_after]
        self.sent += len(part)
        request.wfile.write(part)


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


def png(seed: int, size: tuple[int, int] = (8, 6)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as content:
        for name, data in files.items():
            content.writestr(name, data)
    return out.getvalue()


def liver_archive() -> bytes:
    counts = {"Benign": 3, "Malignant": 4, "Normal": 2}
    return archive({f"{c}/image/{i}.png": png(i) for c, n in counts.items() for i in range(n)})


def serve_record(server: Server, files: dict[str, bytes], **changes: object) -> str:
    """A Zenodo record with those files; `changes` overwrite facts of the first one."""
    entries = []
    for name, data in files.items():
        server.content[f"/files/{name}"] = data
        checksum = "md5:" + hashlib.md5(data, usedforsecurity=False).hexdigest()
        links = {"self": f"{server.url}/files/{name}"}
        entries.append({"key": name, "size": len(data), "checksum": checksum, "links": links})
    entries[0] |= changes
    server.content["/api/records/1"] = json.dumps({"id": 1, "files": entries}).encode()
    return f"{server.url}/api/records/1"


def write_catalogue(path: Path, record: str) -> Path:
    path.write_text(
        '[auli]\ntitle = "Liver"\nbody_part = "liver"\nreader = "auli"\naccess = "open"\n'
        f'record = "{record}"\n'
        'page = "http://127.0.0.1/"\nlicence = "CC BY 4.0"\ncitation = "Xu 2023"\n'
    )
    return path


PAYLOAD = np.random.default_rng(0).bytes(700_000)


def remote(server: Server, data: bytes = PAYLOAD, **changes: object) -> RemoteFile:
    server.content["/f.bin"] = data
    facts = {"size": len(data), "checksum": "sha256:" + hashlib.sha256(data).hexdigest()} | changes
    return RemoteFile("f.bin", f"{server.url}/f.bin", **facts)


def test_a_file_arrives_whole_and_is_not_fetched_twice(server, tmp_path):
    file = remote(server)
    assert fetch(file, tmp_path).read_bytes() == PAYLOAD
    assert fetch(file, tmp_path).read_bytes() == PAYLOAD
    assert len(server.requests) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["f.bin"]


def test_a_connection_that_breaks_mid_way_goes_on_where_it_ended(server, tmp_path):
    server.break_after, server.breaks = 300_000, 2
    seen = []
    fetch(remote(server), tmp_path, wait_s=0.01, progress=lambda done, total: seen.append((done, total)))
    assert (tmp_path / "f.bin").read_bytes() == PAYLOAD
    assert [wanted for _, wanted in server.requests] == [None, "bytes=300000-", "bytes=600000-"]
    assert server.sent == len(PAYLOAD)  # not one byte twice
    assert seen[-1] == (len(PAYLOAD), len(PAYLOAD))


def test_a_new_run_takes_up_what_an_old_one_left(server, tmp_path):
    server.break_after, server.breaks, server.after_break = 1000, 1, [500] * 5
    with pytest.raises(DatasetError, match=r"answered 500.* 1000 bytes are kept: run the same command"):
        fetch(remote(server, PAYLOAD[:5500]), tmp_path, wait_s=0)
    kept = (tmp_path / "f.bin.part").stat().st_size
    server.status.clear()
    assert fetch(remote(server, PAYLOAD[:5500]), tmp_path).read_bytes() == PAYLOAD[:5500]
    assert server.requests[-1][1] == f"bytes={kept}-"


def test_a_server_without_ranges_is_read_from_the_start(server, tmp_path):
    server.ranges = False
    server.break_after, server.breaks = 300_000, 1
    assert fetch(remote(server), tmp_path, wait_s=0).read_bytes() == PAYLOAD


def test_a_file_that_changed_meanwhile_is_not_glued_together(server, tmp_path):
    server.etag = '"one"'
    server.break_after, server.breaks, server.after_break = 300_000, 1, [500] * 5
    with pytest.raises(DatasetError, match="300000 bytes are kept"):
        fetch(remote(server, size=None, checksum=""), tmp_path, wait_s=0)
    server.etag = '"two"'
    server.status.clear()
    other = np.random.default_rng(9).bytes(700_000)
    assert fetch(remote(server, other, checksum=""), tmp_path).read_bytes() == other


def test_a_wrong_checksum_is_refused_and_the_file_removed(server, tmp_path):
    with pytest.raises(DatasetError, match=r"checksum of 'f.bin' is not the published one"):
        fetch(remote(server, checksum="md5:" + "0" * 32), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(server, tmp_path):
    server.status = [503, 429]
    assert fetch(remote(server), tmp_path, wait_s=0).read_bytes() == PAYLOAD
    with pytest.raises(DatasetError, match="answered 404"):
        fetch(RemoteFile("g.bin", f"{server.url}/g.bin"), tmp_path, wait_s=0)
    assert sum(path == "/g.bin" for path, _ in server.requests) == 1


def test_a_full_disk_is_said_and_what_was_there_is_kept(server, tmp_path):
    (tmp_path / "f.bin.part").symlink_to("/dev/full")  # the kernel answers ENOSPC to every write
    with pytest.raises(DatasetError, match=r"is full. Free some space and run the same command"):
        fetch(remote(server), tmp_path, wait_s=0)


def test_a_disk_too_small_is_said_before_the_download(server, tmp_path):
    with pytest.raises(DatasetError, match=r"MB free, the download needs 1000000000000 MB"):
        fetch(remote(server, size=10**18), tmp_path)
    assert server.requests == []


def test_offline_is_said_in_a_sentence(server, tmp_path):
    address = server.url
    server.close()
    with pytest.raises(DatasetError, match=r"cannot be reached.*online"):
        fetch(RemoteFile("f.bin", f"{address}/f.bin"), tmp_path, wait_s=0)
    with pytest.raises(DatasetError, match=r"cannot be reached.*online"):
        record_files(f"{address}/api/records/1")
    with pytest.raises(DatasetError, match="cannot be reached"):
        fetch(RemoteFile("f.bin", "http://name.invalid/f.bin"), tmp_path, wait_s=30)  # no retries: no DNS


def test_only_web_addresses_are_opened(tmp_path):
    with pytest.raises(DatasetError, match="no web address"):
        fetch(RemoteFile("passwd", "file:///etc/passwd"), tmp_path)


@pytest.mark.parametrize("name", ["../evil.zip", "/etc/evil", "a/b.zip", ".hidden"])
def test_a_record_cannot_name_a_file_elsewhere(server, name):
    address = serve_record(server, {"a.zip": b"x"}, key=name)
    with pytest.raises(DatasetError, match="no plain file name"):
        record_files(address)


@pytest.mark.parametrize("name", ["../evil.png", "/abs.png", "a/../../evil.png", "C:\\evil.png"])
def test_an_archive_cannot_write_outside_its_folder(tmp_path, name):
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"good.png": png(0), name: png(1)}))
    with pytest.raises(DatasetError, match="outside its folder"):
        unpack(path, tmp_path / "out" / "a")
    assert not (tmp_path / "out" / "a").exists()
    assert not list(tmp_path.rglob("evil*"))


def test_a_broken_archive_leaves_nothing_half_done(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"good.png": png(0, (200, 200))}).replace(b"IDAT", b"IDAX", 1))
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        unpack(path, tmp_path / "out" / "a")
    assert not (tmp_path / "out" / "a").exists()


def test_download_verify_and_table_1(server, tmp_path, capsys):
    record = serve_record(server, {"liver.zip": liver_archive()})
    catalogue = write_catalogue(tmp_path / "c.toml", record)
    arguments = ["--root", str(tmp_path / "sets"), "--catalogue", str(catalogue)]
    server.break_after, server.breaks = 500, 1
    assert main(["datasets", "download", "auli", *arguments]) == 0
    out = capsys.readouterr().out
    assert "9 images (benign 3, malignant 4, normal 2)" in out
    assert "benign images: 3 here, 200 in the paper (Table 1)" in out
    source = json.loads((tmp_path / "sets" / "auli" / "source.json").read_text())
    assert source["licence"] == "CC BY 4.0"
    assert source["archives"][0]["sha256"] == hashlib.sha256(liver_archive()).hexdigest()
    manifest = json.loads((tmp_path / "sets" / "auli" / "dataset.json").read_text())
    assert len(manifest["files"]) == 9
    before = len(server.requests)
    assert main(["datasets", "download", "auli", *arguments]) == 0
    assert len(server.requests) == before  # complete: nothing is fetched again
    assert main(["datasets", "verify", "auli", *arguments]) == 0
    assert "Every file is as the manifest says." in capsys.readouterr().out


def test_verify_finds_missing_changed_new_and_broken_files(tmp_path):
    dataset = load_catalogue()["auli"]
    for index, name in enumerate(["benign", "malignant", "normal"] * 2):
        path = tmp_path / name / f"{index}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png(index, (60, 60)))
    first = verify(dataset, tmp_path)
    assert first.intact
    write_manifest(first)
    assert verify(dataset, tmp_path).intact
    (tmp_path / "benign" / "0.png").unlink()
    (tmp_path / "normal" / "2.png").write_bytes(png(99))
    (tmp_path / "normal" / "77.png").write_bytes(png(77))
    truncated = (tmp_path / "malignant" / "1.png").read_bytes()[:-2000]
    (tmp_path / "malignant" / "1.png").write_bytes(truncated)
    broken = "\n".join(verify(dataset, tmp_path).broken)
    assert "benign/0.png is missing" in broken
    assert "normal/2.png has changed" in broken
    assert "normal/77.png is not in the manifest" in broken
    assert "malignant/1.png cannot be opened" in broken


def test_the_lymph_node_set_is_compared_by_patients(tmp_path):
    dataset = load_catalogue()["lymph-nodes"]
    for folder in ("2d", "cdfi", "elastic"):
        for label in range(3):
            for number in (1, 2):
                path = tmp_path / "wrapped" / "dataset" / folder / str(label) / f"{label}7-{number}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (8, 8)).save(path)
    found = verify(dataset, tmp_path)
    assert found.facts["images"] == 18
    assert found.facts["patients_per_class"] == {"benign": 1, "lymphoma": 1, "metastatic": 1}
    assert "benign patients: 1 here, 164 in the paper (§3.1)" in found.differences
    assert found.facts["modalities"]["elastography"] == {"benign": 2, "lymphoma": 2, "metastatic": 2}


def test_sets_behind_a_form_get_instructions_and_no_request(tmp_path, capsys):
    assert main(["datasets", "download", "edcu", "--root", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "research use agreement" in error
    assert str(tmp_path / "edcu") in error
    assert "echonet.github.io" in by_hand(load_catalogue()["edcu"], tmp_path)


def test_the_catalogue_is_complete_and_matches_table_1(capsys):
    catalogue = load_catalogue()
    assert list(catalogue) == ["auli", "ocau", "busi", "ddti", "edcu", "lymph-nodes"]
    for dataset in catalogue.values():
        assert dataset.licence
        assert dataset.citation
        assert dataset.record or dataset.url or dataset.instructions
        assert dataset.paper is TABLE_1.get(dataset.name)
    for row in TABLE_1.values():
        assert sum(row.counts.values()) == row.total
    assert main(["datasets", "list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in catalogue)
    assert main(["datasets", "list", "busi"]) == 0
    assert "437" in capsys.readouterr().out
    assert main(["datasets", "list", "nothing"]) == 2
    assert "Known: auli" in capsys.readouterr().err


def test_a_missing_folder_is_a_sentence(tmp_path, capsys):
    assert main(["datasets", "verify", "busi", "--root", str(tmp_path)]) == 2
    assert "does not exist" in capsys.readouterr().err
