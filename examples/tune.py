"""The document's tuned network, found again: a grid of batch size, learning rate and regularisation.

    python examples/tune.py
    python examples/tune.py --data FOLDER_OF_MNIST --scheduler tcp://localhost:8786

The combination with the best mean validation accuracy is chosen, and only its test accuracy counts. Finished runs are
kept in results/tune; killed at any moment, the same command goes on from there.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from sweeping import (
    cell,
    differences,
    draw_curves,
    draw_ends,
    figure,
    last,
    legend_below,
    options,
    print_table,
    save_figure,
    show_ends,
    spread,
    steps_of,
    swept,
)

Key = tuple[int, float, float]
BATCHES, RATES, REGS = (32, 64), (0.1, 0.3, 0.99), (0.0, 1e-3)
TUNED = (32, 0.99, 0.0)
TRAINING, TEST = 1.0, 0.9374
"""The document's combination and accuracies; its training accuracy is that of the last mini-batch of 16."""


def best_of(ends: dict[Key, np.ndarray]) -> list[Key]:
    """The settings with the highest mean accuracy, more than one if they tie; a run that diverged has no accuracy."""
    means = {key: np.nan_to_num(values.mean(), nan=-1.0) for key, values in ends.items()}
    return [key for key, mean in means.items() if mean == max(means.values())]


def main() -> None:
    given = options(__doc__, "tune")
    grid = list(product(BATCHES, RATES, REGS))
    groups = {
        epochs: {
            (batch, rate, reg): [
                cell(given, seed, epochs, batch=batch, rate=rate, reg=reg) for seed in range(given.seeds)
            ]
            for batch, rate, reg in grid
        }
        for epochs in (1, 10)
    }
    results = swept(given, [run for group in groups.values() for runs in group.values() for run in runs])
    drawn, axes = figure(3)
    series = {}
    for panel, (epochs, group) in zip(axes, groups.items(), strict=False):
        ends = {key: last(results, runs, "validation") for key, runs in group.items()}
        tied = best_of(ends)
        best = tied[0]
        chosen = "chosen" if len(tied) == 1 else f"the first of {len(tied)} tied"
        said = dict.fromkeys(tied, "tied") | {best: chosen}
        steps = {batch: f"{steps_of(epochs, batch, given.quick):,}" for batch in BATCHES}
        words = " or ".join(f"{count} steps of {batch} rows" for batch, count in steps.items())
        print(f"\nAccuracy after {words}, data {given.data}: mean (range) over {given.seeds} seeds\n")
        print_table(
            ["batch", "rate", "reg", "training", "validation", "test", ""],
            (
                [f"{key[0]}", f"{key[1]:g}", f"{key[2]:g}"]
                + [spread(last(results, runs, part)) for part in ("training", "validation", "test")]
                + ["; ".join(filter(None, (said.get(key), f"document: {TRAINING}, {TEST}" * (key == TUNED))))]
                for key, runs in group.items()
            ),
        )
        who = {best: chosen} | {TUNED: "the document's" if best != TUNED else f"{chosen}, the document's"}
        curves = {f"batch {b}, rate {r:g}, reg {g:g} ({who[b, r, g]})": group[b, r, g] for b, r, g in who}
        draw_curves(panel, results, curves, f"{' or '.join(steps[b] for b in sorted({key[0] for key in who}))} steps")
        legend_below(panel, columns=1)
        show_ends(panel, (ends[key] for key in who))
        series |= {f"batch {b}, {steps[b]} steps": [ends[b, rate, REGS[0]] for rate in RATES] for b in BATCHES}
    title = "Without regularisation"
    draw_ends(axes[2], RATES, series, title=title, xlabel="learning rate", ylabel="validation accuracy")
    axes[2].plot([TUNED[1]], [TEST], "kx", label="document, test")
    show_ends(axes[2], (values for line in series.values() for values in line))
    legend_below(axes[2])
    if differ := differences(given):
        print(f"\nNot as in the document: {differ}.")
    save_figure(drawn, given.results / "tune.png")


if __name__ == "__main__":
    main()
