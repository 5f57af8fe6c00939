"""The document's table of learning rates, run again: after one epoch of 50,000 rows (782 steps) and after ten (7,820).

    python examples/learning_rates.py
    python examples/learning_rates.py --data FOLDER_OF_MNIST --scheduler tcp://localhost:8786

Finished runs are kept in results/learning_rates; killed at any moment, the same command goes on from there.
"""

from sweeping import options, vary

DOCUMENT = {1.0: (0.9375, 0.8992), 0.1: (0.75, 0.7616), 0.05: (0.375, 0.3380), 0.01: (0.0625, 0.1028)}
"""Training and test accuracy by learning rate; the training accuracy is that of the last mini-batch of 16."""

if __name__ == "__main__":
    vary(options(__doc__, "learning_rates"), "rate", DOCUMENT, reg=1e-3)
