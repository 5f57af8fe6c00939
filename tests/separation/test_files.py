"""Files are read exactly and as streams, and refused with the line and the column."""

from __future__ import annotations

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

from proofs.separation import SeparationError, files
from proofs.separation.files import read_file

PLAIN = "size,weight,kind\n0.1,2,a\n-3/7,1e-2,b\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", PLAIN),
        ("semicolons.csv", PLAIN.replace(",", ";")),
        ("tabs.tsv", PLAIN.replace(",", "\t")),
        ("packed.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)),
        ("marked.csv", "\ufeff" + PLAIN.replace("\n", "\r\n")),
        ("blank.csv", "\n" + PLAIN.replace("\n", "\n\n")),
        ("quoted.csv", 'size,weight,kind\n"0.1", 2 ,"a"\n-3/7,1e-2,b\n'),
    ],
)
def test_tables_of_every_form(name: str, content: str | bytes, tmp_path: Path) -> None:
    table, labels, label = read_file(written(tmp_path, name, content))
    assert (table.names, label, labels) == (("size", "weight"), "kind", ["a", "b"])
    assert [table.point(row) for row in (0, 1)] == [(Fraction(1, 10), 2), (Fraction(-3, 7), Fraction(1, 100))]


def test_columns_by_name_and_number(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", PLAIN)
    assert read_file(path, "kind", ("weight",))[0].names == ("weight",)
    assert read_file(path, "-1")[2] == "kind"
    plain = written(tmp_path, "b.csv", "1,0,5\n0,2,6\n")
    table, labels, label = read_file(plain, "0")
    assert (table.names, labels, label) == (("x1", "x2"), ["1", "0"], "x0")
    assert table.point(1) == (2, 6)


def test_blocks_join(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 3)
    lines = ["1,a", "2,b", "3,a", "0.5,b", "1/3,a", "-7,b", "1e3,a"]
    table, labels, _ = read_file(written(tmp_path, "a.csv", "x,kind\n" + "\n".join(lines)))
    assert [table.point(row)[0] for row in range(7)] == [1, 2, 3, Fraction(1, 2), Fraction(1, 3), -7, 1000]
    assert labels == list("abababa")


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame = pytest.importorskip("pandas").DataFrame({"kind": ["a", "b"], "x": [0.1, 2.0], "y": [1, -(2**60)]})
    frame.to_parquet(tmp_path / "a.parquet")
    table, labels, _ = read_file(tmp_path / "a.parquet", "kind")
    assert (table.names, labels) == (("x", "y"), ["a", "b"])
    assert table.point(1) == (2, -(2**60))
    with pytest.raises(SeparationError, match="cannot read"):
        read_file(written(tmp_path, "b.parquet", b"PAR1 no"), "kind")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "at least one row"),
        ("\n\n", "at least one row"),
        ("a,b\n", "at least one row below the names"),
        ("x\n1\n", "a label and at least one feature"),
        ("x,kind\n1,a\n2\n", "a.csv, line 3: expected 2 cells, got 1"),
        ("x,kind\n1,a\n2,b,c\n", "a.csv, line 3: expected 2 cells, got 3"),
        (
            "x,kind\n1,a\ntwo,b\n",
            "a.csv, line 3, column x: expected a number, got 'two'; choose features with --columns",
        ),
        ("x,kind\n1,a\nnan,b\n", "a.csv, line 3, column x: the value is missing"),
        ("x,kind\n1,a\n,b\n", "a.csv, line 3, column x: the value is missing"),
        ("x;kind\n1;a\n2,5;b\n", "a.csv, line 3, column x: expected a decimal point and no other sign, got '2,5'"),
        ("x,kind\n1,a\n1e9999,b\n", "expected a finite decimal"),
        ("x kind\n1 a\n", "got one column; cells are parted by"),
        ("x,kind\n1,0\n2,1\n3,1.0\n", "the labels 1 and 1.0 are one number"),
        ('x,kind\n1,a\n2,"b\n✓ PROVED"\n', "expected names and labels of one line"),
        ('"x\ny",kind\n1,a\n', "expected names and labels of one line"),
        ("x,kind\n1,a\n1/0,b\n", "a.csv, line 3, column x"),
        ("x,kind\n1,a\n\n3,\n", "a.csv, line 4: the label is missing"),
        ("x,x,kind\n1,2,a\n", "the column 'x' occurs twice"),
        ('x,kind\n"1,a\n', "not a table"),
        (b"x,kind\n\xff,a\n", "expected UTF-8 text, got the byte 0xff"),
        (b"x,kind\n1,\0\n", "zero byte"),
        (b"\x1f\x8b\x08\0garbage", "cannot read"),
        (gzip.compress(b"x,kind\n1,a\n" * 50, mtime=0)[:-9], "cannot read"),
    ],
)
def test_what_cannot_be_read_is_named(content: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(SeparationError, match=message):
        read_file(written(tmp_path, "a.csv", content))


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", PLAIN)
    with pytest.raises(SeparationError, match="label: expected one of size, weight, kind, got 'colour'"):
        read_file(path, "colour")
    with pytest.raises(SeparationError, match="columns: expected one of size, weight, kind, got 'length'"):
        read_file(path, "kind", ("length",))
    for no_place in ("²", "9" * 6000, "--1", "١"):
        with pytest.raises(SeparationError, match="label: expected one of"):
            read_file(path, no_place)
    for twice in (("weight", "weight"), ("weight", "1"), ("-2", "1")):
        with pytest.raises(SeparationError, match="columns: 'weight' is there twice"):
            read_file(path, "kind", twice)
    with pytest.raises(SeparationError, match="columns: 'kind' is the label"):
        read_file(path, "", ("size", "kind"))
    with pytest.raises(SeparationError, match=r"cannot read .*: No such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(SeparationError, match="cannot read"):
        read_file(tmp_path)


def test_a_file_of_five_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"x,kind\n")
        file.truncate(5 * 10**9)
    with pytest.raises(SeparationError, match=r"expected at most 1 GB, got 5\.0 GB"):
        read_file(path)


def test_a_packed_file_is_refused_by_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 100_000)
    monkeypatch.setattr(files, "MOST_LINE", 1_000)
    path = written(tmp_path, "a.csv.gz", gzip.compress(b"x,kind\n" + b"1,a\n" * 100_000, mtime=0))
    with pytest.raises(SeparationError, match="expected at most 0 GB, got more"):
        read_file(path)
    path = written(tmp_path, "b.csv.gz", gzip.compress(b"1" * 10_000, mtime=0))
    with pytest.raises(SeparationError, match="lines of at most 1,000 characters"):
        read_file(path)
    monkeypatch.setattr(files, "MOST_CELLS", 10)
    with pytest.raises(SeparationError, match="expected at most 10 numbers"):
        read_file(written(tmp_path, "c.csv", "x,kind\n" + "1,a\n" * 20))
