"""Properties of random models and claims, drawn from as many seeds as are asked for: ``make soak SOAK=100000``.

The work is a list of pieces, each a property, a seed and a number of examples. They run in processes or in shards, and
what is finished is kept: after a kill the same command goes on where it was. A failure is a line of the report, with
the smallest example that was found.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from hypothesis import given, seed, settings

ROOT = Path(__file__).parent
EXAMPLES = 100
"""Of one piece."""
PROPERTIES = {
    "models": {
        "test_random_networks:test_closed_form_backpropagation_and_tangents_agree": 5,
        "test_printed_random:test_what_is_printed_of_a_random_network_is_right": 4,
        "test_oracle:test_random_models_against_hips_autograd": 5,
        "test_random_networks:test_one_sweep_gives_the_gradients_of_all_closed_forms": 4,
        "test_evidence:test_random_derivatives_are_never_refuted": 1,
        "test_random_networks:test_a_derivative_with_a_wrong_factor_never_passes": 1,
    },
    "claims": {"test_claims_random:test_random_relations_are_judged_as_mpmath_does": 1},
}
"""How often a property comes in turn: proving takes ten times as long as comparing."""


@dataclass(frozen=True)
class Piece:
    """So many examples of a property, drawn from a seed."""

    property: str
    seed: int
    examples: int


def pieces(kind: str, number: int) -> Iterator[Piece]:
    """Yield the pieces of so many examples, the properties in turn, each as often as its share says."""
    names = [name for name, share in PROPERTIES[kind].items() for _ in range(share)]
    for n, start in enumerate(range(0, number, EXAMPLES)):
        yield Piece(names[n % len(names)], n, min(EXAMPLES, number - start))


def run(piece: Piece) -> dict[str, object]:
    """Return what came of a piece; "failure" is empty where the property held."""
    if str(ROOT) not in sys.path:
        sys.path[:0] = [str(ROOT), str(ROOT.parent)]
    module, _, name = piece.property.partition(":")
    from campaign import PATIENT

    test = getattr(import_module(module), name)
    drawn = settings(PATIENT, derandomize=False, max_examples=piece.examples)(given(*test.strategies)(test.holds))
    try:
        seed(piece.seed)(drawn)()
        failure = ""
    except Exception as error:
        failure = "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    return {**asdict(piece), "failure": failure}


def lost(piece: Piece) -> dict[str, object]:
    """Return what is said of a piece whose process died twice."""
    return {**asdict(piece), "failure": "its process died"}


def main() -> int:
    """Run what is not yet finished, and say what all of it came to."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    parser.add_argument("kind", choices=PROPERTIES)
    parser.add_argument("--number", type=int, default=1000, help="how many examples")
    parser.add_argument("--workers", type=int, default=1, help="how many processes")
    parser.add_argument("--shard", default="1/1", help="the share i/n of the pieces")
    parser.add_argument("--out", type=Path, default=Path("build/soak"), help="where results are kept")
    told = parser.parse_args()

    from symgrad.cli.progress import progress_bar
    from symgrad.workers.kept import Kept, results_of
    from symgrad.workers.processes import processes
    from symgrad.workers.shard import Shard
    from symgrad.workers.stream import stream

    shard = Shard.read(told.shard)
    mine = list(shard.of_items(pieces(told.kind, told.number)))
    path = told.out / f"{told.kind}-{shard.number}-of-{shard.of}.jsonl"
    workers = processes(told.workers) if told.workers > 1 else None
    with Kept(path, {"kind": told.kind, "number": told.number, "shard": str(shard)}) as kept:
        with progress_bar(len(mine), "pieces") as bar:
            bar.step(kept.count)
            for result in stream(run, [] if kept.done else mine[kept.count :], workers, lost):
                kept.add(result)
                bar.step(1)
        kept.finish()
    return report(list(results_of(path)))


def report(results: list[dict]) -> int:
    """Print how many examples every property had, and what failed; return the exit code."""
    done: Counter[str] = Counter()
    for result in results:
        done[result["property"]] += result["examples"]
    for name, count in sorted(done.items()):
        print(f"{count:>9,}  {name}")
    failed = [result for result in results if result["failure"]]
    for result in failed:
        print(f"FAILED {result['property']}, seed {result['seed']}\n{result['failure']}\n")
    print(f"{sum(done.values()):,} examples, {len(failed)} pieces failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
