"""The file of a batch: whole or not there, gone on with after any interruption, never another's, never the input."""

import io
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batching import SETTINGS, WARM
from tests.test_batch import GOOD, names, plain, record
from verify.batch import output
from verify.batch.output import BatchError
from verify.batch.run import run
from verify.batch.settings import Settings

COUNT = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A source, and the answers of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    text = "".join(record(number, f"a_{number} = b") for number in range(COUNT - 2))
    source.write_text(text + "no record\n\n" + '{"formula": "without an id"}\n')
    run(source, target, settings=SETTINGS)
    return source, target.read_bytes()


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_what_is_left_after_any_byte_is_gone_on_with(whole, tmp_path_factory, data):
    source, expected = whole
    target = tmp_path_factory.mktemp("cut") / "out.jsonl"
    part = target.with_name("out.jsonl.part")
    cut = data.draw(st.integers(0, len(expected)))
    torn = data.draw(st.sampled_from([b"", b"\0\0\0", b'{"id": "r']))
    part.write_bytes(expected[:cut] + torn)
    done = run(source, target, resume=True, settings=SETTINGS)
    assert plain(target.read_bytes()) == plain(expected)
    assert done.resumed == expected[:cut].count(b"\n")
    assert target.read_bytes().startswith(expected[: expected.rfind(b"\n", 0, cut) + 1])
    assert sum(done.verdicts.values()) == done.answered == COUNT
    assert not part.exists()


LIES = {
    "another id": lambda rows: [rows[0].replace(b'"r0"', b'"r9"'), *rows[1:4]],
    "two answers swapped": lambda rows: [rows[1], rows[0], *rows[2:4]],
    "an answer left out": lambda rows: [*rows[:2], *rows[3:5]],
    "an answer twice": lambda rows: [rows[0], *rows[:3]],
    "too many answers": lambda rows: [*rows, rows[0]],
    "another line": lambda rows: [*rows[:10], rows[10].replace(b'"line": 11', b'"line": 12')],
    "no answer": lambda rows: [rows[0], b"nonsense\n", *rows[1:3]],
    "a list": lambda rows: [b"[]\n"],
    "an answer without a verdict": lambda rows: [b'{"id": "r0"}\n'],
    "zeros": lambda rows: [b"\0" * 50 + b"\n"],
}


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("lie", LIES)
def test_answers_to_another_input_are_left_alone(whole, tmp_path, lie, complete):
    source, expected = whole
    there = tmp_path / ("out.jsonl" if complete else "out.jsonl.part")
    there.write_bytes(b"".join(LIES[lie](expected.splitlines(keepends=True))))
    before = there.read_bytes()
    with pytest.raises(BatchError, match=r"answers another input|is no answer") as raised:
        run(source, tmp_path / "out.jsonl", resume=True, settings=SETTINGS)
    assert "\n" not in str(raised.value)
    assert there.read_bytes() == before
    assert names(tmp_path) == [there.name]


def test_a_complete_file_is_not_touched_by_resuming(whole, tmp_path):
    source, expected = whole
    target = tmp_path / "out.jsonl"
    target.write_bytes(expected)
    before = target.stat()
    done = run(source, target, resume=True, settings=SETTINGS)
    assert (done.answered, done.resumed) == (COUNT, COUNT)
    assert target.read_bytes() == expected and target.stat().st_mtime_ns == before.st_mtime_ns
    target.write_bytes(expected[: expected.rfind(b"\n", 0, -1) + 1])
    with pytest.raises(BatchError, match="fewer answers than the input has records"):
        run(source, target, resume=True, settings=SETTINGS)


def test_a_new_run_replaces_old_answers_only_at_the_end(whole, tmp_path):
    source, expected = whole
    target, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    target.write_text("old\n")
    target.chmod(0o600)
    part.write_text("left by somebody\n")

    def watch(news):
        assert news.done or target.read_text() == "old\n"

    run(source, target, progress=watch, settings=SETTINGS)
    assert plain(target.read_bytes()) == plain(expected)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names(tmp_path) == ["out.jsonl"]


def test_a_link_is_followed_and_stays(whole, tmp_path):
    source, expected = whole
    (tmp_path / "real").mkdir()
    link = tmp_path / "out.jsonl"
    link.symlink_to(tmp_path / "real" / "answers.jsonl")
    run(source, link, settings=SETTINGS)
    assert link.is_symlink() and plain(link.read_bytes()) == plain(expected)
    assert names(tmp_path / "real") == ["answers.jsonl"]


