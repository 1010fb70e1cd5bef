"""The `derive example` command: its options.  Nothing heavy is imported before they are read."""

from __future__ import annotations

from typing import Any

import click

from reports.language_option import language_option
from reports.shared_options import output_options, shown_options
from reports.subcommand import Subcommand

EXAMPLES = """
\b
Examples:
  derive example --list
  derive example rent --output rent.html
  derive example network --format pdf,html --output out

\b
Exit codes:
  0 everything is as the report says      1 something is not
  2 wrong input                           130 interrupted
"""


@click.command("example", cls=Subcommand, epilog=EXAMPLES, short_help="Tell a worked example in a report.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Name every example, with a line about it.")
@output_options("pdf,html")
@language_option
@shown_options
def example(name: str | None, listing: bool, **options: Any) -> int:
    """Tell a worked example: a report whose formulas and numbers check themselves."""
    from reports.examples.command import listed, run  # here, so that --help starts without SymPy

    if listing:
        return listed(options["as_json"])
    if name is None:
        raise click.UsageError("name an example; derive example --list names them all")
    return run(name, **options)
