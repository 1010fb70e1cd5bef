"""One direction of imports: derive knows nobody, verify knows derive, reports knows both."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"derive": {"derive"}, "verify": {"derive", "verify"}, "reports": {"derive", "verify", "reports"}}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


APART = ("chain", "contract", "differentiate", "rewrite", "simplify", "closedform", "matrix", "entries")


def test_the_kernel_and_the_oracles_share_no_code_with_what_made_the_steps():
    kernel = [ROOT / "verify" / "kernel.py", *(ROOT / "verify" / "equality").glob("*.py")]
    oracles = list((ROOT / "verify" / "oracles").glob("*.py"))
    wrong = [(path.name, name) for path in kernel for name in imported(path) if name.split(".")[-1] in APART]
    allowed = ("derive.network", "derive.tables.activations", "derive.tables.losses")
    wrong += [(path.name, name) for path in oracles for name in imported(path)
              if name.startswith("derive") and name not in allowed]  # fmt: skip
    assert len(kernel) > 3 < len(oracles)
    assert wrong == []


def test_each_room_imports_only_from_the_rooms_above_it():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room, allowed in ALLOWED.items()
        for path in (ROOT / room).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in ALLOWED and name.split(".")[0] not in allowed
    ]
    assert wrong == []
