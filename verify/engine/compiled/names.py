"""C identifiers for what a plan names: never a keyword, never a function of C's own library, each thing its own."""

from __future__ import annotations

from collections.abc import Iterable

from derive.symbols import Index
from verify.engine.identifiers import identifier

_KEYWORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof
    alignas alignof bool constexpr false nullptr static_assert thread_local true main
"""
# Functions, types and macros of the headers that the source includes (C99, 7.12, 7.18, 7.20, 7.21).
_LIBRARY = """
    acos asin atan atan2 cos sin tan acosh asinh atanh cosh sinh tanh exp exp2 expm1 frexp ilogb ldexp log log10 log1p
    log2 logb modf scalbn scalbln cbrt fabs hypot pow sqrt erf erfc lgamma tgamma ceil floor nearbyint rint lrint llrint
    round lround llround trunc fmod remainder remquo copysign nan nextafter nexttoward fdim fmax fmin fma isnan isinf
    isfinite isnormal signbit fpclassify NAN INFINITY HUGE_VAL NULL EOF abort abs atexit atof atoi atol bsearch calloc
    div exit free getenv labs ldiv malloc qsort rand realloc srand strtod strtol system memcpy memmove memset memcmp
    size_t wchar_t int64_t printf puts double_t float_t I linux unix j0 j1 jn y0 y1 yn gamma signgam index
"""
# What the source itself defines, see `verify.engine.compiled.library`.
_OWN = """
    real lanes LANES run loss_and_gradients sizes in out work failed square cube softplus xlogy sign_of lu determinant
    log_det inverse dots outer status flat larger exponential exponential_less_1 eliminate load store all sum_of
    WIDE BROAD INLINE dots_tile dots_strip outer_tile outer_strip few next room DONE NO_MEMORY SINGULAR
"""
_RESERVED = frozenset((*_KEYWORDS.split(), *_LIBRARY.split(), *_OWN.split()))
_WITH_SUFFIX = frozenset(f"{one}{end}" for one in _LIBRARY.split() for end in "fl")


def is_reserved(name: str) -> bool:
    """Whether C, its library or the source itself gives the name a meaning."""
    return name in _RESERVED or name in _WITH_SUFFIX or name.startswith(("__", "backproof_"))


class Names:
    """Gives C names: `given(name)` for what a plan calls so, `index(k)` for an index, `local("s")` for a local."""

    def __init__(self, plan_names: Iterable[str]) -> None:
        self._given: dict[str, str] = {}
        self._indices: dict[Index, str] = {}
        self._taken: set[str] = set()
        self._locals: set[str] = set()
        for name in plan_names:
            self.given(name)

    def given(self, name: str) -> str:
        """The C name for a name of the plan: itself with as many underscores as make it free."""
        if name not in self._given:
            self._given[name] = self._free(name)
        return self._given[name]

    def index(self, index: Index) -> str:
        """The name of a loop's letter; an index of another space has another."""
        if index not in self._indices:
            self._indices[index] = self._free(identifier(str(index.name)))
        return self._indices[index]

    def local(self, letter: str) -> str:
        """A new name: s1, s2, …"""
        number = 1
        while f"{letter}{number}" in self._taken | self._locals or is_reserved(f"{letter}{number}"):
            number += 1
        self._locals.add(f"{letter}{number}")
        return f"{letter}{number}"

    def line(self) -> Names:
        """A copy whose letters are a line's own; locals stay different in the whole function."""
        copy = Names(())
        copy._given, copy._taken, copy._locals = self._given, set(self._taken), self._locals
        return copy

    def _free(self, name: str) -> str:
        while name in self._taken or name in self._locals or is_reserved(name):
            name += "_"
        self._taken.add(name)
        return name
