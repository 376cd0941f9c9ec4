"""The cache of answers: what it finds is what was kept, whatever is done to its files."""

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest

from symgrad.desk.answer import answer
from symgrad.desk.cache import LARGEST, MOST, Cache, key_of, usual_cache
from symgrad.desk.question import Question
from symgrad.export.notation import NOTATIONS
from symgrad.export.page_options import PageOptions

QUESTION = Question("a[j] = tanh(w*a[j-1])\nC = cost(a[L])", "a[2]", ("a[1]",))
LATEX = PageOptions(format="latex")
KEY = key_of({"of": "C"})


def entries(folder):
    return sorted(folder.rglob("*.json"))


def test_the_second_answer_is_the_first(tmp_path):
    cache = Cache(tmp_path)
    first, second = (answer(QUESTION, LATEX, cache=cache) for _ in range(2))
    assert first.document is not None
    assert second.document is None
    assert replace(first, document=None) == second
    assert str(second.evidence) == str(first.evidence)
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize(
    ("question", "page", "more"),
    [
        (replace(QUESTION, of="a[3]"), LATEX, {}),
        (replace(QUESTION, model=QUESTION.model.replace("tanh", "sin")), LATEX, {}),
        (replace(QUESTION, let=("w = 1/2",)), LATEX, {}),
        (QUESTION, PageOptions(format="markdown"), {}),
        (QUESTION, replace(LATEX, notation=NOTATIONS["ng"]), {}),
        (QUESTION, replace(LATEX, notation=replace(NOTATIONS["nielsen"], names={"a": "h"})), {}),
        (QUESTION, LATEX, {"seed": 1}),
        (QUESTION, LATEX, {"verify": True}),
    ],
)
def test_another_question_has_another_entry(question, page, more, tmp_path):
    cache = Cache(tmp_path)
    first = answer(QUESTION, LATEX, cache=cache, verify=False)
    other = answer(question, page, cache=cache, **{"verify": False, **more})
    assert len(entries(tmp_path)) == 2
    assert other.document is not None
    assert first.document is not None


@pytest.mark.parametrize("spoilt", ["", "{", "cut", "page", "digest", "long", "folder"])
def test_a_spoilt_entry_is_made_anew(spoilt, tmp_path):
    cache = Cache(tmp_path)
    right = answer(QUESTION, LATEX, cache=cache, verify=False).pages
    [path] = entries(tmp_path)
    data = path.read_bytes()
    changed = {
        "cut": data[:-5],
        "page": data.replace(b"tanh", b"sinh"),
        "digest": bytes([data[0] ^ 1]) + data[1:],
        "long": data + b" " * LARGEST,
    }.get(spoilt, spoilt.encode())
    if spoilt == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(changed)
    again = answer(QUESTION, LATEX, cache=cache, verify=False)
    assert again.pages == right
    assert again.document is not None
    if spoilt != "folder":
        assert path.read_bytes() == data


def test_an_entry_of_another_key_is_none(tmp_path):
    cache = Cache(tmp_path)
    cache.keep(KEY, {"a": 1})
    other = key_of({"of": "D"})
    [path] = entries(tmp_path)
    moved = tmp_path / other[:2] / f"{other[2:]}.json"
    moved.parent.mkdir(exist_ok=True)
    path.rename(moved)
    assert cache.find(other) is None


def test_a_failure_is_not_kept(tmp_path, monkeypatch):
    import symgrad.evidence.verify
    from symgrad.evidence.evidence import Check, Evidence
    from symgrad.evidence.verdict import Verdict

    refuted = Evidence("it", (Check("tangents", Verdict.REFUTED),))
    monkeypatch.setattr(symgrad.evidence.verify, "verify", lambda *_, **__: refuted)
    assert not answer(QUESTION, LATEX, cache=Cache(tmp_path)).passes
    assert entries(tmp_path) == []


def test_what_is_large_is_not_kept_and_old_ones_go(tmp_path):
    cache = Cache(tmp_path)
    cache.keep(KEY, {"a": "x" * LARGEST})
    assert cache.find(KEY) is None
    for n in range(MOST + 5):
        cache.keep(f"00{n:062x}", {"n": n})
    assert len(entries(tmp_path)) == MOST
    assert cache.find(f"00{MOST + 4:062x}") == {"n": MOST + 4}


def test_a_folder_that_takes_nothing_is_no_error(tmp_path):
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    Cache(file / "inside").keep(KEY, {})
    assert Cache(file / "inside").find(KEY) is None
    open_to_all = tmp_path / "all"
    cache = Cache(open_to_all)
    cache.keep(KEY, {"a": 1})
    assert cache.find(KEY) == {"a": 1}
    open_to_all.chmod(0o777)
    assert cache.find(KEY) is None


def test_where_the_cache_is(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMGRAD_CACHE", "off")
    assert usual_cache() is None
    monkeypatch.setenv("SYMGRAD_CACHE", str(tmp_path))
    assert usual_cache().folder == tmp_path
    monkeypatch.delenv("SYMGRAD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_cache().folder == tmp_path / "symgrad" / "answers"


def _write(folder):
    cache = Cache(folder)
    for _ in range(30):
        cache.keep(KEY, {"page": "x" * 50_000})
        assert cache.find(KEY) in (None, {"page": "x" * 50_000})
    return cache.find(KEY) is not None


def test_builds_side_by_side_share_it(tmp_path):
    with ProcessPoolExecutor(2) as pool:
        assert all(pool.map(_write, [tmp_path] * 2))
    [path] = entries(tmp_path)
    assert json.loads(path.read_bytes().partition(b"\n")[2]) == {"page": "x" * 50_000}
