"""The search for weight-agnostic networks: evaluate a population, rank it, breed the next.

Gaier and Ha 2019 (arXiv 1906.04358, section 3); the default settings are those of their program. The random numbers of
a generation depend on the seed and its number alone, so a run can be cut anywhere and gone on with.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.wann import genome as genes
from numeric.wann.activations import ACTIVATIONS
from numeric.wann.evaluate import rewards
from numeric.wann.genome import Genome, Innovations, Rates
from numeric.wann.ranking import ranked
from numeric.wann.tasks import Data, Task

Array = NDArray[Any]

WEIGHTS = (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)
BREED, DATA = 0, 1


@dataclass(frozen=True)
class Settings:
    """What a search depends on besides its task. Raises ValueError, which names the setting.

    `weights`: the shared weights; `initial`: the probability of a first connection to be enabled; `size`: that of
    ranking by (mean reward, 1/connections) rather than (mean, largest reward), which is 1 from generation `shrink` on;
    `cull` and `elite`: the worst share, which has no children, and the best share of the rest, which lives on;
    `tournament`: how many draws a parent is the best of.
    """

    population: int = 192
    weights: tuple[float, ...] = WEIGHTS
    activations: tuple[str, ...] = ACTIVATIONS
    rates: Rates = field(default_factory=Rates)
    initial: float = 0.5
    size: float = 0.8
    shrink: int | None = None
    cull: float = 0.2
    elite: float = 0.2
    tournament: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        if self.population < 1:
            raise ValueError(f"an empty population: population must be at least 1, got {self.population}")
        if self.tournament < 1 or self.seed < 0:
            raise ValueError(f"tournament >= 1 and seed >= 0 wanted, got {self.tournament} and {self.seed}")
        if not self.weights or not np.isfinite(self.weights).all():
            raise ValueError(f"weights must be finite numbers, at least one, got {self.weights}")
        unknown = set(self.activations) - set(ACTIVATIONS)
        if unknown or not self.activations:
            raise ValueError(f"activations must be some of {', '.join(ACTIVATIONS)}; got {', '.join(self.activations)}")
        for name in ("initial", "size", "cull", "elite"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be between 0 and 1, got {getattr(self, name)}")
        rates = (self.rates.activation, self.rates.node, self.rates.connection, self.rates.enable)
        if min(rates) < 0 or not 0 < sum(rates) < np.inf:
            raise ValueError(f"the rates of the mutations must be >= 0 and not all 0, got {self.rates}")


class Record(NamedTuple):
    """A generation in numbers: the best, mean and largest reward (meaned over the weights; at one weight), and the best
    network's connections."""

    best: float
    mean: float
    largest: float
    connections: int


@dataclass(frozen=True, eq=False)
class State:
    """A population that waits for its rewards; those of the first `len(known)` networks are known already.

    `champion` is the best network so far by its mean reward on the task's training data, then by fewest connections.
    """

    generation: int
    population: tuple[Genome, ...]
    known: Array
    next_connection: int
    next_node: int
    champion: Genome | None = None
    champion_reward: float = -np.inf
    history: tuple[Record, ...] = ()


def start(task: Task, settings: Settings) -> State:
    """Generation 0: minimal networks."""
    draw = np.random.default_rng([settings.seed, 0, BREED])
    first = genes.first_innovations(task.inputs, task.outputs)
    population = tuple(
        genes.minimal(task.inputs, task.outputs, settings.initial, draw) for _ in range(settings.population)
    )
    return State(0, population, _none(settings), first.next_connection, first.next_node)


def data_of(task: Task, settings: Settings, generation: int) -> Data:
    """The data all networks of a generation see."""
    return task.draw(np.random.default_rng([settings.seed, generation, DATA]))


def breed(settings: Settings, state: State, found: Array, *, keep: bool) -> State:
    """The next generation from the rewards (P, W) of this one; `keep` says that the rewards of the elite stay true."""
    draw = np.random.default_rng([settings.seed, state.generation + 1, BREED])
    mean = found.mean(axis=1)
    connections = np.array([max(genome.connections, 1) for genome in state.population])
    shrinks = settings.shrink is not None and state.generation >= settings.shrink
    second = 1 / connections if draw.random() < settings.size or shrinks else found.max(axis=1)
    order = ranked(np.column_stack([mean, second]))
    pool = order[: max(len(order) - int(settings.cull * len(order)), 1)]
    elite = pool[: int(settings.elite * len(pool))]
    innovations = Innovations(state.next_connection, state.next_node)
    allowed = tuple(ACTIVATIONS.index(name) for name in settings.activations)
    parents = draw.integers(len(pool), size=(settings.population - len(elite), settings.tournament)).min(axis=1)
    children = [
        genes.mutate(state.population[pool[parent]], settings.rates, allowed, innovations, draw) for parent in parents
    ]
    return replace(
        state,
        generation=state.generation + 1,
        population=(*(state.population[k] for k in elite), *children),
        known=found[elite] if keep else _none(settings),
        next_connection=innovations.next_connection,
        next_node=innovations.next_node,
    )


def step(task: Task, settings: Settings, state: State, executor: Executor | None = None) -> State:
    """Evaluate the population, note its best, breed the next. Raises RewardError for rewards that are no numbers."""
    fresh = [genome.topology for genome in state.population[len(state.known) :]]
    data = data_of(task, settings, state.generation)
    found = np.concatenate([state.known, rewards(task, fresh, settings.weights, data, executor)])
    mean = found.mean(axis=1)
    best = min(range(len(mean)), key=lambda k: (-mean[k], state.population[k].connections, k))
    leader = state.population[best]
    reward = float(mean[best])
    record = Record(reward, float(mean.mean()), float(found.max()), leader.connections)
    if not task.fixed:
        reward = float(rewards(task, [leader.topology], settings.weights, task.train).mean())
    champion = state.champion
    if champion is None or (reward, -leader.connections) > (state.champion_reward, -champion.connections):
        state = replace(state, champion=leader, champion_reward=reward)
    return breed(settings, replace(state, history=(*state.history, record)), found, keep=task.fixed)


def search(
    task: Task,
    settings: Settings,
    generations: int,
    *,
    state: State | None = None,
    executor: Executor | None = None,
    each: Callable[[State], None] | None = None,
) -> State:
    """Go on from `state`, or from the start, until generation `generations`; `each` is called after every generation.

    The result is the same bit by bit whatever the executor (any of concurrent.futures' kind) and wherever the run was
    cut. Raises RewardError for rewards that are no numbers.
    """
    state = start(task, settings) if state is None else state
    while state.generation < generations:
        state = step(task, settings, state, executor)
        if each is not None:
            each(state)
    return state


def _none(settings: Settings) -> Array:
    return np.empty((0, len(settings.weights)))
