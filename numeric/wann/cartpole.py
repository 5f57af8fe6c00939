"""Cart-pole swing-up in NumPy, for many networks, weights and episodes at once.

A pole of mass m = 0.5 and length l = 0.6, hanging from a cart of mass M = 0.5 that is pushed by u in [-10, 10] with
friction b = 0.1, is to be swung up and held there. With theta = 0 upright, s = sin theta and c = cos theta:

    x''     = (-2 m l theta'^2 s + 3 m g s c + 4 (u - b x')) / (4 (M + m) - 3 m c^2)
    theta'' = (-3 m l theta'^2 s c + 6 (M + m) g s + 6 (u - b x') c) / (4 l (M + m) - 3 m l c^2)

Deisenroth 2010 (Efficient Reinforcement Learning using Gaussian Processes, appendix C.2), there with theta = 0 hanging;
constants, Euler steps of 0.01 and the reward ``(1 + cos theta)/2 cos(pi x/4.8)`` a step, until |x| > 2.4, are those of
the program of Gaier and Ha 2019.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.wann.circuit import Ask

Array = NDArray[Any]

GRAVITY, CART, POLE, LENGTH, FRICTION = 9.82, 0.5, 0.5, 0.6, 0.1
FORCE, STEP, EDGE = 10.0, 0.01, 2.4


def starts(generator: np.random.Generator, episodes: int) -> Array:
    """States (4, episodes): x, x', theta, theta' near rest with the pole hanging, each with standard deviation 0.2."""
    return generator.normal([[0.0], [0.0], [np.pi], [0.0]], 0.2, (4, episodes))


def accelerations(state: Array, force: Array) -> tuple[Array, Array]:
    """x'' and theta'' for a state (4, ...) and a force (...)."""
    _, speed, angle, spin = state
    s, c = np.sin(angle), np.cos(angle)
    ml = POLE * LENGTH
    push = force - FRICTION * speed
    whirl = ml * spin * spin * s
    spread = 4 * (CART + POLE) - 3 * POLE * c * c
    return (
        (-2 * whirl + 3 * POLE * GRAVITY * s * c + 4 * push) / spread,
        (-3 * whirl * c + 6 * (CART + POLE) * GRAVITY * s + 6 * push * c) / (LENGTH * spread),
    )


def total_reward(networks: Ask, data: tuple[Array, ...]) -> Array:
    """The reward of an episode, summed over its steps and meaned over the starts: data (4, E) and steps -> (G, W).

    The networks see x, x', cos theta, sin theta, theta' and answer one number, the force over 10, clipped to [-1, 1].
    """
    first, steps = data
    episodes = first.shape[-1]
    groups, weights = networks.shape
    state = np.broadcast_to(first[:, None, None, :], (4, groups, weights, episodes)).astype(np.float32)
    seen = np.empty((groups, 5, weights, episodes), np.float32)
    total = np.zeros((groups, weights, episodes), np.float32)
    running = np.ones(total.shape, dtype=bool)
    for _ in range(int(steps)):
        x, speed, angle, spin = state
        seen[:, 0], seen[:, 1], seen[:, 4] = x, speed, spin
        np.cos(angle, out=seen[:, 2])
        np.sin(angle, out=seen[:, 3])
        force = FORCE * np.clip(networks(seen)[:, 0], -1, 1)
        push, twist = accelerations(state, force)
        state += np.where(running, STEP * np.stack([speed, push, spin, twist]), 0)
        gain = (1 + np.cos(state[2])) / 2 * np.cos(state[0] * (np.pi / 2 / EDGE))
        total += np.where(running, gain, 0)
        running &= np.abs(state[0]) <= EDGE
        if not running.any():
            break
    return total.mean(axis=-1, dtype=np.float64)
