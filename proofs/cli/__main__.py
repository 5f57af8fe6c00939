"""``python -m proofs.cli`` is the `gradproof` command."""

from proofs.cli import main

main()
