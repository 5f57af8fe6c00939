"""What test suites use: the pytest plugin that lets ``assert prove_vjp(...)`` say why it fails."""
