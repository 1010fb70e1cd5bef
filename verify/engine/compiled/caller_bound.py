"""The C of the caller, third part: a network with its arrays, for loops that call it very often."""

BOUND = r"""
/* A network with its arrays, called again and again: it reads what they hold then, and overwrites its answer. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    Caller *of;
    PyObject *gradients, *kept; /* whoever empties `gradients` must not free what the next call writes to */
    int64_t work;
    double loss;
    Room room;
} Bound;

static PyObject *bound_call(PyObject *object, PyObject *const *args, size_t count, PyObject *names)
{
    Bound *self = (Bound *) object;
    if (PyVectorcall_NARGS(count) || names) {
        PyErr_SetString(PyExc_TypeError, "a bound network takes nothing");
        return NULL;
    }
    if (started(self->of, &self->room, self->work)) return NULL;
    return PyFloat_FromDouble(self->of->type == NPY_FLOAT ? (double) *(float *) &self->loss : self->loss);
}

static void bound_free(Bound *self)
{
    for (int i = 0; self->room.kept && i < self->of->inputs; i++) Py_XDECREF(self->room.kept[i]);
    PyMem_Free(self->room.width);
    PyMem_Free(self->room.in);
    PyMem_Free(self->room.out);
    PyMem_Free(self->room.number);
    PyMem_Free(self->room.kept);
    Py_XDECREF(self->gradients);
    Py_XDECREF(self->kept);
    Py_XDECREF((PyObject *) self->of);
    Py_TYPE(self)->tp_free((PyObject *) self);
}

static PyMemberDef bound_members[] = {
    {"gradients", T_OBJECT, offsetof(Bound, gradients), READONLY, "the arrays that each call overwrites"},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject bound_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "backproof_caller.Bound",
    .tp_basicsize = sizeof(Bound),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Bound, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor) bound_free,
    .tp_members = bound_members,
};

/* bind(params, x, y, mean): a function without arguments that gives the loss; its `gradients` are overwritten */
static PyObject *caller_bind(Caller *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4) { PyErr_SetString(PyExc_TypeError, "bind takes params, x, y and mean"); return NULL; }
    if (!PyDict_CheckExact(args[0]) || !PyArray_CheckExact(args[1]) || !PyArray_CheckExact(args[2]))
        Py_RETURN_NOTIMPLEMENTED;
    const int single = PyArray_NDIM((PyArrayObject *) args[1]) == 1;
    Bound *made = PyObject_New(Bound, &bound_type);
    if (!made) return NULL;
    Py_INCREF(self);
    made->of = self;
    made->call = bound_call;
    made->gradients = made->kept = NULL;
    made->work = 0;
    Room *room = &made->room;
    room->width = PyMem_Calloc((size_t) self->widths + 1, sizeof(int64_t));
    room->in = PyMem_Calloc((size_t) self->inputs + 1, sizeof(void *));
    room->out = PyMem_Calloc((size_t) self->results + 1, sizeof(void *));
    room->number = PyMem_Calloc((size_t) self->inputs + 1, sizeof(double));
    room->kept = PyMem_Calloc((size_t) self->inputs + 1, sizeof(PyObject *));
    if (!room->width || !room->in || !room->out || !room->number || !room->kept) {
        Py_DECREF(made);
        return PyErr_NoMemory();
    }
    for (int i = 0; i < self->widths; i++) room->width[i] = -1;
    const int fit = gathered(self, args[0], args[1], args[2], args[3] == Py_True, single, room, &made->work);
    for (int i = 0; i < self->inputs; i++) Py_XINCREF(room->kept[i]);
    if (!fit) {
        Py_DECREF(made);
        if (PyErr_Occurred()) return NULL;
        Py_RETURN_NOTIMPLEMENTED;
    }
    room->out[0] = &made->loss;
    made->gradients = PyDict_New();
    PyObject *weights = list_of_none(self->depth), *biases = list_of_none(self->depth);
    const int ready = made->gradients && weights && biases && !PyDict_SetItem(made->gradients, word_W, weights)
        && !PyDict_SetItem(made->gradients, word_b, biases)
        && prepared(self, weights, biases, made->gradients, single, room)
        && (made->kept = Py_BuildValue("(NNO)", PyList_AsTuple(weights), PyList_AsTuple(biases),
                                       PyDict_GetItemWithError(made->gradients, word_x)));
    Py_XDECREF(weights);
    Py_XDECREF(biases);
    if (!ready) { Py_DECREF(made); return NULL; }
    return (PyObject *) made;
}

"""
