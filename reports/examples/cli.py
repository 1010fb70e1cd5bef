"""The `derive example` command: its options.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command("example", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Name every example, with a line about it.")
@click.option("--output", default=".", type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@click.option("--format", "formats", default="pdf,html", show_default=True, metavar="LIST",
              help="Of pdf, html, tex, md, ipynb, json.")  # fmt: skip
@click.option("--language", default="en", show_default=True, metavar="CODE", help="en or zh.")
@click.option("--pdf-engine", default="auto", show_default=True, metavar="NAME", help="As of derive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def example(name: str | None, listing: bool, **options: Any) -> int:
    """Tell a worked example: a report whose formulas and numbers check themselves.

    Exit code 0 if all of them are as the report says, 1 if not, 2 for wrong input.
    """
    from reports.examples.command import listed, run  # here, so that --help starts without SymPy

    if listing:
        return listed(options["as_json"])
    if name is None:
        raise click.UsageError("name an example; derive example --list names them all")
    return run(name, **options)
