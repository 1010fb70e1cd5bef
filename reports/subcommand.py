"""A command behind `derive`: options in front of its name count as its own, or are refused."""

from __future__ import annotations

import click
from click.core import ParameterSource

from reports.arguments import joined, settle


class Subcommand(click.Command):
    """A command to which options in front of its name count as if they stood behind it, or are refused."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options behind the name, then those in front of it."""
        before = dict(ctx.obj or {})
        own = {str(one.name) for one in self.params}
        for name, (spelling, _) in before.items():
            if name not in own:
                raise click.UsageError(f"{spelling} in front of {self.name} means nothing to it; leave it out", ctx)
        ctx.default_map = {name: value for name, (_, value) in before.items()}
        rest = super().parse_args(ctx, joined(args))
        for name, (spelling, value) in before.items():
            if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE and ctx.params[name] != value:
                raise click.UsageError(f"{spelling} stands both in front of {self.name} and behind it", ctx)
        settle(ctx)
        return rest
