"""Second opinions from outside: what was proved here is stated in Coq and in SMT-LIB, and proved there once more."""
