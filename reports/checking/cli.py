"""The options of `derive check`.  Nothing heavy is imported before they are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from reports.arguments import joined, near, settle
from reports.language_option import language_option

NOTATIONS = ("auto", "nielsen", "ng", "goodfellow", "bishop", "augmented")
EXAMPLES = """
\b
Examples:
  derive check --layers 3,4,2 '\\delta^3 = (a^3 - y) \\odot \\sigma^{\\prime}(z^3)'
  derive check --given given.txt '\\frac{\\partial L}{\\partial w} = (p - y) x'
  derive check --batch in.jsonl --output out.jsonl
  derive check appendix.tex --output report.pdf

\b
Exit codes:
  0 correct (a batch: complete)          1 incorrect
  2 unreadable, or wrong usage           3 undecided
  130 interrupted
"""
KIND = "separate"
_KINDS = re.compile(r"(separate|none|appended)(\s*,\s*[a-z]{1,12})*|[a-z]{1,12}(\s*,\s*[a-z]{1,12})+")
SHARED = ("layers", "activations", "loss", "bias", "no_bias", "notation", "as_json", "quiet", "pdf_engine", "language")
"""Options of `derive` that mean the same behind `check`."""


class CheckCommand(click.Command):
    """A command whose argument may begin with a minus sign, which is said where it is misread."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what looks like an option and is a formula; what stands in front of `check` is taken over."""
        args = _kinds(joined(args))
        odd = _minus(self, ctx, args)
        if odd is not None:
            known = [name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)]
            meant = near(odd.partition("=")[0], known) if odd.startswith("--") else ""
            formula = "; a formula that begins with - stands behind --, as in: derive check --layers 2,3,1 -- '-a = b'"
            raise click.UsageError(f"there is no option {odd[:40]!r}{meant or formula}", ctx)
        rest = super().parse_args(ctx, args)
        _take_over(self, ctx)
        settle(ctx)
        return rest


def _kinds(args: list[str]) -> list[str]:
    """`--bias` alone is `--bias=separate`: what follows is its value only where that names kinds."""
    found: list[str] = []
    end = args.index("--") if "--" in args else len(args)
    for place, arg in enumerate(args[:end]):
        following = args[place + 1] if place + 1 < len(args) else ""
        found.append(f"{arg}={KIND}" if arg == "--bias" and not _KINDS.fullmatch(following) else arg)
    return [*found, *args[end:]]


def _minus(command: click.Command, ctx: click.Context, args: list[str]) -> str | None:
    """The first argument that begins with - and is neither an option, nor the value of one, nor `-` itself."""
    names = {name: one for one in command.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}
    waiting = False
    for arg in args:
        if waiting:
            waiting = False
        elif arg == "--":
            return None
        elif arg.startswith("-") and arg != "-":
            name, sign, _ = arg.partition("=") if arg.startswith("--") else (arg, "", "")
            if name not in names:
                return arg
            option = names[name]
            waiting = isinstance(option, click.Option) and not (option.is_flag or option.count or sign)
    return None


def _take_over(command: click.Command, ctx: click.Context) -> None:
    """Options in front of `check` count as if they stood behind it; those that cannot are refused."""
    own = {str(one.name): one for one in command.params}
    for name, (spelling, value) in (ctx.obj or {}).items():
        if name not in SHARED:
            raise click.UsageError(f"{spelling} in front of check means nothing to it; {_where(own, spelling)}", ctx)
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE and ctx.params[name] != value:
            raise click.UsageError(f"{spelling} stands both in front of check and behind it", ctx)
        ctx.params[name] = value
        ctx.set_parameter_source(name, ParameterSource.COMMANDLINE)


def _where(own: dict[str, click.Parameter], spelling: str) -> str:
    known = any(spelling in one.opts for one in own.values())
    return f"that of check stands behind it: derive check {spelling} …" if known else "leave it out"


@click.command(cls=CheckCommand, epilog=EXAMPLES, short_help="Check a formula that somebody derived by hand.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.argument("formulas", nargs=-1, metavar="[FORMULA | FILE | - | DOCUMENT.tex …]")
@click.option("--layers", metavar="N,N,…", help="Widths, input first; letters for every width, b for a layer that only "
              "adds biases.  [default: 2,3,1]")  # fmt: skip
@click.option("--activations", metavar="NAME[,NAME…]", help="One for all, or one for each.  [default: sigmoid]")
@click.option("--loss", metavar="NAME", help="The loss.  [default: half-squared-error]")
@click.option("--bias", metavar="[KIND[,KIND…]]", help="separate or none, one for all layers, or one for each.  "
              "[default: separate]")  # fmt: skip
@click.option("--no-bias", is_flag=True, help="The same as --bias none.")
@click.option("--notation", type=click.Choice(NOTATIONS), help="Whose letters these are.  [default: auto]")
@click.option("--given", "-g", multiple=True, metavar="FILE|LATEX",
              help="Definitions instead of a network: a file with one a line, or one; repeatable.")  # fmt: skip
@click.option("--shape", "shapes", multiple=True, metavar="W=m,n", help="The sizes of an array of --given; repeatable.")
@click.option("--assume", multiple=True, metavar="LATEX", help=r"A fact, such as '\sum_i y_i = 1'; repeatable.")
@click.option("--layout", type=click.Choice(("denominator", "numerator")), help="How gradients lie.")
@click.option("--first-layer", type=click.IntRange(0, 1000), metavar="N", help="The number of the first weights.")
@click.option("--explain", is_flag=True, help="Say everything: roles, shapes, readings, all numbers.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON and nothing else.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors: the exit code says it.")
@click.option("--no-colour", "--no-color", "colour", is_flag=True, default=True, flag_value=False, help="No colours.")
@click.option("--seconds", type=float, metavar="S", help="Time for each formula.  [default: 2]")
@click.option("--memory", type=click.IntRange(16, 1_000_000), metavar="MB", help="Memory for each process.")
@click.option("--second-reader/--no-second-reader", default=None,
              help="Whether latex2sympy2 reads it too.  [default: for formulas, not for batches]")  # fmt: skip
@click.option("--batch", metavar="IN.jsonl", help="Check every record of a file (JSON Lines); - is standard input.")
@click.option("--output", type=click.Path(path_type=Path), metavar="PATH",
              help="The file for the answers of a batch; or the pages about a document: a folder, or one file such as "
              "notes.pdf, whose ending says the format (pdf, tex, json).")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with a batch that was interrupted.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N",
              help="Processes of a batch or a document.  [default: all cores]")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS",
              help="A Dask scheduler whose machines answer a batch, such as tcp://10.0.0.5:8786.")  # fmt: skip
@click.option("--macros", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help="A file of which a document takes the macros; repeatable.")  # fmt: skip
@click.option("--pdf-engine", default="auto", metavar="NAME", help="What makes the PDF about a document: as of derive.")
@language_option
def check(**options: Any) -> int:
    r"""Check a formula that somebody derived: is it right, and if not, where and why?

    FORMULA is LaTeX in quotes: an equation, a chain A = B = C, or the lines of an aligned environment.  It may also be
    a file that holds one, or - for standard input.  Each .tex is checked as a document, equation by equation.
    """
    from reports.checking.command import run  # here, so that --help starts without SymPy

    return run(**options)
