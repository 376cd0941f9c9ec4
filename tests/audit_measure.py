"""What the audit makes of labelled claims and of whole texts: a script.

    python tests/audit_measure.py claims LABELLED.jsonl     precision and recall on labelled claims
    python tests/audit_measure.py texts DIRECTORY ...       counts by directory, and each refuted claim to be read;
                                                            --keep FILE: all findings as lines of JSON, to draw from
    python tests/audit_measure.py record NAME OUTPUT FALSE  a row of the table of docs/benchmarks.md, from the output of
                                                            "texts" and the claims that are wrongly refuted

A line of labelled claims is a JSON object with "text", and "must_flag": true, false, or "soft" for what may be flagged.
A line of FALSE, which the one writes who has read every refuted claim, is the begin of a claim as it is printed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import process_time
from typing import Any

from symgrad.audit.audit import Audited, audit_file, audit_text
from symgrad.audit.files import documents
from symgrad.audit.finding import Finding, Word

ROWS = Path(__file__).parent / "audit" / "measured.json"
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- audits of texts: begin -->", "<!-- audits of texts: end -->"
_COUNTS = re.compile(r"(\S+): (\d+) files, (\d+) claims; (\d+) confirmed, ")
_FINDING = re.compile(r" {4}(?:refuted|impossible) \S.*?:(?:cell \d+:)?\d+: (.*?)   \[")
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


def on_texts(directories: Iterable[str], show: Sequence[str], jobs: int, keep: Path | None = None) -> None:
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
        if keep:
            with keep.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(
                    json.dumps({"place": str(f.place), **record_of(f)}, ensure_ascii=False) + "\n"
                    for result, _ in results
                    for f in result.findings
                )
        sys.stdout.flush()
    print(_row("in all", 0, total))


def record_of(finding: Finding) -> dict[str, str]:
    """Return what is said of a claim, as plain data."""
    f = finding
    return {
        "word": str(f.word),
        "kind": f.kind,
        "claim": f.claim[:400],
        "value": f.value,
        "said": f.reading or f.reason,
    }


def record(name: str, output: str, false: Sequence[str]) -> dict[str, str | int]:
    """Return the row of some texts; a claim that stands in several files is counted once."""
    found: Counter[str] = Counter()
    claims: set[str] = set()
    for line in output.splitlines():
        if (counts := _COUNTS.match(line)) and counts[1] != "in all":
            found.update(repositories=1, files=int(counts[2]), claims=int(counts[3]), confirmed=int(counts[4]))
        elif finding := _FINDING.match(line):
            claims.add(finding[1])
    wrong = {c for c in claims if any(c.startswith(f) for f in false)}
    if unused := [f for f in false if not any(c.startswith(f) for c in claims)]:
        raise SystemExit(f"not among the refuted claims: {unused}")
    return {"texts": name, **found, "rightly refuted": len(claims) - len(wrong), "wrongly refuted": len(wrong)}


def table(rows: Sequence[dict[str, str | int]]) -> str:
    """Return the rows as a table, numbered."""
    heads = ["set", *rows[0]]
    numbered = ([n, *r.values()] for n, r in enumerate(rows, start=1))
    lines = [heads, ["---"] * len(heads), *([f"{v:,}" if isinstance(v, int) else v for v in r] for r in numbered)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def on_record(name: str, output: Path, false: Path) -> None:
    """Put the row of some texts into the table of the page."""
    rows = json.loads(ROWS.read_text(encoding="utf-8")) if ROWS.exists() else []
    judged = [line.rstrip("\n") for line in false.read_text(encoding="utf-8").splitlines() if line.strip()]
    row = record(name, output.read_text(encoding="utf-8"), judged)
    rows = [r for r in rows if r["texts"] != name] + [row]
    ROWS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


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
    texts.add_argument("--keep", type=Path)
    row = commands.add_parser("record")
    row.add_argument("name")
    row.add_argument("output", type=Path)
    row.add_argument("false", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "claims":
        on_claims(arguments.file)
    elif arguments.command == "record":
        on_record(arguments.name, arguments.output, arguments.false)
    else:
        on_texts(arguments.directory, arguments.show.split(","), arguments.jobs, arguments.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