def test_a_device_is_written_to_and_stays(whole):
    null = Path(os.devnull)
    device = null.stat()
    assert run(whole[0], os.devnull, settings=SETTINGS).answered == COUNT
    assert os.path.samestat(device, null.stat()) and stat.S_ISCHR(null.stat().st_mode)
    assert not Path(os.devnull + ".part").exists()


def test_two_batches_do_not_share_a_file(whole, tmp_path):
    source, expected = whole
    target = tmp_path / "out.jsonl"
    first = output.sink(target, False, None)
    first.write(expected[: expected.index(b"\n") + 1])
    for resume in (False, True):
        with pytest.raises(BatchError, match=r"another batch is writing .*out\.jsonl\.part"):
            run(source, target, resume=resume, settings=SETTINGS)
    assert "--resume goes on from there" in first.leave()
    assert run(source, target, resume=True, settings=SETTINGS).resumed == 1


def wrong_places(folder):
    source = folder / "in.jsonl"
    source.write_text(record(1))
    (folder / "folder").mkdir()
    (folder / "in.jsonl.part").symlink_to("elsewhere")
    (folder / "loop").symlink_to("loop")
    (folder / "hard").hardlink_to(source)
    (folder / "soft").symlink_to(source)
    (folder / "way.part").mkdir()
    return {
        "a folder": (source, folder / "folder", "is a folder; the answers need a file"),
        "no folder": (source, folder / "nowhere" / "out", "cannot be written: No such file or directory"),
        "a file as a folder": (source, source / "out", "cannot be written: Not a directory"),
        "no name": (source, "", "is a folder"),
        "a name with NUL": (source, "a\0b", "cannot be written: embedded null byte"),
        "a long name": (source, folder / ("x" * 300), "cannot be written: File name too long"),
        "a loop of links": (source, folder / "loop", "cannot be written: "),
        "the input": (source, source, "is the input; the answers need a file of their own"),
        "the input by a link": (source, folder / "soft", "is the input"),
        "the input by another name": (source, folder / "hard", "is the input"),
        "something in the way": (source, folder / "way", "way.part is in the way"),
        "a full disk": (source, "/dev/full", "cannot be written: No space left on device"),
        "no input": (folder / "missing", folder / "out", "cannot be read: No such file or directory"),
        "a folder as input": (folder, folder / "out", "cannot be read: Is a directory"),
        "an input with NUL": ("a\0b", folder / "out", "cannot be read: embedded null byte"),
    }


@pytest.mark.parametrize("kind", range(15))
def test_wrong_places_are_refused_in_a_sentence(tmp_path, kind):
    name, (source, target, message) = list(wrong_places(tmp_path).items())[kind]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BatchError) as raised:
        run(source, target, settings=SETTINGS)
    assert message in str(raised.value), name
    assert "\n" not in str(raised.value)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_an_open_input_that_is_the_output_is_refused(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text(record(1))
    with source.open("rb") as stream, pytest.raises(BatchError, match="is the input"):
        run(stream, source, settings=SETTINGS)
    assert source.read_text() == record(1)


def test_only_files_can_be_resumed(whole):
    for target in (io.BytesIO(), os.devnull):
        with pytest.raises(BatchError, match="only a batch that is written to a file can be resumed"):
            run(whole[0], target, resume=True, settings=SETTINGS)


class Failing(io.BytesIO):
    """An input that cannot be read to its end."""

    def readline(self, size=-1):
        line = super().readline(size)
        if not line:
            raise OSError(5, "Input/output error")
        return line


def test_an_input_that_fails_is_said_and_its_answers_kept(tmp_path):
    text = "".join(record(number) for number in range(5)).encode()
    with pytest.raises(BatchError, match=r"the input cannot be read: Input/output error; the answers so far are in .*"):
        run(Failing(text), tmp_path / "out.jsonl", settings=SETTINGS)
    assert run(io.BytesIO(text), tmp_path / "out.jsonl", resume=True, settings=SETTINGS).answered == 5


@pytest.mark.parametrize(
    "function", ["tests.nowhere:answer", "tests.standins:nothing", "verify.checking.answer:Answer "]
)
def test_a_batch_without_workers_says_so(tmp_path, function):
    with pytest.raises(BatchError, match=r"no worker can be started \(exit code 1: .*Error") as raised:
        run(io.BytesIO(GOOD), tmp_path / "out", settings=Settings(answer=function, warm=WARM))
    assert "\n" not in str(raised.value)
    assert names(tmp_path) == []


def test_a_text_stream_is_as_good_as_bytes():
    target = io.BytesIO()
    run(io.StringIO(record(1) + '{"id": "\ud800"}\n' + record(2)), target, settings=SETTINGS)
    assert [one["id"] for one in plain(target.getvalue())] == ["r1", None, "r2"]
