"""Checkpoints: whole or refused, whatever happened to the file; a process that is killed at any moment resumes."""

from __future__ import annotations

import io
import json
import pickle
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from verify.training import CheckpointError, checkpoint

ROOT = Path(__file__).resolve().parent.parent
HEADER = {"said": "β ← 0.9", "numbers": [1, 0.1, None]}
ARRAYS = {"parameters": np.linspace(0, 1, 50), "memory m": np.arange(6.0).reshape(2, 3), "none": np.zeros(0)}


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "run.npz"
    checkpoint.save(path, "kind", HEADER, ARRAYS)
    return path


def test_what_is_saved_comes_back(kept):
    header, arrays = checkpoint.load(kept, "kind")
    assert {key: header[key] for key in HEADER} == HEADER
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape, arrays[name].tobytes()) == (
            array.dtype,
            array.shape,
            array.tobytes(),
        )
    assert [one.name for one in kept.parent.iterdir()] == ["run.npz"]


def test_numpy_itself_reads_it_without_pickle(kept):
    with np.load(kept, allow_pickle=False) as found:
        assert (found["parameters"] == ARRAYS["parameters"]).all()
        assert json.loads(found["header"].tobytes())["kind"] == "kind"


@given(cut=some.floats(0, 0.999))
@settings(max_examples=60)
def test_a_torn_file_is_refused(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("torn") / "run.npz"
    checkpoint.save(path, "kind", HEADER, ARRAYS)
    content = path.read_bytes()
    path.write_bytes(content[: int(cut * len(content))])
    with pytest.raises(CheckpointError, match=r"run\.npz is no whole checkpoint|is damaged"):
        checkpoint.load(path, "kind")


@given(place=some.floats(0, 0.999), flip=some.integers(1, 255))
@settings(max_examples=150)
def test_a_changed_byte_is_refused_or_changes_nothing(tmp_path_factory, place, flip):
    """Some bytes of a zip file are read by nobody, such as times of day."""
    path = tmp_path_factory.mktemp("changed") / "run.npz"
    checkpoint.save(path, "kind", HEADER, ARRAYS)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= flip
    path.write_bytes(content)
    try:
        header, arrays = checkpoint.load(path, "kind")
    except CheckpointError as error:
        assert str(error).startswith(str(path))
        return
    assert {key: header[key] for key in HEADER} == HEADER
    assert all(arrays[name].tobytes() == array.tobytes() for name, array in ARRAYS.items())


def zipped(folder, members, compression=zipfile.ZIP_STORED):
    path = folder / "run.npz"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def npy(array, **more):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, **more)
    return stream.getvalue()


def foreign():
    bomb = npy(np.zeros(1)).replace(b"(1,)", b"(9999999999999,)").replace(b" " * 13, b"", 1)
    yield "empty", {}, "damaged"
    yield "text", {"a.npy": b"hello"}, "is no plain array of numbers"
    yield "objects", {"a.npy": npy(np.array([{}], object), allow_pickle=True)}, "is no plain array of numbers|no whole"
    yield "too-long", {"a.npy": bomb}, "is no plain array of numbers|no whole"
    yield "no-digest", {"header.npy": npy(np.zeros(3, np.uint8))}, "damaged"
    yield "words", {"a.npy": npy(np.array(["x"]))}, "is no plain array of numbers"


@pytest.mark.parametrize(
    ("members", "said"), [pytest.param(members, said, id=name) for name, members, said in foreign()]
)
def test_a_foreign_file_is_refused(tmp_path, members, said):
    with pytest.raises(CheckpointError, match=said):
        checkpoint.load(zipped(tmp_path, members), "kind")


def test_a_packed_bomb_is_not_unpacked(tmp_path):
    path = zipped(tmp_path, {"a.npy": b"\0" * 100_000_000}, zipfile.ZIP_DEFLATED)
    with pytest.raises(CheckpointError, match="is compressed or too large"):
        checkpoint.load(path, "kind")


def test_nothing_is_ever_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "sprung",)

    for content in (pickle.dumps(Trap()), npy(np.array([Trap()], object), allow_pickle=True)):
        (tmp_path / "run.npz").write_bytes(content)
        with pytest.raises(CheckpointError):
            checkpoint.load(tmp_path / "run.npz", "kind")
        with pytest.raises(CheckpointError):
            checkpoint.load(zipped(tmp_path, {"a.npy": content}), "kind")
    assert not (tmp_path / "sprung").exists()


def test_another_kind_or_version_is_refused(kept, monkeypatch):
    with pytest.raises(CheckpointError, match="holds no cake, but kind; name another file"):
        checkpoint.load(kept, "cake")
    monkeypatch.setattr(checkpoint, "SCHEMA", 2)
    with pytest.raises(CheckpointError, match=r"was written by another version .schema 1, not 2.; start anew"):
        checkpoint.load(kept, "kind")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(CheckpointError, match="cannot be read"):
            checkpoint.load(path, "kind")


def test_where_writing_fails_the_old_file_stays(kept, monkeypatch):
    before = kept.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            broken.setattr(checkpoint.os if name == "fsync" else Path, name, full)
            with pytest.raises(CheckpointError, match=r"cannot write .*run.npz: No space left on device"):
                checkpoint.save(kept, "kind", HEADER, {"parameters": np.ones(3)})
    assert kept.read_bytes() == before
    assert [one.name for one in kept.parent.iterdir()] == ["run.npz"]


def test_a_draft_that_a_kill_left_behind_is_written_over_and_no_link_is_followed(kept, tmp_path):
    draft = tmp_path / ".run.npz.draft"
    draft.write_bytes(b"half of something")
    checkpoint.save(kept, "kind", HEADER, ARRAYS)
    assert not draft.exists()
    draft.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CheckpointError):
        checkpoint.save(kept, "kind", HEADER, ARRAYS)
    assert not (tmp_path / "elsewhere").exists()


# --- kill -9 ---

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from derive.network import Network
from verify.training import Plan, Training, of_arrays, train

rng = np.random.default_rng(0)
kinds = np.arange(90) % 3
data = of_arrays(np.eye(3)[kinds] @ rng.normal(size=(3, 4)) + 0.4 * rng.normal(size=(90, 4)), kinds, ["a", "b", "c"])
plan = Plan(Network([4, 6, 3], ["tanh", "softmax"], "cross-entropy"), "adam", epochs=15, batch=6,
            schedule=["cosine"], settings={"weight_decay": 1e-3})
ours = Training(plan, *data.split(0.2, 0))
path = Path(sys.argv[1])
if sys.argv[2] == "whole":
    train(ours)
else:
    print("ready", flush=True)
    train(ours, path, resume=path.exists(), seconds=0)
header, arrays = ours.state()
print(header["history"], sorted((name, array.tobytes().hex()) for name, array in arrays.items()), flush=True)
"""


def started(path, how):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), how], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a_process_that_is_killed_again_and_again_ends_with_the_same_bits(tmp_path):
    path = tmp_path / "run.npz"
    with started(path, "whole") as process:
        wanted = process.communicate()[0]
    assert len(wanted) > 1000
    moments = random.Random(7)
    killed, found = 0, ""
    for attempt in range(40):
        with started(path, "kept") as process:
            assert process.stdout.readline() == "ready\n"
            if attempt < 5:
                time.sleep(moments.uniform(0.0, 0.25))
                process.send_signal(signal.SIGKILL)
            found = process.communicate()[0]
            killed += process.returncode == -signal.SIGKILL
        if found:
            break
    assert killed >= 2
    assert found == wanted
    assert not list(tmp_path.glob("*.draft"))
