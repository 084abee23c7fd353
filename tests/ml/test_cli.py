"""`python -m ml`: answers from a shell, and one sentence with exit code 2 when the input is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.__main__ import main
from ml.checkpoint import load_checkpoint
from ml.commands import find_commands
from ml.images import open_image
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES


@pytest.fixture
def image_file(tmp_path, picture) -> Path:
    path = tmp_path / "node 1.png"
    picture(1, 120, 70).save(path)
    return path


def refused(capsys, *argv: object) -> str:
    assert main([str(part) for part in argv]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("error: ")
    assert "\n" not in error
    assert "Traceback" not in error
    return error


def test_help_of_a_real_process_lists_commands_without_loading_torch():
    code = (
        "import sys; from ml.__main__ import build_parser; print(build_parser().format_help()); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "predict" in done.stdout
    assert "explain" in done.stdout
    assert "Research use only" in done.stdout


def test_every_command_explains_itself(capsys):
    names = list(find_commands())
    assert names.index("predict") < names.index("explain")
    for name in names:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert len(capsys.readouterr().out) > 100


def test_predict_in_a_real_process(image_file, tiny_checkpoint):
    argv = [sys.executable, "-m", "ml", "predict", str(image_file), "--checkpoint", str(tiny_checkpoint)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in CLASS_NAMES)
    assert "SYNTHETIC" in done.stdout
    assert "Research use only" in done.stdout


def test_predict_as_json_is_what_predict_says(capsys, image_file, tiny_checkpoint):
    assert main(["predict", str(image_file), "--checkpoint", str(tiny_checkpoint), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    expected = predict(Image.open(image_file), load_checkpoint(tiny_checkpoint)).probabilities
    assert document["images"][0]["probabilities"] == pytest.approx(expected)
    assert document["checkpoint"]["synthetic"] is True
    assert document["research_use_only"] is True


def test_one_broken_image_does_not_cost_the_others(capsys, tmp_path, image_file, tiny_checkpoint):
    broken = tmp_path / "broken.png"
    broken.write_bytes(image_file.read_bytes()[:200])
    argv = ["predict", str(broken), str(image_file), "--checkpoint", str(tiny_checkpoint), "--json"]
    assert main(argv) == 2
    captured = capsys.readouterr()
    bad, good = json.loads(captured.out)["images"]
    assert "damaged" in bad["error"]
    assert bad["probabilities"] is None
    assert good["error"] is None
    assert "broken.png" in captured.err


@pytest.mark.parametrize("style", ["overlay", "heatmap"])
def test_explain_writes_one_picture_a_class(capsys, tmp_path, image_file, tiny_checkpoint, style):
    out = tmp_path / "deep" / "maps"
    argv = ["explain", image_file, "--checkpoint", tiny_checkpoint, "--out", out, "--style", style]
    assert main([str(part) for part in argv]) == 0
    printed = capsys.readouterr().out
    maps = predict(Image.open(image_file), load_checkpoint(tiny_checkpoint)).maps
    written = {path.name for path in out.iterdir()}
    assert written == {f"node 1-{name}.png" for name, values in maps.items() if values is not None}
    assert written
    for path in out.iterdir():
        with Image.open(path) as picture:
            assert picture.size == (120, 70)
            assert picture.mode == ("RGB" if style == "overlay" else "RGBA")
            assert "SYNTHETIC" in picture.text["Comment"]
        assert str(path) in printed
    assert "SYNTHETIC" in printed


def test_colour_maps_differ(tmp_path, image_file, tiny_checkpoint):
    pictures = {}
    for name in ("inferno", "jet"):
        argv = ["explain", image_file, "--checkpoint", tiny_checkpoint, "--out", tmp_path / name]
        assert main([str(part) for part in [*argv, "--colormap", name]]) == 0
        pictures[name] = np.array(Image.open(next((tmp_path / name).iterdir())))
    assert not np.array_equal(pictures["inferno"], pictures["jet"])


def test_what_can_be_wrong_is_one_sentence(capsys, tmp_path, image_file, tiny_checkpoint):
    pickled, text = tmp_path / "model.pth", tmp_path / "notes.png"
    torch.save({"a": torch.zeros(1)}, pickled)
    text.write_text("not an image")
    assert "no such file" in refused(capsys, "predict", tmp_path / "x.png", "--checkpoint", tiny_checkpoint)
    assert "not an image" in refused(capsys, "predict", text, "--checkpoint", tiny_checkpoint)
    assert "pickled" in refused(capsys, "predict", image_file, "--checkpoint", pickled)
    assert "nowhere" in refused(capsys, "predict", image_file, "--checkpoint", tmp_path / "nowhere")
    assert "directory" in refused(capsys, "predict", image_file, "--checkpoint", tmp_path)
    on = ("--checkpoint", tiny_checkpoint, "--device")
    assert "cuda" in refused(capsys, "predict", image_file, *on, "quantum")
    assert "cuda" in refused(capsys, "predict", image_file, *on, "cuda:99")
    out = ("--checkpoint", tiny_checkpoint, "--out", image_file)
    assert "node 1.png" in refused(capsys, "explain", image_file, *out)


def test_a_picture_bomb_is_refused_before_it_is_decoded(capsys, tmp_path, tiny_checkpoint):
    path = tmp_path / "bomb.png"
    Image.new("1", (30_000, 30_000)).save(path)
    assert "million" in refused(capsys, "predict", path, "--checkpoint", tiny_checkpoint)


def test_a_rotated_photograph_is_turned_upright(tmp_path, picture):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(1, 80, 40).save(path, exif=exif)
    assert open_image(path).size == (40, 80)
