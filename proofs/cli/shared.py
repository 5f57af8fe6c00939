"""`gradproof shared`: for exactly which shared weights does a network compute its labels, or for every one?"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from proofs.cli.pictures import picture, refuse_picture
from proofs.cli.terminal import (
    JsonOption,
    accepted,
    certificate_files,
    check_seconds,
    exit_with,
    fail,
    new_console,
    print_json,
    progress_bar,
    refuse_file,
    refuse_folder,
    repeat_command,
    write_files,
)

if TYPE_CHECKING:
    from proofs.networks.shared import Topology
    from proofs.networks.shared.settling import Interval

SECONDS = 60.0


def shared(
    topology: Annotated[Path, typer.Argument(metavar="TOPOLOGY", help="A network without weights, JSON.")],
    truth_table: Annotated[
        str, typer.Option(metavar="TABLE", help="What it should compute: 0110, 'a & ~b', 'parity 3'.")
    ] = "",
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="Or rows and labels: CSV, TSV, Parquet.")] = None,
    label: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column of labels, by name or number from 0; the last, if none.")
    ] = "",
    scale: Annotated[str, typer.Option(metavar="NUMBER", help="Multiply every feature by this, such as 1/16.")] = "1",
    interval: Annotated[
        str, typer.Option(metavar="A:B", help="Ask about every w from A to B; without it, for exactly which w.")
    ] = "",
    window: Annotated[
        str, typer.Option(metavar="A:B", help="Where the set is looked for, if it is enclosed; -4:4, if none.")
    ] = "",
    accuracy: Annotated[
        bool, typer.Option("--accuracy", help="A lower bound of the accuracy for every w of the interval.")
    ] = False,
    seconds: Annotated[float, typer.Option(metavar="S", help="Give up after so long: undecided.")] = SECONDS,
    certificate: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the certificate; with --accuracy, into this folder.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the line of weights: .png, .svg or .pdf.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """\b
    Examples:
      gradproof shared examples/topologies/xor.json --truth-table 0110
      gradproof shared examples/topologies/parity3.json --truth-table 'parity 3' --interval 0.1:2 --plot parity.svg
      gradproof shared digits.json --data digits.csv --label digit --scale 1/16 --interval 0.5:1 --accuracy

    In the network of TOPOLOGY every connection has the same weight w. For exactly which w does it compute the table, or
    the labels of the rows? With activations linear, step, inverse, abs, relu and square the set is exact, on the whole
    line; with others it is enclosed in --window. With --interval: does it for every w from A to B? A single output says
    1 where it is > 0; of several, the largest is the class, and a tie is wrong.

    TOPOLOGY is JSON: examples/topologies/README.md says how to write one. sin is sin(pi x), and cos is cos(pi x).

    Exit codes: 0 proved, 1 refuted (--interval), 2 wrong usage or input, 3 undecided.
    """
    if (data is None) == (not truth_table):
        fail("name a data file with --data or give --truth-table, and not both", as_json)
    if accuracy and not interval:
        fail("accuracy: expected an interval; give --interval 0.5:1", as_json)
    if window and interval:
        fail("--window is for the set, --interval for every w of an interval: give one of them", as_json)
    refuse_picture(plot, as_json)
    (refuse_file if accuracy else refuse_folder)(certificate, as_json)
    check_seconds(seconds, as_json)
    from proofs.networks.shared import read_topology
    from proofs.separation import SeparationError

    try:
        network = read_topology(topology)
        points, labels = _table(truth_table) if data is None else _rows(data, label, scale, network)
        ends = _interval(interval, "interval") if interval else None
        within = _interval(window, "window") if window else None
        if accuracy:
            assert ends is not None
            _tell_accuracy(network, points, labels, ends, seconds, certificate, plot, as_json)
        _tell(network, points, labels, ends, within, seconds, certificate, plot, as_json)
    except SeparationError as error:
        fail(str(error), as_json)


def _table(source: str) -> tuple[Any, Any]:
    from proofs.separation.boolean import truth_table

    table = truth_table(source)
    return table.points, table.labels


def _rows(path: Path, label: str, scale: str, network: Topology) -> tuple[list[list[Fraction]], list[int]]:
    from proofs.networks.shared.topology import class_numbers
    from proofs.separation import exact
    from proofs.separation.files import read_file

    factor = exact(scale, "scale")
    table, labels, _ = read_file(path, label)
    columns = [[factor * column.value(row) for row in range(len(labels))] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)], class_numbers(labels, len(network.outputs))


def _interval(text: str, what: str) -> Interval:
    """Two numbers around a colon. Raises TopologyError."""
    from proofs.networks.shared import TopologyError
    from proofs.networks.shared.settling import interval_of

    ends = [part.strip() for part in text.split(":")]
    if len(ends) != 2:
        raise TopologyError(f"{what}: expected two numbers, got {text!r:.80}; write --{what} 0.1:2, or --{what}=-2:2")
    return interval_of(ends, what)


def _tell(
    network: Topology,
    points: Any,
    labels: Any,
    interval: Interval | None,
    window: Interval | None,
    seconds: float,
    certificate: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    from proofs.networks.shared import settle_shared_weight, shared_weight_set
    from proofs.networks.shared.settling import WINDOW

    repeat = repeat_command("shared")
    found = None
    if plot is not None or interval is None:
        within = interval or window or WINDOW
        found = shared_weight_set(network, points, labels, window=within, seconds=seconds, repeat=repeat)
    if interval is None:
        assert found is not None
        verdict = found.verdict
    else:
        verdict = settle_shared_weight(network, points, labels, interval=interval, seconds=seconds, repeat=repeat)
    files = {} if certificate is None else accepted({certificate: verdict})
    if plot is not None and found is not None:
        from proofs.networks.shared.plotting import draw_set

        files[plot] = picture(lambda: draw_set(found, interval or window), plot)
    write_files(files, as_json)
    if as_json:
        print_json(verdict.to_dict())
    else:
        new_console().print(verdict)
    exit_with(verdict.status)


def _tell_accuracy(
    network: Topology,
    points: Any,
    labels: Any,
    interval: Interval,
    seconds: float,
    folder: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    from proofs.networks.shared import certified_accuracy

    with progress_bar("judging") as progress:
        found = certified_accuracy(
            network,
            points,
            labels,
            interval,
            seconds=seconds,
            repeat=repeat_command("shared"),
            progress=lambda what: progress(0, 1, what),
        )
    files = {} if folder is None else certificate_files(folder, {one.claim.name: one for one in found.verdicts})
    if plot is not None:
        from proofs.networks.shared.plotting import draw_accuracy

        files[plot] = picture(lambda: draw_accuracy(found), plot)
    write_files(files, as_json)
    if as_json:
        print_json(found.to_dict())
    else:
        new_console().print(found, *found.verdicts, sep="\n")
    exit_with(found.status)
