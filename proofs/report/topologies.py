"""How many topologies have how many functions, drawn as a table from the certificate that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from proofs.networks.representation import Topology


def counts_table(data: Mapping[str, Any]) -> str:
    """An HTML table: a row for each number of functions by own weights, a column for each number of hidden units and
    of functions by a shared weight. Topologies that differ by the order of inputs or hidden units count once."""
    counts: Counter[tuple[int, tuple[int, int]]] = Counter()
    seen: set[Topology] = set()
    for told in data["topologies"]:
        one = Topology(data["inputs"], tuple(map(tuple, told["units"]))).renamed()
        if one not in seen:
            seen.add(one)
            counts[len(told["free"]), (one.hidden, len(told["shared"]))] += 1
    columns = sorted({column for _, column in counts})
    names = [f"{hidden or 'no'} hidden unit{'s' * (hidden > 1)}, shared {shared}" for hidden, shared in columns]
    head = "".join(f"<th>{name}</th>" for name in ("own weights", *names))
    rows = "".join(
        f"<tr><th>{free}</th>{''.join(f'<td>{counts[free, column] or str()}</td>' for column in columns)}</tr>"
        for free in sorted({free for free, _ in counts})
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
