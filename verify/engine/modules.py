"""Generated source as a module, by Python's own import machinery, so that a traceback shows its lines."""

from __future__ import annotations

import importlib.util
from importlib.abc import InspectLoader
from types import ModuleType


class _Text(InspectLoader):
    """Loads a module from a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        """The text."""
        return self.text

    def is_package(self, fullname: str) -> bool:
        """It is one file."""
        return False


def module_of(source: str, name: str = "generated") -> ModuleType:
    """A new module with this source, which this package wrote; it is not put among the imported modules."""
    loader = _Text(source)
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None  # there is a loader
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
