"""`python -m docs.site`: builds the site into `site/`; exit code 0, or 2 with one sentence."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from docs.site.build import build
from docs.site.gallery import REPORTS
from docs.site.pages import SiteError

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    """Build the site; the exit code."""
    reader = argparse.ArgumentParser(prog="python3 run.py docs", description="Build the documentation site.")
    reader.add_argument("--output", type=Path, default=ROOT / "site", metavar="DIR", help="where it goes [site/]")
    reader.add_argument("--gallery", default="all", metavar="NAMES",
                        help=f"all, none, or some of {', '.join(REPORTS)}")  # fmt: skip
    chosen = reader.parse_args(argv)
    named = {"all": list(REPORTS), "none": []}.get(chosen.gallery, chosen.gallery.split(","))
    try:
        count = build(ROOT, Path(os.path.normpath(Path.cwd() / chosen.output)), named)
    except (SiteError, OSError) as error:
        print(f"docs: {error}", file=sys.stderr)
        return 2
    print(f"{count} pages: open {chosen.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
