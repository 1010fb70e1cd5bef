"""The style sheet and the script that all pages of the site share; colours are those of the reports, light and dark."""

from __future__ import annotations

from pathlib import Path

from reports.html.theme import DARK, LIGHT, declarations

_HERE = Path(__file__).resolve().parent


def sheet() -> str:
    """The style sheet: the variables of both themes, then the rules of `site.css`."""
    dark, light = declarations(DARK), declarations(LIGHT)
    return "\n".join(
        [
            f":root {{ color-scheme: light; {light} }}",
            "@media screen and (prefers-color-scheme: dark) {"
            f" :root:not([data-theme]) {{ color-scheme: dark; {dark} }} }}",
            f"@media screen {{ :root[data-theme=dark] {{ color-scheme: dark; {dark} }} }}",
            (_HERE / "site.css").read_text(encoding="utf-8"),
        ]
    )


def script() -> str:
    """The script: light and dark, copying, search."""
    return (_HERE / "site.js").read_text(encoding="utf-8")
