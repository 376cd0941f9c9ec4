"""A target under libFuzzer: its corpus, its bounds, and where what fails is kept."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

import atheris

SECONDS = 20
"""What one input may take."""


def run(
    name: str, one: Callable[[bytes], None], seeds: Iterable[bytes], longest: int = 2000, **setup: Callable[..., bytes]
) -> None:
    """Fuzz ``one`` with the arguments of the command line, -max_total_time=60 for instance.

    libFuzzer keeps what reaches new branches in build/fuzz/NAME/ and goes on from there; it stops at the first input
    that fails and writes it to build/fuzz-found-NAME-*. Where the arguments name such files, only those are run.
    """
    corpus = Path("build/fuzz", name)
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds):
        (corpus / f"seed-{n}").write_bytes(seed)

    def bounded(data: bytes) -> None:
        begin = monotonic()
        one(data)
        assert monotonic() - begin < SECONDS

    options = [f"-max_len={longest}", "-rss_limit_mb=2048", "-timeout=40", f"-artifact_prefix=build/fuzz-found-{name}-"]
    found = any(not argument.startswith("-") for argument in sys.argv[1:])
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], *([] if found else [str(corpus)])], bounded, **setup)
    atheris.Fuzz()
