"""What the audit makes of labelled claims and of whole texts: a script.

    python tests/audit_measure.py claims LABELLED.jsonl     precision and recall on labelled claims
    python tests/audit_measure.py texts DIRECTORY ...       counts for each directory, and each refuted claim to be read

A line of labelled claims is a JSON object with "text", and "must_flag": true, false, or "soft" for what may be flagged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import process_time
from typing import Any

from symgrad.audit.audit import Audited, audit_file, audit_text
from symgrad.audit.files import documents
from symgrad.audit.finding import Word

FLAGGED = (Word.REFUTED, Word.IMPOSSIBLE)


def as_document(text: str) -> str:
    """Return a labelled claim as a document: between dollars, if it has none of its own.

    >>> as_document("1 + 1 = 2"), as_document("so $1 = 1$")
    ('$$1 + 1 = 2$$', 'so $1 = 1$')
    """
    return text if "$" in text.replace("\\$", "") or text.startswith("#") else f"$${text}$$"


def flagged(row: dict[str, Any], timeout: float = 20) -> tuple[bool, str]:
    """Tell whether a labelled claim is flagged, and what is said of it; "document": it is one as it stands."""
    text = row["text"] if row.get("document") else as_document(row["text"])
    found = audit_text("claim.md", text, timeout=timeout, everything=True).findings
    return any(f.word in FLAGGED for f in found), "; ".join(f"{f.word} {f.reason or f.value}" for f in found)


def on_claims(path: Path) -> None:
    """Print how the labelled claims are judged: each that is not as it is labelled, and a table by kinds."""
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for row in map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines())):
        if row["must_flag"] == "soft":
            continue
        is_flagged, said = flagged(row)
        counts[row.get("kind", ""), row["must_flag"], is_flagged] += 1
        if row["must_flag"] != is_flagged:
            print(f"{'missed' if row['must_flag'] else 'FALSE'} {row.get('id', '')}: {row['text'][:90]!r}: {said}")
    print("\n| kind | wrong | flagged | right | flagged |\n| --- | ---: | ---: | ---: | ---: |")
    for kind in (*dict.fromkeys(k for k, _, _ in counts), "in all"):
        of = {key: n for key, n in counts.items() if kind in (key[0], "in all")}
        cells = []
        for must in (True, False):
            yes, no = (sum(n for (_, m, f), n in of.items() if m == must and f == is_) for is_ in (True, False))
            cells += [f"{yes + no}", f"{yes}"]
        print(f"| {kind} | {' | '.join(cells)} |")


def on_texts(directories: Iterable[str], show: Sequence[str], jobs: int) -> None:
    """Print a row for each directory, and the claims with one of some verdicts."""
    total: Counter[Word] = Counter()
    for directory in directories:
        files = documents([directory])
        begin = process_time()
        with ProcessPoolExecutor(jobs) as pool:
            results = list(pool.map(_audited, files, chunksize=4))
        counts = sum((Counter(r.counts or {}) for r, _ in results), Counter[Word]())
        total += counts
        seconds = sum(s for _, s in results) + process_time() - begin
        size = sum(f.stat().st_size for f in files) / 1e6
        print(_row(Path(directory).name, len(files), counts), f"{size:.1f} MB, {seconds:.0f} s")
        for result, _ in results:
            for f in result.findings:
                if str(f.word) in show:
                    said = " | ".join(filter(None, (f.value, f.reading, f.reason)))
                    print(f"    {f.word} {f.place}: {f.claim[:200]}   [{said[:120]}]")
    print(_row("in all", 0, total))


def _audited(path: Path) -> tuple[Audited, float]:
    begin = process_time()
    found = audit_file(path, everything=True)
    return found, process_time() - begin


def _row(name: str, files: int, counts: Counter[Word]) -> str:
    words = (Word.CONFIRMED, Word.NOTE, Word.REFUTED, Word.IMPOSSIBLE, Word.UNCHECKED)
    return f"{name}: {files} files, {sum(counts.values())} claims; " + ", ".join(f"{counts[w]} {w}" for w in words)


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("claims").add_argument("file", type=Path)
    texts = commands.add_parser("texts")
    texts.add_argument("directory", nargs="+")
    texts.add_argument("--show", default="refuted,impossible")
    texts.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.command == "claims":
        on_claims(arguments.file)
    else:
        on_texts(arguments.directory, arguments.show.split(","), arguments.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
