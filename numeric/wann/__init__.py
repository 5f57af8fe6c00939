"""The search for networks that work whatever weight all their connections share (Gaier and Ha 2019, arXiv 1906.04358).

`search(task, Settings(...), generations)` finds one; a task is any NumPy function of what networks answer.
"""

from numeric.wann.activations import ACTIVATIONS, PIECEWISE_POLYNOMIAL
from numeric.wann.evaluate import RewardError, rewards
from numeric.wann.genome import Genome, GenomeError, Rates, express
from numeric.wann.search import Settings, State, search
from numeric.wann.tasks import TASKS, Task, classification, parity
from numeric.wann.topology import Node, Topology, TopologyError, from_text, read

__all__ = [
    "ACTIVATIONS",
    "PIECEWISE_POLYNOMIAL",
    "TASKS",
    "Genome",
    "GenomeError",
    "Node",
    "Rates",
    "RewardError",
    "Settings",
    "State",
    "Task",
    "Topology",
    "TopologyError",
    "classification",
    "express",
    "from_text",
    "parity",
    "read",
    "rewards",
    "search",
]
