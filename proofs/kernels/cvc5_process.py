"""A process that runs cvc5: a JSON string of SMT-LIB text in each line of input, an answer as JSON in each of output.

An answer is ``{"answer": "sat", "shown": values of the unknowns}`` or ``{"answer": "unsat", "shown": Alethe proof}``.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction

import cvc5

OPTIONS = {
    "produce-models": "true",
    "produce-proofs": "true",
    "proof-format-mode": "alethe",
    "proof-granularity": "dsl-rewrite",
}


def answer(text: str) -> dict[str, str]:
    """What cvc5 says to one text, and why."""
    solver = cvc5.Solver()
    for name, value in OPTIONS.items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "fact")
    symbols = parser.getSymbolManager()
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, symbols).strip() or said
    if said == "unsat":
        return {"answer": said, "shown": _proof(solver, symbols)}
    if said == "sat":
        unknowns = (unknown for unknown in symbols.getDeclaredTerms() if unknown.getSort().isReal())
        values = [solver.getValue(unknown).getRealValue() for unknown in unknowns]
        return {"answer": said, "shown": json.dumps([str(Fraction(value)) for value in values])}
    return {"answer": said, "shown": ""}


def _proof(solver: cvc5.Solver, symbols: cvc5.SymbolManager) -> str:
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "(get-proof)", "proof")
    shown: str = parser.nextCommand().invoke(solver, symbols)
    return shown


def main() -> None:
    """Answer every line of the input."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
