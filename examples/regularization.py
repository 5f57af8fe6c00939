"""The document's table of regularisation, run again: after one epoch of 50,000 rows (782 steps) and after ten (7,820).

    python examples/regularization.py
    python examples/regularization.py --data FOLDER_OF_MNIST --scheduler tcp://localhost:8786

Finished runs are kept in results/regularization; killed at any moment, the same command goes on from there.
"""

from sweeping import options, vary

DOCUMENT = {
    1.0: (0.125, 0.1135),
    0.1: (0.125, 0.1135),
    0.01: (0.6875, 0.7168),
    0.001: (0.75, 0.7616),
    0.0001: (0.75, 0.7616),
}
"""Training and test accuracy by regularisation; its validation accuracies are the same numbers as those on test."""

if __name__ == "__main__":
    vary(options(__doc__, "regularization"), "reg", DOCUMENT, rate=0.1)
