"""Claims that are labelled by hand, a wrong one and a right one beside it: what is found, and that nothing right is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit_measure import flagged

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "audit" / "labelled.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = list(dict.fromkeys(row["kind"] for row in ROWS))


def test_each_wrong_claim_has_a_right_one_beside_it():
    wrong, right = ([r for r in ROWS if r["must_flag"] is must] for must in (True, False))
    assert len(wrong) == len(right) >= 200
    assert [r["id"][1:] for r in wrong] == [r["id"][1:] for r in right]
    assert len({r["text"] for r in wrong} & {r["text"] for r in right}) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_claims_are_judged_as_they_are_labelled(kind):
    """A wrong claim that is marked as missed may be found: then the mark goes."""
    rows = [r for r in ROWS if r["kind"] == kind and not r.get("missed")]
    judged = [(r["id"], *flagged(r)) for r in rows]
    assert [j for r, j in zip(rows, judged, strict=True) if j[1] != r["must_flag"]] == []
