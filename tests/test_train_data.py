"""Data: CSV and IDX files, whole or refused with a line number; scalings, splits and targets against plain Python."""

from __future__ import annotations

import gzip
import math
import statistics
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from derive.network import Network
from verify.training import idx, sources, table
from verify.training.data import Samples, of_arrays, targets
from verify.training.errors import DataError, TrainingError
from verify.training.scaling import SCALINGS, fit

# --- CSV ---


def csv_file(folder, text, name="flowers.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


FLOWERS = "length,width,kind\n1.5,2,rose\n3,4e0,lily\n-5,0.5,rose\n"


def test_a_file_with_names_and_labels(tmp_path):
    found = table.samples(csv_file(tmp_path, FLOWERS))
    assert found.x.tolist() == [[1.5, 2], [3, 4], [-5, 0.5]]
    assert (found.classes, found.y.tolist(), found.columns) == (("lily", "rose"), [1, 0, 1], ("length", "width"))


@pytest.mark.parametrize(
    "text",
    [
        FLOWERS.replace(",", ";"),
        FLOWERS.replace(",", "\t"),
        "\ufeff" + FLOWERS,
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.replace("\n", "\n\n"),
        FLOWERS.rstrip(),
        FLOWERS.replace("rose", '"rose"'),
        FLOWERS.replace(",", ", "),
        FLOWERS.partition("\n")[2],
        gzip.compress(FLOWERS.encode(), mtime=0),
    ],
    ids=["semicolons", "tabs", "mark", "crlf", "empty-lines", "no-last-end", "quotes", "spaces", "no-names", "packed"],
)
def test_the_same_file_otherwise_written(tmp_path, text):
    found = table.samples(csv_file(tmp_path, text))
    assert found.x.tolist() == [[1.5, 2], [3, 4], [-5, 0.5]]
    assert (found.classes, found.y.tolist()) == (("lily", "rose"), [1, 0, 1])


def test_the_column_to_learn_by_name_and_by_number(tmp_path):
    path = csv_file(tmp_path, "y,a,b\n1,2,3\n4,5,6\n")
    by_name, by_number = table.samples(path, "y"), table.samples(path, "1")
    assert by_name.x.tolist() == by_number.x.tolist() == [[2, 3], [5, 6]]
    assert by_name.y.tolist() == [[1], [4]]
    assert table.samples(path, "y,b").y.tolist() == [[1, 3], [4, 6]]
    assert table.samples(path, "y", classes=True).classes == ("1", "4")


def test_labels_that_are_numbers_are_in_the_order_of_numbers(tmp_path):
    found = table.samples(csv_file(tmp_path, "1,10\n2,9\n3,10.0\n"), classes=True)
    assert (found.classes, found.y.tolist()) == (("9", "10"), [1, 0, 1])


def test_a_first_line_may_be_said_to_be_names_or_not(tmp_path):
    path = csv_file(tmp_path, "1,2\n3,4\n")
    assert len(table.samples(path)) == 2
    assert len(table.samples(path, header=True)) == 1
    with pytest.raises(DataError, match=r"line 1 of .* column '1', holds 'a'"):
        table.samples(csv_file(tmp_path, "a,2\n3,4\n"), header=False)


FAULTS = [
    ("", "is empty; it must hold one sample a line"),
    ("\n \n", "is empty"),
    ("1\n2\n", "has one column"),
    ("a,b,c\n", "has a line of names and no samples"),
    ("1,2,x\n3,4\n", "line 2 of .*flowers.csv has 2 columns, line 1 has 3"),
    ("a,b,c\n1,2,x\n\n3,oops,y\n", "line 4 of .*flowers.csv, column 'b', holds 'oops', which is no finite number"),
    ("1,2,x\n3,,y\n", "line 2 of .*, column '2', is empty"),
    ("1,nan,x\n", "line 1 of .*, column '2', holds 'nan'"),
    ("1,2,x\n1e999,2,y\n", "line 2 of .*, column '1', holds '1e999'"),
    ("1,2,x\n1_000,2,y\n", "line 2 of .* holds '1_000'"),
    ("1,2,x\n3,4,\n", "line 2 of .* has no label in column '3'"),
    ('1,2,x\n3,"4,y\n', "line 2 of .* is no line of a CSV file: unexpected end of data"),
    (b"1,2,x\n3,\xff,y\n", "line 2 of .* is not UTF-8 text; save the file as UTF-8"),
    (b"\x1f\x8b\x08\x00broken", "is no whole gzip file"),
    (gzip.compress(FLOWERS.encode(), mtime=0)[:-9], "is no whole gzip file"),
    ("1,2,x\n3," + "4" * 200_000 + ",y\n", "line 2 of .* is no line of a CSV file: field larger than"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path, text, said):
    with pytest.raises(DataError, match=said):
        table.samples(csv_file(tmp_path, text))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("colour", "has no column 'colour' .it has length, width, kind.$"),
        ("4", "has no column '4'"),
        ("0", "has no column '0'"),
        ("kind,kind", "--target must name different columns"),
        ("1,2,3", "and leave one to learn from"),
        ("length,kind", "line 2 of .*, column 'kind', holds 'rose'"),
    ],
)
def test_a_wrong_target_is_refused(tmp_path, target, said):
    with pytest.raises(DataError, match=said):
        table.samples(csv_file(tmp_path, FLOWERS), target)


