"""The document's tuned network, found again: a grid of batch size, learning rate and regularisation.

    python examples/tune.py
    python examples/tune.py --data FOLDER_OF_MNIST --scheduler tcp://localhost:8786

The combination with the best mean validation accuracy is chosen, and only its test accuracy counts. Finished runs are
kept in results/tune; killed at any moment, the same command goes on from there.
"""

from __future__ import annotations

from itertools import product

from sweeping import (
    cell,
    draw_curves,
    draw_ends,
    figure,
    last,
    legend_below,
    options,
    print_table,
    save_figure,
    spread,
    swept,
)

BATCHES, RATES, REGS = (32, 64), (0.1, 0.3, 0.99), (0.0, 1e-3)
TUNED = (32, 0.99, 0.0)
TRAINING, TEST = 1.0, 0.9374
"""The document's combination and accuracies; its training accuracy is that of the last mini-batch of 16."""


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
        best = max(grid, key=lambda key: ends[key].mean())
        words = "1 epoch" if epochs == 1 else f"{epochs} epochs"
        print(f"\nAccuracy after {words} of 50,000 rows, data {given.data}: mean (range) over {given.seeds} seeds\n")
        print_table(
            ["batch", "rate", "reg", "training", "validation", "test", ""],
            (
                [f"{key[0]}", f"{key[1]:g}", f"{key[2]:g}"]
                + [spread(last(results, runs, part)) for part in ("training", "validation", "test")]
                + ["; ".join(["chosen"] * (key == best) + [f"document: {TRAINING}, {TEST}"] * (key == TUNED))]
                for key, runs in group.items()
            ),
        )
        who = {best: "chosen"} | {TUNED: "the document's" if best != TUNED else "chosen, the document's"}
        curves = {f"batch {b}, rate {r:g}, reg {g:g} ({who[b, r, g]})": group[b, r, g] for b, r, g in who}
        draw_curves(panel, results, curves, words)
        legend_below(panel, columns=1)
        panel.set_ylim(0.6, 1.01)
        series |= {f"batch {batch}, {words}": [ends[batch, rate, REGS[0]] for rate in RATES] for batch in BATCHES}
    title = "Without regularisation"
    draw_ends(axes[2], RATES, series, title=title, xlabel="learning rate", ylabel="validation accuracy")
    axes[2].plot([TUNED[1]], [TEST], "kx", label="document, test")
    axes[2].set_ylim(0.6, 1.01)
    legend_below(axes[2])
    save_figure(drawn, given.results / "tune.png")


if __name__ == "__main__":
    main()
