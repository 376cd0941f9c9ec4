"""What symgrad costs, beside the library that a person would use instead: ``python -m tests.benchmarks``.

Each measurement runs ours and the peer in turn in one process, and the ratio is taken pair by pair. Nothing here
is collected by pytest: a test must not depend on the speed of a machine.
"""
