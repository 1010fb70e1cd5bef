"""Matrix products in C: tiles of the result stay in registers, several numbers side by side are one vector (`lanes`).

GCC and Clang know vectors as an extension of C; other compilers get lanes of one number, the same code.
"""

LANES = """\
/* Some numbers that stand side by side and are worked on at once, as many as the processor has room for. */
#if defined(__GNUC__) && defined(__AVX512F__)
#define LANES (64/(int) sizeof(real))
#elif defined(__GNUC__) && defined(__AVX__)
#define LANES (32/(int) sizeof(real))
#elif defined(__GNUC__)
#define LANES (16/(int) sizeof(real))
#else
#define LANES 1
#endif
#if defined(__GNUC__)
typedef real lanes __attribute__((vector_size(LANES*sizeof(real))));
#else
typedef real lanes;
#endif
INLINE lanes load(const real *from) { lanes v; memcpy(&v, from, sizeof v); return v; }
INLINE void store(real *to, lanes v) { memcpy(to, &v, sizeof v); }
INLINE lanes all(real u) { return u - (lanes) {0}; }
INLINE real sum_of(lanes v)
{
    real part[LANES];
    memcpy(part, &v, sizeof v);
    for (int half = LANES/2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) part[i] += part[i + half];
    return part[0];
}"""

DOTS = """\
/* Columns of a tile: as many sums as there are registers for. */
#if defined(__AVX512F__)
#define WIDE 6
#else
#define WIDE 2
#endif

/* out[p][q] = sum over k of a[p][k] b[q][k] for P rows and Q columns of the result */
INLINE void dots_tile(const int P, const int Q, int64_t columns, int64_t n, const real *a, const real *b,
                      real *restrict out)
{
    lanes sum[4][WIDE] = {{{0}}};
    int64_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        lanes left[4];
        for (int p = 0; p < P; p++) left[p] = load(a + p*n + k);
        for (int q = 0; q < Q; q++) {
            const lanes right = load(b + q*n + k);
            for (int p = 0; p < P; p++) sum[p][q] += left[p]*right;
        }
    }
    for (int p = 0; p < P; p++)
        for (int q = 0; q < Q; q++) {
            real rest = sum_of(sum[p][q]);
            for (int64_t i = k; i < n; i++) rest += a[p*n + i]*b[q*n + i];
            out[p*columns + q] = rest;
        }
}

/* A strip of P rows */
INLINE void dots_strip(const int P, int64_t columns, int64_t n, const real *a, const real *b, real *restrict out)
{
    int64_t q = 0;
    for (; q + WIDE <= columns; q += WIDE) dots_tile(P, WIDE, columns, n, a, b + q*n, out + q);
    for (; q < columns; q++) dots_tile(P, 1, columns, n, a, b + q*n, out + q);
}

/* out[p][q] = sum over k of a[p][k] b[q][k] */
static void dots(int64_t rows, int64_t columns, int64_t n, const real *a, const real *b, real *restrict out)
{
    int64_t p = 0;
    for (; p + 4 <= rows; p += 4) dots_strip(4, columns, n, a + p*n, b, out + p*columns);
    if (p + 2 <= rows) { dots_strip(2, columns, n, a + p*n, b, out + p*columns); p += 2; }
    if (p < rows) dots_strip(1, columns, n, a + p*n, b, out + p*columns);
}"""

OUTER = """\
/* Vectors of a tile's row: as many sums as there are registers for. */
#if defined(__AVX512F__)
#define BROAD 4
#else
#define BROAD 2
#endif

/* out[p][q] = sum over k of a[p][k] b[k][q] for P rows and Q vectors of the result;
   a[p][k] is a[p*step_p + k*step_k] */
INLINE void outer_tile(const int P, const int Q, int64_t columns, int64_t n, const real *a, int64_t step_p,
                       int64_t step_k, const real *b, real *restrict out)
{
    lanes sum[6][BROAD] = {{{0}}};
    for (int64_t k = 0; k < n; k++)
        for (int p = 0; p < P; p++)
            for (int q = 0; q < Q; q++)
                sum[p][q] += all(a[p*step_p + k*step_k])*load(b + k*columns + q*LANES);
    for (int p = 0; p < P; p++)
        for (int q = 0; q < Q; q++) store(out + p*columns + q*LANES, sum[p][q]);
}

/* The rows of Q vectors of columns */
INLINE void outer_strip(const int Q, int64_t rows, int64_t columns, int64_t n, const real *a, int64_t step_p,
                        int64_t step_k, const real *b, real *restrict out)
{
    int64_t p = 0;
    for (; p + 6 <= rows; p += 6)
        outer_tile(6, Q, columns, n, a + p*step_p, step_p, step_k, b, out + p*columns);
    for (; p + 2 <= rows; p += 2)
        outer_tile(2, Q, columns, n, a + p*step_p, step_p, step_k, b, out + p*columns);
    for (; p < rows; p++) outer_tile(1, Q, columns, n, a + p*step_p, step_p, step_k, b, out + p*columns);
}

/* out[p][q] = sum over k of a[p][k] b[k][q], with steps in a */
static void outer(int64_t rows, int64_t columns, int64_t n, const real *a, int64_t step_p, int64_t step_k,
                  const real *b, real *restrict out)
{
    int64_t q = 0;
    for (; q + BROAD*LANES <= columns; q += BROAD*LANES)
        outer_strip(BROAD, rows, columns, n, a, step_p, step_k, b + q, out + q);
    for (; q + LANES <= columns; q += LANES)
        outer_strip(1, rows, columns, n, a, step_p, step_k, b + q, out + q);
    if (q < columns && LANES <= columns) {  /* the last columns, some of them once more */
        q = columns - LANES;
        outer_strip(1, rows, columns, n, a, step_p, step_k, b + q, out + q);
        q = columns;
    }
    for (int64_t p = 0; q < columns && p < rows; p++)
        for (int64_t i = q; i < columns; i++) {
            real sum = 0;
            for (int64_t k = 0; k < n; k++) sum += a[p*step_p + k*step_k]*b[k*columns + i];
            out[p*columns + i] = sum;
        }
}"""

KERNELS = {"dots": DOTS, "outer": OUTER}
