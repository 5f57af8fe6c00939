"""Second opinions from outside: what is proved here is stated in Coq and in SMT-LIB, and proved there once more.

- `files.part(name, conclusions)`: a theorem as Coq text, every statement of it read back and compared with the claim;
- `coq.ask(parts)`: what Coq says, with the axioms it needed; `smt.ask(facts)`: what cvc5 says, its reasons re-checked;
- `claims.CLAIMS`: claims that no theorem states yet; `summary.recorded()`: who accepted what when it was last asked.

Written by hand: integers.v (Farkas, units, runs, smallest weights), library.v (sums, derivatives in one updated
coordinate, layers), clauses.v (too few hidden units), topologies.v (what a topology represents), shared.v (one shared
weight, whatever it is). What Coq is told of a certificate: `finite`, `networks`, `shared`. cvc5's proofs are read by
`alethe`, and every step of them is gone through again by `alethe_steps`.
"""
