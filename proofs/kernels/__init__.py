"""Second opinions from outside: what is proved here is stated in Coq and in SMT-LIB, and proved there once more.

- `files.part(name, conclusions)`: a theorem as Coq text, every statement of it read back and compared with the claim;
- `coq.ask(parts)`: what Coq says, with the axioms it needed; `smt.ask(facts)`: what cvc5 says, its reasons re-checked;
- `claims.CLAIMS`: claims that no theorem states yet; `summary.recorded()`: who accepted what when it was last asked.

library.v and integers.v are written by hand: sums, derivatives in one updated coordinate, layers; Farkas, units, runs.
"""
