"""A batch with the stand-ins, as a program that tests can interrupt: `python -m tests.batching IN OUT [--resume] …`."""

import argparse
import os
import resource
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from verify.batch.output import BatchError
from verify.batch.pool import Pool
from verify.batch.run import Interrupted, run
from verify.batch.settings import Settings

WARM = ({"formula": "x"},)
SETTINGS = Settings(answer="tests.standins:answer", warm=WARM, memory=300 * 2**20)


def children(pid):
    """The processes that a process has started and that are not gone, as the kernel tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it has ended meanwhile
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def alive(pid):
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def workers():
    """The workers of this process."""
    return [pid for pid in children(os.getpid()) if b"verify.batch.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def until(condition, patience=30.0):
    """Wait until something is so; says at the end whether it is."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def asking(formula, seconds):
    """Ask the same question three times at once, and leave a forked copy of this process behind."""
    pool = Pool(SETTINGS, most=3)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda number: pool.ask({"formula": "sleep 0.3"}, 30.0), range(3)))
        if not os.fork():
            time.sleep(120)
            os._exit(0)
        asked = [threads.submit(pool.ask, {"formula": formula}, seconds) for _ in range(3)]
        print("asking", flush=True)
        return [one.result() for one in asked]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--most-bytes", type=int, help="of any file that is written, as on a full disk")
    parser.add_argument("--ask", action="store_true", help="ask SOURCE as one formula instead")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if given.ask:
        asking(given.source, given.seconds)
    if given.most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (given.most_bytes, given.most_bytes))
    source = sys.stdin if given.source == "-" else given.source
    target = sys.stdout if given.target == "-" else given.target
    try:
        run(source, target, jobs=given.jobs, resume=given.resume, seconds=given.seconds, settings=SETTINGS)
    except BatchError as error:
        print(error, file=sys.stderr)
        return 2
    except Interrupted as error:
        print(error, file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
