"""What a machine of a cluster does with one piece of work; imported there, by name."""

from __future__ import annotations

import atexit
import json
import threading
from typing import Any

from verify.batch.pool import Pool
from verify.batch.settings import Settings, load

_POOLS: dict[str, Pool] = {}
_LOCK = threading.Lock()


def answered(record: dict[str, Any], seconds: float, settings: dict[str, Any]) -> dict[str, Any]:
    """The answer to a record as JSON, from a process of this machine that is watched and limited as in any batch."""
    key = json.dumps(settings, sort_keys=True)
    with _LOCK:
        pool = _POOLS.get(key)
        if pool is None:
            pool = _POOLS[key] = Pool(Settings(**{**settings, "warm": tuple(settings["warm"])}))
            atexit.register(pool.close)
    return pool.ask(record, seconds).record()


def called(name: str, record: Any) -> Any:
    """What the function `module:function` makes of a record; both are JSON."""
    return load(name)(record)
