"""Stored derivations under a coverage-guided fuzzer: checked again in bounded time, or a SymgradError."""

import json
from pathlib import Path
from random import Random

import atheris

from tests.fuzz.runner import run

with atheris.instrument_imports(include=["symgrad.derivation", "symgrad.claims"]):
    import symgrad as sg
    from symgrad.deadline import TimeUp, limited
    from symgrad.derivation.data import to_data
    from symgrad.export.formats import FORMATS
    from symgrad.export.notation import NOTATIONS
    from symgrad.export.steps import StepPresentation
    from symgrad.export.stored import moved, read_stored

SECONDS, LONGEST = 10, 8_000
EVERY_KIND = Path(__file__).parents[1] / "stored" / "first_format.json"


def seeds() -> list[bytes]:
    """Return a derivation of one step for every kind of claim."""
    whole = to_data(read_stored(EVERY_KIND.read_text(encoding="utf-8"))[0])
    alone = [{**whole, "steps": [{**step, "premises": []}]} for step in whole["steps"]]
    return [json.dumps(one).encode() for one in alone]


def mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Change one value of the JSON, so that most inputs are still read to their end; bytes where it is none."""
    random = Random(seed)
    try:
        tree = json.loads(data)
        place, key = random.choice(list(_values(tree)))
    except (ValueError, RecursionError, IndexError):
        return atheris.Mutate(data, longest)
    old = place[key]
    text = atheris.Mutate(str(old).encode(), 200).decode("utf-8", errors="replace")
    place[key] = random.choice([text, text, None, -1, 10**40, [old], {"x": old}, ""])
    return json.dumps(tree).encode()[:longest]


def _values(tree):
    """Yield every place of a tree of JSON, as its holder and its key."""
    pending = [tree]
    while pending:
        holder = pending.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            yield holder, key
            if isinstance(value, dict | list):
                pending.append(value)


def one(data: bytes) -> None:
    """Read a derivation, check it, print it in every format, and say which equations moved."""
    try:
        with limited(SECONDS):
            derivation, kept = read_stored(data.decode("utf-8", errors="replace"))
            checked = derivation.checked(digits=20)
            moved(checked, kept)
            document = StepPresentation(checked, NOTATIONS["nielsen"], "numerator").document()
            for format_ in FORMATS.values():
                assert "\x1b" not in format_.write(document)
    except (sg.SymgradError, TimeUp):
        return


if __name__ == "__main__":
    run("stored", one, seeds(), LONGEST, custom_mutator=mutated)
