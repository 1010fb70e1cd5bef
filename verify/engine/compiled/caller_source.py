"""The C of the extension module that stands between Python and a compiled plan: checks, allocates, runs, packs."""

from verify.engine.compiled.caller_arguments import ARGUMENTS
from verify.engine.compiled.caller_bound import BOUND

_CALLS = r"""
/* Runs the plan; others may use Python meanwhile where that is worth it. */
static int started(const Caller *self, Room *room, int64_t work)
{
    int status;
    if (work > self->large) {
        Py_BEGIN_ALLOW_THREADS
        status = self->run(room->width, room->in, room->out);
        Py_END_ALLOW_THREADS
    } else status = self->run(room->width, room->in, room->out);
    if (status == 1) PyErr_NoMemory();
    if (status == 2) {
        PyObject *linalg = PyImport_ImportModule("numpy.linalg");
        PyObject *error = linalg ? PyObject_GetAttrString(linalg, "LinAlgError") : NULL;
        if (error) PyErr_SetString(error, "Singular matrix");
        Py_XDECREF(error);
        Py_XDECREF(linalg);
    }
    return status;
}

#define ROOM(room) \
    int64_t width_[self->widths + 1]; const void *in_[self->inputs + 1]; void *out_[self->results + 1]; \
    double number_[self->inputs + 1]; PyObject *kept_[self->inputs + 1]; \
    Room room = { width_, in_, out_, number_, kept_ }; \
    for (int i = 0; i < self->widths; i++) width_[i] = -1;

/* One argument that is an array; counts entries. */
static int take(const Caller *self, int i, int at, PyObject *object, Room *room, int single, int64_t *work)
{
    if (!object || !fits(self, self->input + i, object, room->width, single)) return 0;
    room->in[at] = PyArray_DATA((PyArrayObject *) object);
    *work += PyArray_SIZE((PyArrayObject *) object);
    room->kept[i] = object;
    return 1;
}

/* call(*arguments): a list of arrays, or NotImplemented */
static PyObject *caller_call(Caller *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != self->inputs) { PyErr_SetString(PyExc_TypeError, "another number of arguments"); return NULL; }
    ROOM(room)
    int64_t work = 0;
    int at = 0;
    for (int i = 0; i < self->inputs; i++) {
        const Argument *one = self->input + i;
        if (one->sort == ARRAY) {
            if (!take(self, i, at, args[i], &room, 0, &work)) Py_RETURN_NOTIMPLEMENTED;
            at++;
        } else if (one->sort == NUMBER) {
            const double value = PyFloat_AsDouble(args[i]);
            if (value == -1.0 && PyErr_Occurred()) return NULL;
            number_is(self, value, room.number + at);
            room.in[at] = room.number + at;
            at++;
        } else {
            const long long value = PyLong_AsLongLong(args[i]);
            if (value == -1 && PyErr_Occurred()) return NULL;
            if (value < 0 || !width_is(self, room.width, one->sizes[0], value)) Py_RETURN_NOTIMPLEMENTED;
        }
    }
    if (!widths_known(self, room.width)) Py_RETURN_NOTIMPLEMENTED;
    PyObject *found = PyList_New(self->results);
    if (!found) return NULL;
    for (int i = 0; i < self->results; i++) {
        PyObject *array = new_result(self, self->result + i, room.width, 0);
        if (!array) { Py_DECREF(found); return NULL; }
        PyList_SET_ITEM(found, i, array);
        room.out[i] = PyArray_DATA((PyArrayObject *) array);
        work += PyArray_SIZE((PyArrayObject *) array);
    }
    /* The caller's own references keep the arguments alive. */
    if (started(self, &room, work)) { Py_DECREF(found); return NULL; }
    return found;
}

/* The entry of params["W"] or params["b"] for a layer, borrowed; NULL where there is none, or where the list is longer
   than the network is deep, which is a mistake that Python names. */
static PyObject *of_layer(const Caller *self, PyObject *params, PyObject *word, int layer)
{
    PyObject *list = PyDict_GetItemWithError(params, word);
    if (!list || !(PyList_CheckExact(list) || PyTuple_CheckExact(list))) return NULL;
    const Py_ssize_t size = PySequence_Fast_GET_SIZE(list);
    return layer < size && size <= self->depth ? PySequence_Fast_GET_ITEM(list, layer) : NULL;
}

static int constant(PyObject *params, PyObject *key, double *value)
{
    PyObject *all = PyDict_GetItemWithError(params, word_constants);
    PyObject *one = all && PyDict_CheckExact(all) ? PyDict_GetItemWithError(all, key) : NULL;
    if (!one || !PyFloat_Check(one)) return 0;
    *value = PyFloat_AS_DOUBLE(one);
    return 1;
}

/* All arguments of a network; 0 where something does not fit. */
static int gathered(const Caller *self, PyObject *params, PyObject *x, PyObject *y, int mean, int single, Room *room,
                    int64_t *work)
{
    int at = 0, weight = -1, samples = -1;
    double value;
    for (int i = 0; i < self->inputs; i++) {
        const Argument *one = self->input + i;
        switch (one->role) {
        case WEIGHTS:
            if (!take(self, i, at++, of_layer(self, params, word_W, one->layer), room, 0, work)) return 0;
            break;
        case BIASES:
            if (!take(self, i, at++, of_layer(self, params, word_b, one->layer), room, 0, work)) return 0;
            break;
        case X: if (!take(self, i, at++, x, room, single, work)) return 0; break;
        case Y: if (!take(self, i, at++, y, room, single, work)) return 0; break;
        case SAMPLES: samples = i; break;
        case WEIGHT: weight = at++; break;
        case CONSTANT:
            if (!constant(params, one->key, &value)) return 0;
            number_is(self, value, room->number + at);
            room->in[at] = room->number + at;
            at++;
            break;
        default: if (!widths_known(self, room->width)) return 0;
        }
    }
    if (!widths_known(self, room->width) || samples < 0) return 0;
    const int64_t count = room->width[-1 - self->input[samples].sizes[0]];
    if (count < 1) return 0;
    if (weight >= 0) {
        number_is(self, mean ? 1.0/(double) count : 1.0, room->number + weight);
        room->in[weight] = room->number + weight;
    }
    return 1;
}

static PyObject *list_of_none(int length)
{
    PyObject *list = PyList_New(length);
    for (int i = 0; list && i < length; i++) { Py_INCREF(Py_None); PyList_SET_ITEM(list, i, Py_None); }
    return list;
}

/* The new arrays, put where they belong; 0 where memory has run out. */
static int prepared(const Caller *self, PyObject *weights, PyObject *biases, PyObject *found, int single, Room *room)
{
    for (int i = 1; i < self->results; i++) {
        const Argument *one = self->result + i;
        PyObject *array = new_result(self, one, room->width, single && one->role == X);
        if (!array) return 0;
        room->out[i] = PyArray_DATA((PyArrayObject *) array);
        if (one->role == X) {
            const int failed = PyDict_SetItem(found, word_x, array);
            Py_DECREF(array);
            if (failed) return 0;
        } else PyList_SetItem(one->role == WEIGHTS ? weights : biases, one->layer, array);
    }
    return 1;
}

/* network(params, x, y, mean): (loss, {"W": ..., "b": ..., "x": ...}), or NotImplemented */
static PyObject *caller_network(Caller *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4) { PyErr_SetString(PyExc_TypeError, "network takes params, x, y and mean"); return NULL; }
    PyObject *params = args[0], *x = args[1], *y = args[2];
    if (!PyDict_CheckExact(params) || !PyArray_CheckExact(x) || !PyArray_CheckExact(y)) Py_RETURN_NOTIMPLEMENTED;
    const int single = PyArray_NDIM((PyArrayObject *) x) == 1;
    ROOM(room)
    for (int i = 0; i < self->inputs; i++) room.kept[i] = NULL;
    int64_t work = 0;
    if (!gathered(self, params, x, y, args[3] == Py_True, single, &room, &work)) {
        if (PyErr_Occurred()) return NULL;
        Py_RETURN_NOTIMPLEMENTED;
    }
    double loss = 0;
    room.out[0] = &loss;
    PyObject *answer = NULL, *found = PyDict_New(), *weights = list_of_none(self->depth),
             *biases = list_of_none(self->depth);
    if (!found || !weights || !biases || PyDict_SetItem(found, word_W, weights) || PyDict_SetItem(found, word_b, biases)
        || !prepared(self, weights, biases, found, single, &room)) goto done;
    /* While others use Python, somebody might empty the lists of params. */
    for (int i = 0; i < self->inputs; i++) Py_XINCREF(room.kept[i]);
    const int status = started(self, &room, work);
    for (int i = 0; i < self->inputs; i++) Py_XDECREF(room.kept[i]);
    if (status) goto done;
    PyObject *number = PyFloat_FromDouble(self->type == NPY_FLOAT ? (double) *(float *) &loss : loss);
    if (number) answer = PyTuple_Pack(2, number, found);
    Py_XDECREF(number);
done:
    Py_XDECREF(found);
    Py_XDECREF(weights);
    Py_XDECREF(biases);
    return answer;
}

"""

