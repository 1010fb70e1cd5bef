"""C functions that generated code needs and C's library lacks; only those that are called are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A row: its C text (`real` is the source's type, {f} the ending of C's functions for it), and what it calls."""

    name: str
    text: str
    calls: tuple[str, ...] = ()


_ROWS = (
    Function("square", "static inline real square(real u) { return u*u; }"),
    Function("cube", "static inline real cube(real u) { return u*u*u; }"),
    Function("larger", "/* Not fmax: the loops over it are to become vector code. */\n"
             "static inline real larger(real u, real v) { return v > u ? v : u; }"),
    Function("softplus", """\
/* log(1 + e^u), without overflow */
static inline real softplus(real u) { return (u > 0 ? u : u == u ? 0 : u) + log1p{f}(exp{f}(-fabs{f}(u))); }"""),
    Function("xlogy", """\
/* c log u, and 0 where c = 0 */
static inline real xlogy(real c, real u) { return c == 0 && u == u ? 0 : c*log{f}(u); }"""),
    Function("sign_of", """\
/* -1, 0, 1; what is not a number stays so */
static inline real sign_of(real u) { return u > 0 ? 1 : u < 0 ? -1 : u; }"""),
    Function("exponential", """\
/* e^u = 2^k e^r with |r| <= log(2)/2, by its Taylor polynomial; without branches, so that loops become vector code.
   Adding `magic` rounds to a whole number, which then stands in the lowest bits.  Tang 1989, ACM TOMS 15, 144. */
static inline real exponential(real u)
{
{exponential}
}"""),
    Function("exponential_less_1", """\
/* e^u - 1, by Taylor's polynomial where the difference would lose digits */
static inline real exponential_less_1(real u)
{
    const real small = (real) 0.35, r = u > -small && u < small ? u : 0;
    real p = (real) (1.0/6227020800);
    p = p*r + (real) (1.0/479001600); p = p*r + (real) (1.0/39916800); p = p*r + (real) (1.0/3628800);
    p = p*r + (real) (1.0/362880); p = p*r + (real) (1.0/40320); p = p*r + (real) (1.0/5040);
    p = p*r + (real) (1.0/720); p = p*r + (real) (1.0/120); p = p*r + (real) (1.0/24); p = p*r + (real) (1.0/6);
    p = p*r + (real) 0.5;
    return u > -small && u < small ? r + r*r*p : exponential(u) - 1;
}""", ("exponential",)),
    Function("eliminate", """\
/* LU with partial pivoting of the n x n matrix a, in place; the sign of the row exchanges.  order[i] is the row that
   came to place i.  Golub, Van Loan 2013, Matrix Computations, algorithm 3.4.1. */
static real eliminate(int64_t n, real *restrict a, real *restrict order)
{
    real sign = 1;
    for (int64_t i = 0; i < n; i++) order[i] = (real) i;
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        for (int64_t i = k + 1; i < n; i++)
            if (fabs{f}(a[i*n + k]) > fabs{f}(a[pivot*n + k])) pivot = i;
        if (pivot != k) {
            sign = -sign;
            const real place = order[k]; order[k] = order[pivot]; order[pivot] = place;
            for (int64_t j = 0; j < n; j++) {
                const real one = a[k*n + j]; a[k*n + j] = a[pivot*n + j]; a[pivot*n + j] = one;
            }
        }
        if (a[k*n + k] == 0) continue;
        for (int64_t i = k + 1; i < n; i++) {
            const real factor = a[i*n + k] /= a[k*n + k];
            for (int64_t j = k + 1; j < n; j++) a[i*n + j] -= factor*a[k*n + j];
        }
    }
    return sign;
}"""),
    Function("determinant", """\
/* det A; lu is room for n*n + n numbers */
static real determinant(int64_t n, const real *a, real *restrict lu)
{
    memcpy(lu, a, sizeof(real)*n*n);
    real product = eliminate(n, lu, lu + n*n);
    for (int64_t i = 0; i < n; i++) product *= lu[i*n + i];
    return product;
}""", ("eliminate",)),
    Function("log_det", """\
/* log |det A|; lu is room for n*n + n numbers */
static real log_det(int64_t n, const real *a, real *restrict lu)
{
    memcpy(lu, a, sizeof(real)*n*n);
    eliminate(n, lu, lu + n*n);
    real total = 0;
    for (int64_t i = 0; i < n; i++) total += log{f}(fabs{f}(lu[i*n + i]));
    return total;
}""", ("eliminate",)),
    Function("inverse", """\
/* B = A^-1, row by row of L and U; 1 where A is singular.  lu is room for n*n + n numbers */
static int inverse(int64_t n, const real *a, real *restrict b, real *restrict lu)
{
    const real *order = lu + n*n;
    memcpy(lu, a, sizeof(real)*n*n);
    eliminate(n, lu, lu + n*n);
    for (int64_t i = 0; i < n; i++) {
        if (lu[i*n + i] == 0) return 1;
        for (int64_t j = 0; j < n; j++) b[i*n + j] = (real) j == order[i] ? 1 : 0;
        for (int64_t k = 0; k < i; k++)
            for (int64_t j = 0; j < n; j++) b[i*n + j] -= lu[i*n + k]*b[k*n + j];
    }
    for (int64_t i = n - 1; i >= 0; i--) {
        for (int64_t k = i + 1; k < n; k++)
            for (int64_t j = 0; j < n; j++) b[i*n + j] -= lu[i*n + k]*b[k*n + j];
        for (int64_t j = 0; j < n; j++) b[i*n + j] /= lu[i*n + i];
    }
    return 0;
}""", ("eliminate",)),
)  # fmt: skip
_EXPONENTIAL = {
    False: """\
    const real magic = 0x1.8p52, high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
    const real v = u > 710 ? 710 : u < -746 ? -746 : u;
    const real shifted = v*0x1.71547652b82fep0 + magic, k = shifted - magic;
    const real r = (v - k*high) - k*low;
    real p = 1.0/6227020800;
    p = p*r + 1.0/479001600; p = p*r + 1.0/39916800; p = p*r + 1.0/3628800; p = p*r + 1.0/362880;
    p = p*r + 1.0/40320; p = p*r + 1.0/5040; p = p*r + 1.0/720; p = p*r + 1.0/120; p = p*r + 1.0/24;
    p = p*r + 1.0/6; p = p*r + 0.5; p = p*r + 1; p = p*r + 1;
    uint64_t bits;
    real power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = ((bits + (uint64_t) (v > 0 ? 1022 : 1087)) << 52);  /* 2^(k - 1), or 2^(k + 64): never out of range */
    memcpy(&power, &bits, sizeof power);
    return p*power*(v > 0 ? 2 : 0x1p-64);""",
    True: """\
    const real magic = 0x1.8p23f, high = 0x1.62e4p-1f, low = 0x1.7f7d1cp-20f;
    const real v = u > 89 ? 89 : u < -105 ? -105 : u;
    const real shifted = v*0x1.715476p0f + magic, k = shifted - magic;
    const real r = (v - k*high) - k*low;
    real p = 1.0f/5040;
    p = p*r + 1.0f/720; p = p*r + 1.0f/120; p = p*r + 1.0f/24; p = p*r + 1.0f/6; p = p*r + 0.5f; p = p*r + 1;
    p = p*r + 1;
    uint32_t bits;
    real power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = ((bits + (uint32_t) (v > 0 ? 126 : 159)) << 23);  /* 2^(k - 1), or 2^(k + 32): never out of range */
    memcpy(&power, &bits, sizeof power);
    return p*power*(v > 0 ? 2 : 0x1p-32f);""",
}
LIBRARY = {row.name: row for row in _ROWS}


def library(names: Iterable[str], single: bool) -> list[str]:
    """The text of these functions and of what they call, in an order in which they can stand."""
    wanted = set(names)
    while more := {inner for name in wanted for inner in LIBRARY[name].calls} - wanted:
        wanted |= more
    found = [row.text for row in LIBRARY.values() if row.name in wanted]
    return [one.replace("{f}", "f" if single else "").replace("{exponential}", _EXPONENTIAL[single]) for one in found]