def test_what_is_no_file_is_refused(tmp_path):
    for path, said in [(tmp_path, "is a folder"), (tmp_path / "none.csv", "cannot be read: No such file")]:
        with pytest.raises(DataError, match=said):
            table.samples(path)
    with pytest.raises(DataError, match=r"^there is no file 'digitz'; data are digits, a CSV file"):
        sources.read("digitz")


def test_a_packed_file_is_not_unpacked_without_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_BYTES", 1000)
    with pytest.raises(DataError, match="holds more than 1,000 bytes; split it"):
        table.samples(csv_file(tmp_path, gzip.compress(b"1,2,3\n" * 100_000, mtime=0)))


@given(values=arrays(float, some.tuples(some.integers(1, 6), some.integers(2, 4)),
                     elements=some.floats(allow_nan=False, allow_infinity=False)))  # fmt: skip
@settings(max_examples=40)
def test_every_float_comes_back_as_it_was(tmp_path_factory, values):
    text = "\n".join(",".join(map(repr, map(float, line))) for line in values)
    found = table.samples(csv_file(tmp_path_factory.mktemp("csv"), text))
    assert np.array_equal(np.column_stack([found.x, found.y]), values)


# --- IDX ---


def idx_bytes(values, code=0x08):
    kind = {0x08: "B", 0x09: "b", 0x0B: "h", 0x0C: "i", 0x0D: "f", 0x0E: "d"}[code]
    shape = np.shape(values)
    flat = np.ravel(values).tolist()
    return struct.pack(f">BBBB{len(shape)}I{len(flat)}{kind}", 0, 0, code, len(shape), *shape, *flat)


IMAGES, LABELS = np.arange(24).reshape(3, 2, 4), np.array([7, 2, 7])


@pytest.mark.parametrize("code", [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E])
@pytest.mark.parametrize("packed", [False, True])
def test_every_kind_of_number_is_read(tmp_path, code, packed):
    content = idx_bytes(IMAGES, code)
    path = csv_file(tmp_path, gzip.compress(content, mtime=0) if packed else content, "images")
    assert idx.array(path).tolist() == IMAGES.tolist()


def test_images_with_labels_are_samples(tmp_path):
    found = idx.samples(
        csv_file(tmp_path, idx_bytes(IMAGES), "images"), csv_file(tmp_path, idx_bytes(LABELS), "labels")
    )
    assert (found.x.shape, found.classes, found.y.tolist()) == ((3, 8), ("2", "7"), [1, 0, 1])


def test_the_folder_of_mnist_brings_what_is_held_out(tmp_path):
    csv_file(tmp_path, idx_bytes(IMAGES), "train-images-idx3-ubyte")
    with pytest.raises(DataError, match="holds no train-images and train-labels files"):
        sources.read(str(tmp_path))
    csv_file(tmp_path, gzip.compress(idx_bytes(LABELS), mtime=0), "train-labels.idx1-ubyte.gz")
    assert sources.read(str(tmp_path))[1] is None
    csv_file(tmp_path, idx_bytes(IMAGES[:2]), "t10k-images-idx3-ubyte")
    csv_file(tmp_path, idx_bytes(LABELS[:2]), "t10k-labels-idx1-ubyte")
    learned, held = sources.read(str(tmp_path))
    assert (len(learned), len(held)) == (3, 2)