_MODULE = r"""
/* (sort, (size, ...), role, layer, key) of each argument */
static Argument *read_arguments(PyObject *rows, int count)
{
    Argument *found = PyMem_Calloc((size_t) count + 1, sizeof(Argument));
    if (!found) { PyErr_NoMemory(); return NULL; }
    for (int i = 0; i < count; i++) {
        PyObject *sizes, *key;
        Argument *one = found + i;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(rows, i), "iO!iiO", &one->sort, &PyTuple_Type, &sizes, &one->role,
                              &one->layer, &key)) return NULL;
        one->axes = (int) PyTuple_GET_SIZE(sizes);
        if (one->axes > MOST_AXES) { PyErr_SetString(PyExc_ValueError, "too many axes"); return NULL; }
        for (int k = 0; k < one->axes; k++) one->sizes[k] = PyLong_AsLongLong(PyTuple_GET_ITEM(sizes, k));
        if (PyErr_Occurred()) return NULL;
        Py_INCREF(key);
        one->key = key;
    }
    return found;
}

static PyObject *caller_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    unsigned long long address;
    int number, widths, depth, large;
    PyObject *inputs, *results;
    if (!PyArg_ParseTuple(args, "KiiiiO!O!", &address, &number, &widths, &depth, &large, &PyTuple_Type, &inputs,
                          &PyTuple_Type, &results)) return NULL;
    Caller *self = (Caller *) type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->run = (Run) (uintptr_t) address;
    self->type = number;
    self->widths = widths;
    self->depth = depth;
    self->large = large;
    self->inputs = (int) PyTuple_GET_SIZE(inputs);
    self->results = (int) PyTuple_GET_SIZE(results);
    self->input = read_arguments(inputs, self->inputs);
    self->result = self->input ? read_arguments(results, self->results) : NULL;
    if (!self->result) { Py_DECREF(self); return NULL; }
    return (PyObject *) self;
}

static void caller_free(Caller *self)
{
    for (int i = 0; self->input && i < self->inputs; i++) Py_XDECREF(self->input[i].key);
    for (int i = 0; self->result && i < self->results; i++) Py_XDECREF(self->result[i].key);
    PyMem_Free(self->input);
    PyMem_Free(self->result);
    Py_TYPE(self)->tp_free((PyObject *) self);
}

static PyMethodDef caller_methods[] = {
    {"call", (PyCFunction) (void *) caller_call, METH_FASTCALL, "call(*arguments): a list of arrays"},
    {"network", (PyCFunction) (void *) caller_network, METH_FASTCALL, "network(params, x, y, mean)"},
    {"bind", (PyCFunction) (void *) caller_bind, METH_FASTCALL, "bind(params, x, y, mean): a function of nothing"},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject caller_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "backproof_caller.Caller",
    .tp_basicsize = sizeof(Caller),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = caller_new,
    .tp_dealloc = (destructor) caller_free,
    .tp_methods = caller_methods,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "backproof_caller", NULL, -1, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_backproof_caller(void)
{
    import_array();
    word_W = PyUnicode_InternFromString("W");
    word_b = PyUnicode_InternFromString("b");
    word_x = PyUnicode_InternFromString("x");
    word_constants = PyUnicode_InternFromString("constants");
    if (!word_W || !word_b || !word_x || !word_constants || PyType_Ready(&caller_type) < 0
        || PyType_Ready(&bound_type) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    if (!made) return NULL;
    Py_INCREF(&caller_type);
    if (PyModule_AddObject(made, "Caller", (PyObject *) &caller_type) < 0) { Py_DECREF(made); return NULL; }
    return made;
}
"""

SOURCE = ARGUMENTS + _CALLS + BOUND + _MODULE
