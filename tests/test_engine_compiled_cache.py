"""The cache of compiled code under attack, the compiler missing or broken, several processes at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive import Derivation, Network
from verify.engine.backends import Missing
from verify.engine.compiled import cache as caching
from verify.engine.compiled.building import library_path, load
from verify.engine.compiled.cache import Cache, default_folder, key_of, user_cache
from verify.engine.compiled.compiler import compiler
from verify.engine.compiled.runner import build
from verify.engine.plan.network import plan_network

SOURCE = "int answer(void) { return 42; }\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "backproof" / "compiled"


@pytest.fixture
def system_compiler(folder):
    """Skips where no C compiler is installed."""
    try:
        return compiler()
    except Missing as missing:
        pytest.skip(str(missing))


def never():
    raise AssertionError("made again")


def test_an_entry_is_made_once_and_is_for_the_user_alone(folder):
    path = user_cache().library("a" * 64, lambda: b"code")
    assert path.read_bytes() == b"code" and path.parent == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o077 for one in folder.iterdir()} == {0}
    assert user_cache().library("a" * 64, never) == path


DAMAGE = {
    "truncated": lambda so, record: so.write_bytes(so.read_bytes()[:-1]),
    "empty": lambda so, record: so.write_bytes(b""),
    "one bit": lambda so, record: so.write_bytes(bytes([so.read_bytes()[0] ^ 1]) + so.read_bytes()[1:]),
    "gone": lambda so, record: so.unlink(),
    "no JSON": lambda so, record: record.write_text("{"),
    "not UTF-8": lambda so, record: record.write_bytes(b"\xff\xfe"),
    "a list": lambda so, record: record.write_text("[]"),
    "a path": lambda so, record: record.write_text(json.dumps({"sha256": "../../../../etc/passwd"})),
    "a number": lambda so, record: record.write_text(json.dumps({"sha256": 7})),
    "another hash": lambda so, record: record.write_text(json.dumps({"sha256": "0" * 64})),
    "record gone": lambda so, record: record.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_not_as_it_was_written_is_made_again(folder, damage):
    path = user_cache().library("a" * 64, lambda: b"the code")
    damage(path, folder / f"{'a' * 64}.json")
    again = user_cache().library("a" * 64, lambda: b"the code")
    assert again.read_bytes() == b"the code"
    assert user_cache().library("a" * 64, never) == again


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755, 0o710, 0o701])
def test_a_folder_that_is_open_to_others_is_refused(folder, mode):
    user_cache()
    folder.chmod(mode)
    with pytest.raises(Missing, match=rf"^{folder} is open to others \(mode {mode:04o}\), so no code is loaded"):
        user_cache()


def test_a_parent_that_others_may_write_to_is_refused(folder):
    user_cache()
    folder.parent.chmod(0o777)
    with pytest.raises(Missing, match=rf"^{folder.parent} is open to others"):
        user_cache()


def test_a_folder_of_somebody_else_is_refused(folder, monkeypatch):
    user_cache()
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(Missing, match=r"belongs to another user, so no code is loaded from it; set XDG_CACHE_HOME"):
        user_cache()


def test_a_link_is_no_folder(folder, tmp_path):
    folder.parent.mkdir(mode=0o700)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder.symlink_to(elsewhere)
    with pytest.raises(Missing, match=r"must be a folder of your own, for compiled code"):
        user_cache()


def test_without_a_home_the_cache_is_this_process_s_own(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    found = user_cache()
    assert found.folder != default_folder()
    assert found.folder.stat().st_mode & 0o777 == 0o700


def test_a_relative_cache_home_is_not_used(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert default_folder() == Path.home() / ".cache" / "backproof" / "compiled"


def test_the_oldest_go_first_and_the_newest_stays(folder, monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 2500)
    kept = user_cache()
    paths = []
    for n in range(4):
        paths.append(kept.library(str(n) * 64, lambda n=n: bytes([n]) * 1000))
        os.utime(paths[-1], (n + 1, n + 1))
        os.utime(folder / f"{str(n) * 64}.json", (n + 1, n + 1))
    assert [one.exists() for one in paths] == [False, False, True, True]
    big = kept.library("b" * 64, lambda: b"b" * 5000)
    assert big.exists()


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    kept = user_cache()
    monkeypatch.setattr(Path, "replace", lambda self, to: (_ for _ in ()).throw(OSError("disc full")))
    with pytest.raises(OSError, match=r"^disc full$"):
        kept.library("a" * 64, lambda: b"code")
    assert list(folder.iterdir()) == []


def test_keys_tell_their_parts_apart():
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("abc", "")}) == 4


def test_a_library_is_compiled_once_and_again_after_damage(system_compiler, monkeypatch):
    path = Path(library_path(SOURCE))
    assert load(str(path)).answer() == 42
    path.write_bytes(path.read_bytes()[:100])
    assert library_path(SOURCE) == str(path) and len(path.read_bytes()) > 100
    assert library_path(SOURCE, ["-DOTHER"]) != "" and len(list(path.parent.glob("*.json"))) >= 2


def test_two_processes_at_once_both_get_the_library(system_compiler, folder):
    code = (
        "from verify.engine.compiled.building import library_path, load\n"
        f"print(load(library_path({SOURCE!r})).answer())"
    )
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [one.communicate(timeout=100)[0].strip() for one in running] == ["42"] * 3
    assert not list(folder.glob("new-*"))


def test_without_a_compiler_the_message_says_how_to_get_one(folder, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    plan = plan_network(Derivation(Network([2, 1])))
    with pytest.raises(
        Missing, match=r"^the compiled backend needs a C compiler, and no cc, gcc or clang is found: inst"
    ):
        build(plan, "float64")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"^the compiled backend needs a C compiler, and CC is '.*wrong', which is no program on the path"),
        (
            "#!/bin/sh\necho 'plan.c:1: error: no' >&2\nexit 1\n",
            r"did not compile the C of this plan: plan.c:1: error: no;",
        ),
        ("not a program", r"does not start"),
    ],
    ids=["missing", "refuses", "no program"],
)
def test_a_wrong_compiler_is_named(folder, tmp_path, monkeypatch, text, message):
    wrong = tmp_path / "wrong"
    if text is not None:
        wrong.write_text(text)
        wrong.chmod(0o755)
    monkeypatch.setenv("CC", str(wrong))
    with pytest.raises(Missing, match=message):
        build(plan_network(Derivation(Network([2, 1]))), "float64")


def test_a_compiler_that_never_ends_is_stopped(folder, tmp_path, monkeypatch):
    slow = tmp_path / "slow"
    slow.write_text('#!/bin/sh\n[ "$1" = --version ] && exit 0\nexec sleep 60\n')
    slow.chmod(0o755)
    monkeypatch.setenv("CC", str(slow))
    monkeypatch.setattr("verify.engine.compiled.compiler.TIME_LIMIT", 0.2)
    with pytest.raises(Missing, match=r"took more than 0.2 s; use the numpy backend$"):
        build(plan_network(Derivation(Network([2, 1]))), "float64")


def test_what_is_no_library_is_not_loaded(tmp_path):
    path = tmp_path / "text.so"
    path.write_text("text")
    with pytest.raises(Missing, match=r"^the compiled plan cannot be loaded"):
        load(str(path))


def test_a_cache_is_checked_each_time_it_is_opened(tmp_path):
    Cache(tmp_path / "a" / "b")
    (tmp_path / "a" / "b").chmod(0o750)
    with pytest.raises(Missing, match=r"chmod 700 it$"):
        Cache(tmp_path / "a" / "b")