def test_what_is_held_out_has_the_same_classes(tmp_path):
    csv_file(tmp_path, idx_bytes(IMAGES), "train-images-idx3-ubyte")
    csv_file(tmp_path, idx_bytes(LABELS), "train-labels-idx1-ubyte")
    csv_file(tmp_path, idx_bytes(IMAGES[:1]), "t10k-images-idx3-ubyte")
    csv_file(tmp_path, idx_bytes(np.array([7])), "t10k-labels-idx1-ubyte")
    learned, held = sources.read(str(tmp_path))
    assert held.classes == learned.classes == ("2", "7")
    assert held.y.tolist() == [1]
    csv_file(tmp_path, idx_bytes(np.array([5])), "t10k-labels-idx1-ubyte")
    with pytest.raises(DataError, match="has the label '5', which no sample to learn from has"):
        sources.read(str(tmp_path))


GOOD = idx_bytes(IMAGES)
IDX_FAULTS = [
    (b"", "is no IDX file: it must begin with 0, 0, a type and a number of axes"),
    (b"\0\0\x07\x01" + GOOD[4:], "is no IDX file"),
    (b"\x89PNG" + GOOD[4:], "is no IDX file: .* not 89 50 4e 47"),
    (b"\0\0\x08\0", "is no IDX file"),
    (b"\0\0\x08\xff" + b"\0" * 2000, "is no IDX file"),
    (GOOD[:9], "ends within its header"),
    (GOOD[:-1], "is cut off: its header promises 24 bytes of numbers, it has 23"),
    (GOOD + b"\0", "has more numbers than the 24 bytes that its header promises"),
    (struct.pack(">BBBB3I", 0, 0, 14, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "claims .* bytes of numbers; at most"),
    (gzip.compress(GOOD, mtime=0)[:-8], "is no whole gzip file|is cut off"),
    (gzip.compress(GOOD, mtime=0)[:20], "is no whole gzip file"),
    (gzip.compress(GOOD + b"\0" * 50_000_000, mtime=0), "has more numbers than the 24 bytes"),
]


@pytest.mark.parametrize(("content", "said"), IDX_FAULTS)
def test_a_faulty_idx_file_is_refused(tmp_path, content, said):
    with pytest.raises(DataError, match=said):
        idx.array(csv_file(tmp_path, content, "images"))


def test_as_many_labels_as_images(tmp_path):
    images = csv_file(tmp_path, idx_bytes(IMAGES), "images")
    with pytest.raises(DataError, match=r"holds 3 samples and .* 2 labels"):
        idx.samples(images, csv_file(tmp_path, idx_bytes(LABELS[:2]), "labels"))
    with pytest.raises(DataError, match="must hold one whole number for each sample"):
        idx.samples(images, images)


# --- scalings, splits, targets ---


def matrices(rows=(2, 7)):
    return arrays(
        float, some.tuples(some.integers(*rows), some.integers(1, 4)), elements=some.integers(-50, 50).map(float)
    )


@given(values=matrices())
@settings(max_examples=60)
def test_scalings_do_what_they_say(values):
    columns = [list(one) for one in values.T]
    for place, column in enumerate(columns):
        low, high, mean, spread = min(column), max(column), statistics.fmean(column), statistics.pstdev(column)
        ranged = [(one - low) / ((high - low) or 1) for one in column]
        standard = [(one - mean) / (spread if high > low else 1) for one in column]
        assert fit("min-max", values)(values)[:, place] == pytest.approx(ranged)
        assert fit("standardise", values)(values)[:, place] == pytest.approx(standard, abs=1e-12)
    lengths = [math.hypot(*one) or 1 for one in values]
    np.testing.assert_allclose(fit("l2", values)(values), values / np.array(lengths)[:, None])
    assert (fit("none", values)(values) == values).all()


@pytest.mark.parametrize("name", SCALINGS)
def test_a_scaling_knows_only_what_it_was_fitted_on(name):
    learned, other = np.array([[0.0, 1.0], [10.0, 3.0]]), np.array([[20.0, 2.0]])
    alone = fit(name, learned)(other)
    assert (fit(name, learned)(np.vstack([learned, other]))[2] == alone[0]).all()
    assert fit("min-max", learned)(other).tolist() == [[2.0, 0.5]]


def test_an_unknown_scaling_is_refused():
    with pytest.raises(TrainingError, match="unknown scaling 'minmax'; did you mean 'min-max'"):
        fit("minmax", np.zeros((2, 2)))


@given(count=some.integers(2, 60), share=some.floats(0.05, 0.95), seed=some.integers(0, 9))
@settings(max_examples=60)
def test_a_split_loses_nothing_and_follows_its_seed(count, share, seed):
    data = Samples(np.arange(count)[:, None], np.arange(count))
    if not 0 < round(share * count) < count:
        with pytest.raises(DataError, match="cannot be split"):
            data.split(share, seed)
        return
    learned, held = data.split(share, seed)
    assert sorted([*learned.x.flat, *held.x.flat]) == list(range(count))
    assert len(held) == round(share * count)
    assert (learned.x[:, 0] == learned.y[:, 0]).all()
    assert (data.split(share, seed)[1].x == held.x).all()


THREE = of_arrays([[0.0], [1.0], [2.0]], ["b", "a", "b"])
NUMBERS = of_arrays([[0.0], [1.0]], [[0.25], [-3.0]])


@pytest.mark.parametrize(
    ("samples", "network", "wanted"),
    [
        (THREE, Network([1, 2], "softmax", "cross-entropy"), [[0, 1], [1, 0], [0, 1]]),
        (THREE, Network([1, 1], "sigmoid", "binary-cross-entropy"), [[1], [0], [1]]),
        (THREE, Network([1, 1], "linear", "hinge"), [[1], [-1], [1]]),
        (THREE, Network([1, 2], "linear", "hinge"), [[-1, 1], [1, -1], [-1, 1]]),
        (NUMBERS, Network([1, 1], "linear"), [[0.25], [-3]]),
    ],
)
def test_targets(samples, network, wanted):
    assert targets(samples, network).tolist() == wanted


@pytest.mark.parametrize(
    ("samples", "network", "said"),
    [
        (THREE, Network([2, 2]), "data has 1 inputs a sample, and the network 2; let --layers begin with 1"),
        (THREE, Network([1, 3]), "data has 2 classes, and the network 3 outputs; let --layers end with 2 or 1"),
        (THREE, Network([1, 1], "softmax", "cross-entropy"), "for one output take binary-cross-entropy"),
        (NUMBERS, Network([1, 2]), "data has 1 numbers a sample to learn, and the network 2 outputs"),
        (NUMBERS, Network([1, 1], "sigmoid", "binary-cross-entropy"),
         "binary cross-entropy takes targets from 0 to 1; sample 2 of data has -3"),
        (NUMBERS, Network([1, 1], "linear", "hinge"), "hinge takes targets of −1 and 1"),
        (of_arrays([[0.0], [1.0]], [[0.5, 0.5], [0.5, 0.4]]), Network([1, 2], "softmax", "cross-entropy"),
         "takes targets that sum to 1; those of sample 2 sum to 0.9"),
    ],
)  # fmt: skip
def test_targets_that_do_not_fit_are_refused(samples, network, said):
    with pytest.raises(DataError, match=said):
        targets(samples, network)


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([1.0, 2.0], [1, 2], r"x of data must have the shape \(samples, inputs\), not \(2,\)"),
        ([[1.0], [2.0]], [1.0], "data has 2 inputs x and 1 answers y"),
        ([[1.0], [math.inf]], [1.0, 2.0], "x of data must be finite; sample 2 holds inf"),
        ([[1.0], [2.0]], [1.0, math.nan], "y of data must be finite; sample 2 holds nan"),
        ([["a"], ["b"]], [1.0, 2.0], "x of data must hold real numbers only"),
    ],
)
def test_arrays_that_are_no_samples_are_refused(x, y, said):
    with pytest.raises(DataError, match=said):
        of_arrays(x, y)


def test_classes_are_whole_numbers_in_their_range():
    with pytest.raises(DataError, match="y of data must be one whole number from 0 to 1 for each sample"):
        of_arrays([[1.0]], [2], ["a", "b"])
    assert of_arrays(np.zeros((2, 3, 4)), [0, 1], ["a", "b"]).x.shape == (2, 12)


def test_the_digits_are_the_digits():
    pytest.importorskip("sklearn")
    found, held = sources.read("digits")
    assert (found.x.shape, found.classes, held) == ((1797, 64), tuple("0123456789"), None)
    assert (found.x.min(), found.x.max()) == (0, 16)


def test_data_that_differ_anywhere_have_another_fingerprint():
    again = of_arrays([[0.0], [1.0], [2.0]], ["b", "a", "b"])
    assert again.fingerprint == THREE.fingerprint
    others = [of_arrays([[0.0], [1.0], [2.1]], ["b", "a", "b"]), of_arrays([[0.0], [1.0], [2.0]], ["b", "a", "a"]),
              of_arrays([[0.0], [1.0], [2.0]], ["c", "a", "c"])]  # fmt: skip
    assert THREE.fingerprint not in {one.fingerprint for one in others}
