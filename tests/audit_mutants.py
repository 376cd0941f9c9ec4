"""Seeded faults in printed claims: another digit, sign, index, exponent, range, prime, transpose, order or function."""

import random
import re
from dataclasses import replace

from symgrad.audit.audit import prepared
from symgrad.audit.check import findings
from symgrad.audit.finding import Word
from symgrad.audit.words.sentence import Sentence

LABEL, END = re.compile(r"\\qquad \\text|\\tag|\\label"), re.compile(r"\Z")
RULES = {
    "digit": (re.compile(r"\d"), lambda m: str((int(m[0]) + 1) % 10)),
    "sign": (re.compile(r" [+-] (?!0)"), lambda m: " - " if m[0] == " + " else " + "),
    "index": (re.compile(r"_\{(\d)\}"), lambda m: f"_{{{int(m[1]) + 1}}}"),
    "exponent": (re.compile(r"\^\{(\d+)\}"), lambda m: f"^{{{int(m[1]) + 1}}}"),
    "range": (re.compile(r"=k\+1\}|=2\}|=1\}"), lambda m: {"=k+1}": "=k}", "=2}": "=1}"}.get(m[0], "=2}")),
    "prime": (re.compile(r"'\("), lambda m: "("),
    "transpose": (re.compile(r"\^\{\\mathsf T\}"), lambda m: ""),
    "order": (
        re.compile(r"(\\operatorname\{diag\}\([^()]*\([^()]*\)\))\\, ([UW]_?\{?\w*\}?)"),
        lambda m: rf"{m[2]}\, {m[1]}",
    ),
    "function": (re.compile(r"\\tanh|\\cosh"), lambda m: r"\cosh" if "tanh" in m[0] else r"\tanh"),
}
"""What a fault is found by, and what is put in its place."""


def confirmed(name, text):
    """Return the passages of a text of which all claims are confirmed, and at least one is."""
    found = []
    for passage in prepared(name, text):
        said = [f.word for f in findings(passage) if f.word.claims]
        if said and all(word is Word.CONFIRMED for word in said):
            found.append(passage)
    return found


def mutants(passages, count, seed=0):
    """Yield random faults: the rule, the passage, and the passage with the fault, in its sentence too."""
    source = random.Random(seed)
    made = set()
    while len(made) < count:
        passage = source.choice(passages)
        pattern, change = RULES[rule := source.choice(sorted(RULES))]
        places = list(
            pattern.finditer(passage.text, 0, (LABEL.search(passage.text) or END.search(passage.text)).start())
        )
        if not places:
            continue
        place = source.choice(places)
        text = passage.text[: place.start()] + change(place) + passage.text[place.end() :]
        if (key := (passage.place, place.start(), rule)) not in made:
            made.add(key)
            yield rule, passage, mutated(passage, text)


def mutated(passage, text):
    """Return a passage with another text, in its sentence too."""
    parts = list(passage.sentence.parts)
    if parts:
        parts[passage.at] = replace(parts[passage.at], text=text)
    return replace(passage, text=text, sentence=Sentence(tuple(parts), passage.sentence.end))


def survives(passage):
    """Tell whether all claims of a passage are confirmed still."""
    said = [f.word for f in findings(passage) if f.word.claims]
    return bool(said) and all(word is Word.CONFIRMED for word in said)
