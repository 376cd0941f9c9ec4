"""Random single mutants of the kernel, each met by the fast tests that cover its layer."""
