"""Functions that array source calls and a library lacks, printed into the source that a reader sees.

Written once where the libraries agree; `{m}` is the library's short name, `{dtype}` the type of the numbers.  None
makes a float64 out of float32.
"""

from __future__ import annotations

from verify.engine.arrays.dialects import Dialect

_TEXTS = {
    "softmax": '''\
def softmax(z):
    """e^z / Σ e^z over the last axis; the largest z is taken off first: that changes nothing, and cannot overflow."""
    powers = np.exp(z - z.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
''',
    "logsumexp": '''\
def logsumexp(z, axes):
    """log Σ e^z over some axes; the largest z is taken off first, so that nothing overflows."""
    top = z.max(axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    return np.log(np.exp(z - top).sum(axes)) + np.squeeze(top, axes)
''',
    "softplus": '''\
def softplus(u):
    """log(1 + e^u), which is u where e^u would overflow."""
    return {m}.logaddexp({m}.zeros_like(u), u)
''',
    "xlogy": '''\
def xlogy(c, u):
    """c log u, and 0 where c is 0, also at u = 0."""
    return np.where(c == 0, 0, c * np.log(np.where(c == 0, 1, u)))
''',
    "erf": '''\
def erf(u):
    """The error function, entry by entry."""
    return np.vectorize(math.erf, otypes=[np.{dtype}])(u)
''',
    "kronecker": '''\
def kronecker(i, j):
    """1 where two places are the same, else 0."""
    return {m}.asarray(i == j, dtype={m}.{dtype})
''',
    "entries": '''\
def entries(x, *places):
    """x at these places, counted from 1; what lies beyond the ends of an axis is 0."""
    inside, at = True, []
    for place, size in zip(map({m}.asarray, places), x.shape):
        inside = inside & (place >= 1) & (place <= size)
        at.append({m}.clip(place - 1, 0, size - 1))
    return {m}.where(inside, x[tuple(at)], 0)
''',
}
_OWN = {
    ("torch", "softmax"): '''\
def softmax(z):
    """e^z / Σ e^z over the last axis."""
    return torch.softmax(z, -1)
''',
}


def stock(name: str, dialect: Dialect, dtype: str) -> str:
    """The source of one of these functions."""
    text = _OWN.get((dialect.name, name), _TEXTS[name])
    return text.replace("{m}", dialect.module).replace("{dtype}", dtype)
