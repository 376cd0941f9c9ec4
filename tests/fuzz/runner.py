"""A target under libFuzzer: its corpus, its bounds, and where what fails is kept."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

import atheris

SECONDS = 20
"""Of CPU that one input may take; the machine may be busy with others."""


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
        one(seed)  # what is imported late is imported now, and no input is charged for it

    def bounded(data: bytes) -> None:
        begin = process_time()
        one(data)
        assert process_time() - begin < SECONDS

    options = [
        f"-max_len={longest}",
        "-rss_limit_mb=2048",
        "-timeout=400",
        f"-artifact_prefix=build/fuzz-found-{name}-",
    ]
    found = any(not argument.startswith("-") for argument in sys.argv[1:])
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], *([] if found else [str(corpus)])], bounded, **setup)
    atheris.Fuzz()
