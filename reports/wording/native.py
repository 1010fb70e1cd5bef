"""English, the language that the code is written in: its small numbers and what is counted.

The sentences of a chapter stand in `reports.wording.english` and `english_derivation`, all others where they are said.
"""

from __future__ import annotations

from reports.wording.language import Language

LANGUAGE = Language(
    code="en",
    name="English",
    numerals=(
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
    ),
    nouns={
        "input": ("input", "inputs"),
        "output": ("output", "outputs"),
        "neuron": ("neuron", "neurons"),
        "weight": ("weight", "weights"),
        "bias": ("bias", "biases"),
        "rule": ("rule", "rules"),
        "step": ("step", "steps"),
        "entry": ("entry", "entries"),
    },
)  # fmt: skip
