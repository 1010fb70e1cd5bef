"""The C of the caller, first part: its tables, and the checks that an argument is what a plan reads."""

ARGUMENTS = r"""
/* Calls compiled plans with NumPy arrays.  Nothing here knows a particular plan: a Caller holds the address of its
   `run` and a table of its arguments.  What does not fit exactly (another type, another layout, another shape) gives
   NotImplemented, and Python takes a slower way. */
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <structmember.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_AXES = 8 };
enum { ARRAY, NUMBER, WIDTH };
/* Where a network's argument is found: params["W"][layer], params["b"][layer], x, y, params["constants"][name]. */
enum { WEIGHTS, BIASES, X, Y, SAMPLES, WEIGHT, CONSTANT, LOSS };

typedef int (*Run)(const int64_t *, const void *const *, void *const *);

typedef struct {
    int sort, axes;
    int64_t sizes[MOST_AXES]; /* a length, or -1 - w for the width w, which the arrays themselves give */
    int role, layer;
    PyObject *key;
} Argument;

typedef struct {
    PyObject_HEAD
    Run run;
    int type, inputs, results, widths, depth, large;
    Argument *input, *result;
} Caller;

static PyObject *word_W, *word_b, *word_x, *word_constants;

/* Room for one call. */
typedef struct {
    int64_t *width;
    const void **in;
    void **out;
    double *number;
    PyObject **kept;
} Room;

static int width_is(const Caller *self, int64_t *width, int64_t size, int64_t found)
{
    if (size >= 0) return size == found;
    int64_t *known = width + (-1 - size);
    if (*known < 0) *known = found;
    return *known == found;
}

/* 1 where the object is an array that the plan can read as it is; `single` allows a missing first axis. */
static int fits(const Caller *self, const Argument *one, PyObject *object, int64_t *width, int single)
{
    if (!PyArray_CheckExact(object)) return 0;
    PyArrayObject *array = (PyArrayObject *) object;
    if (PyArray_TYPE(array) != self->type || !PyArray_IS_C_CONTIGUOUS(array) || !PyArray_ISALIGNED(array)
        || !PyArray_ISNOTSWAPPED(array) || PyArray_NDIM(array) + single != one->axes) return 0;
    if (single && !width_is(self, width, one->sizes[0], 1)) return 0;
    for (int i = single; i < one->axes; i++)
        if (!width_is(self, width, one->sizes[i], (int64_t) PyArray_DIM(array, i - single))) return 0;
    return 1;
}

/* A number of the plan's own type, written where `in` can point to. */
static int number_is(const Caller *self, double value, double *at)
{
    if (self->type == NPY_FLOAT) *(float *) at = (float) value; else *at = value;
    return 1;
}

static PyObject *new_result(const Caller *self, const Argument *one, const int64_t *width, int single)
{
    npy_intp sizes[MOST_AXES];
    for (int i = single; i < one->axes; i++)
        sizes[i - single] = (npy_intp) (one->sizes[i] >= 0 ? one->sizes[i] : width[-1 - one->sizes[i]]);
    return PyArray_SimpleNew(one->axes - single, sizes, self->type);
}

static int widths_known(const Caller *self, const int64_t *width)
{
    for (int i = 0; i < self->widths; i++) if (width[i] < 0) return 0;
    return 1;
}

"""
