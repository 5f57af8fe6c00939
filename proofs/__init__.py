"""gradproof settles claims about neural-network mathematics, each with a certificate anyone can re-check."""
