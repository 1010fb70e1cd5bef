"""Stand-ins for the checker, which do on purpose what it never may: the first word of the formula says what."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import flint

from verify.checking.answer import Answer, Counterexample, Diagnosis, Verification

HELD = []


def loop(rest):
    while True:
        pass


def loop_in_c(rest):
    return pow(3, 10**9)


def sleep(rest):
    time.sleep(float(rest))


def hog(rest):
    held = [bytearray(50_000_000)]
    while True:
        held.append(bytearray(50_000_000))


def hog_in_c(rest):
    return flint.fmpz(3) ** (10**10)


def keep(rest):
    HELD.append(bytearray(int(rest)))


def leave(rest):
    sys.exit(3)


def vanish(rest):
    os._exit(int(rest or 0))


def abort(rest):
    os.abort()


def segfault(rest):
    ctypes.string_at(0)


def recurse(rest):
    return recurse(rest) + 1


def recurse_in_c(rest):
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    return repr(nested)


def flood(rest):
    while True:
        print("x" * 10_000)


def flood_errors(rest):
    while True:
        sys.stderr.write("x" * 10_000)


def to_parent(line):
    """Write into every pipe that is open."""
    for number in range(3, 12):
        with suppress(OSError):
            os.write(number, line)


def flood_channel(rest):
    while True:
        to_parent(b"x" * 10_000)


def lie(rest):
    to_parent(b'{"answer": {"verdict": "correct"}}\n')
    time.sleep(60)


def raise_(rest):
    raise ZeroDivisionError(rest)


def interrupt(rest):
    raise KeyboardInterrupt


def write(rest):
    Path(rest).write_text("here")


def remove(rest):
    Path(rest).unlink()


def run(rest):
    HELD.append(subprocess.Popen(["sleep", "600"]))


def shell(rest):
    os.system(rest)


def fork(rest):
    if not os.fork():
        time.sleep(600)


def connect(rest):
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def read_input(rest):
    return sys.stdin.read()


def nonsense(rest):
    return "no answer"


def infinite(rest):
    return Answer("correct", reading={"value": float("inf")})


def no_json(rest):
    return Answer("correct", reading={"value": object()})


def long_answer(rest):
    return Answer("correct", message="x" * 3_000_000)


def whole(rest):
    """An answer with every field."""
    shown = Counterexample({"x_1": "1"}, {"z^2_1": "0.5"}, "1", "2", "entry 1")
    steps = (Verification("correct", "exact", where=(0, 3)), Verification("incorrect", "counterexample", 1e-9, shown))
    mistake = Diagnosis("sign", (2, 3), "the sign", "a = -b")
    return Answer("incorrect", "counterexample", 1e-30, shown, {"notation": "ng"}, steps, 2, (mistake,), "so", (0, 1))


def pid(rest):
    return Answer("correct", reading={"pid": os.getpid(), "limits": Path("/proc/self/limits").read_text()})


def answer(question):
    word, _, rest = question.formula.partition(" ")
    if word in globals() and word != "answer":
        found = globals()[word](rest)
        return Answer("correct", message=found) if word == "read_input" else found or Answer("correct")
    return Answer("correct", "exact", reading={"formula": question.formula, "layers": list(question.layers)})
