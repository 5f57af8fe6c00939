"""A lower bound of the accuracy on the 8 x 8 digits that holds for every shared weight of an interval, certified.

    python examples/certified_accuracy.py
    python examples/certified_accuracy.py --interval=-2:-0.5 --plot accuracy.png --certificates certificates
    python examples/certified_accuracy.py --all --seconds 600

The network is examples/topologies/digits.json, found by the search of weight_agnostic.py; the rows are its test set,
359 digits that the search never saw, or all 1,797 with --all. Pixels are exact, whole numbers over 16.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from numeric.data import digits_8x8
from numeric.wann import TASKS
from proofs.networks.shared import certified_accuracy, read_topology
from proofs.networks.shared.plotting import draw_accuracy
from proofs.networks.shared.settling import interval_of
from proofs.report.writing import write_whole
from proofs.separation import SeparationError

TOPOLOGY = Path(__file__).parent / "topologies" / "digits.json"


def main() -> None:
    """Find the bound, print it part by part, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interval", default="0.5:2", metavar="A:B")
    parser.add_argument("--rows", type=int, metavar="N", help="only the first N rows")
    parser.add_argument("--all", action="store_true", help="all 1,797 digits, those of the search too")
    parser.add_argument("--seconds", type=float, default=120.0, help="for finding the bound and checking it")
    parser.add_argument("--certificates", type=Path, metavar="DIR")
    parser.add_argument("--plot", type=Path, metavar="FILE", help=".png, .svg or .pdf")
    given = parser.parse_args()
    if given.rows is not None and given.rows < 1:
        parser.error(f"--rows must be at least 1, got {given.rows}")
    if not 0 < given.seconds < float("inf"):
        parser.error(f"--seconds must be a number > 0, got {given.seconds:g}")
    try:
        interval = interval_of(given.interval.split(":"), "--interval")
    except SeparationError as error:
        parser.error(f"{error}; write 0.5:2, or --interval=-2:-0.5")
    if given.all:
        images = digits_8x8()
        rows, labels = images.x, images.labels
    else:
        columns, labels = TASKS["digits"]().test
        rows = columns.T
    rows, labels = rows[: given.rows], labels[: given.rows]
    found = certified_accuracy(
        read_topology(TOPOLOGY), rows.tolist(), labels.tolist(), interval, seconds=given.seconds, name="digits"
    )
    print(found)
    if given.certificates is not None:
        for verdict in found.verdicts:
            if verdict.certificate is not None:
                write_whole(given.certificates / f"{verdict.claim.name}.json", verdict.certificate.to_text().encode())
    if given.plot is not None:
        given.plot.parent.mkdir(parents=True, exist_ok=True)
        draw_accuracy(found).figure.savefig(given.plot, dpi=150)
    sys.exit({"PROVED": 0, "UNDECIDED": 3}[found.status.value])


if __name__ == "__main__":
    main()
