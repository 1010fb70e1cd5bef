"""Functions of numbers and lists that source without libraries needs, printed into it; what they call stands above."""

TEXTS = {
    "exp": '''
def exp(u):
    """e^u, and ∞ where that is too large for a number."""
    try:
        return math.exp(u)
    except OverflowError:
        return math.inf
''',
    "expm1": '''
def expm1(u):
    """e^u − 1, and ∞ where that is too large for a number."""
    try:
        return math.expm1(u)
    except OverflowError:
        return math.inf
''',
    "log": '''
def log(u):
    """log u, and −∞ at 0."""
    return math.log(u) if u > 0 else -math.inf if u == 0 else math.nan
''',
    "sign": '''
def sign(u):
    """−1, 0 or 1."""
    return float((u > 0) - (u < 0))
''',
    "softplus": '''
def softplus(u):
    """log(1 + e^u), without e^u where that would overflow."""
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))
''',
    "xlogy": '''
def xlogy(c, u):
    """c log u, and 0 where c is 0, also at u = 0."""
    return 0.0 if c == 0 else c*log(u)
''',
    "softmax": '''
def softmax(z):
    """e^z / Σ e^z; the largest z is taken off first: that changes nothing, and cannot overflow."""
    top = max(z)
    powers = [math.exp(one - top) for one in z]
    total = sum(powers)
    return [one/total for one in powers]
''',
    "logsumexp": '''
def logsumexp(z):
    """log Σ e^z; the largest z is taken off first, so that nothing overflows."""
    top = max(z) if math.isfinite(max(z)) else 0.0
    return top + log(sum(exp(one - top) for one in z))
''',
    "entry": '''
def entry(x, *places):
    """The entry at these places, counted from 0; beyond the ends of an axis it is 0."""
    for place in places:
        if not 0 <= place < len(x):
            return 0.0
        x = x[place]
    return x
''',
    "eliminated": '''
def eliminated(matrix):
    """Gauss and Jordan: the determinant of a square matrix and its inverse, with the largest pivot of each column."""
    size, value = len(matrix), 1.0
    rows = [[*map(float, row), *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for k in range(size):
        best = max(range(k, size), key=lambda i: abs(rows[i][k]))
        if best != k:
            rows[k], rows[best], value = rows[best], rows[k], -value
        pivot = rows[k][k]
        value *= pivot
        rows[k] = [one/pivot for one in rows[k]]
        for i in range(size):
            if i != k:
                rows[i] = [one - rows[i][k]*other for one, other in zip(rows[i], rows[k])]
    return value, [row[size:] for row in rows]
''',
    "inv": '''
def inv(matrix):
    """The inverse of a square matrix."""
    return eliminated(matrix)[1]
''',
    "det": '''
def det(matrix):
    """The determinant of a square matrix."""
    return eliminated(matrix)[0]
''',
    "logdet": '''
def logdet(matrix):
    """log |det| of a square matrix."""
    return log(abs(eliminated(matrix)[0]))
''',
}
