"""Smallest threshold networks of the parity functions: seconds to find and to check, and the certificates' size."""

from time import perf_counter
from typing import Any

import pytest

from proofs.checker import check
from proofs.networks import smallest_network
from proofs.separation.boolean import parity

CASES = [(2, False), (3, False), (4, False), (2, True), (3, True), (4, True), (5, True)]


@pytest.mark.parametrize(("inputs", "skip"), CASES)
def test_parity(benchmark: Any, inputs: int, skip: bool) -> None:
    table = parity(inputs)
    start = perf_counter()
    found = benchmark.pedantic(smallest_network, (table.points, table.labels), {"skip": skip}, rounds=1)
    seconds = perf_counter() - start
    certificates = [verdict.certificate for verdict in found.verdicts if verdict.certificate is not None]
    start = perf_counter()
    for certificate in certificates:
        check(certificate.data)
    checking = perf_counter() - start
    size = sum(len(certificate.to_text()) for certificate in certificates)
    units = 0 if found.network is None else len(found.network.hidden)
    kind = "with skip" if skip else "layered"
    print(f"\nparity {inputs} {kind}: {units} units, {seconds:.2f} s, checked in {checking:.3f} s, {size:,} bytes")
    assert found.status.value == "PROVED"
