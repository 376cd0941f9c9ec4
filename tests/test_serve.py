"""The live page without a browser: what it answers, what it refuses, and that no work outlives its bounds."""

import asyncio
import json
import os
import re
import signal
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra serve is not installed")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # newer Starlettes prefer another client, and take this one
    from starlette.testclient import TestClient

import symgrad as sg
from symgrad.errors import SymgradError
from symgrad.export.book import Book
from symgrad.network.asked import asked
from symgrad.serve.app import Kept, application
from symgrad.serve.guard import Guard, host_name
from symgrad.serve.limits import LARGEST_BODY, LONGEST_EQUATIONS, Limits
from symgrad.serve.menus import COPIES
from symgrad.serve.pages import NAMES, live_page
from symgrad.serve.pool import Busy, Pool
from symgrad.serve.site import site
from symgrad.serve.tasks import TASKS, find_task
from symgrad.serve.worker import answered

CHAIN = {"model": "chain", "of": "C", "wrt": ["b[1]"]}
LONG = {"model": "transformer", "of": "C", "wrt": ["W_1[1]"], "form": "product"}
"""A question that takes half a minute."""
EVIL = "<img src=x onerror=alert(1)>"


@contextmanager
def serving(**limits: Any) -> Iterator[TestClient]:
    app = application(Limits(**{"workers": 1, **limits}))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with serving() as client:
        yield client


def do(client: TestClient, task: str, **fields: Any) -> Any:
    return client.post(f"/do/{task}", json=fields)


def workers() -> set[int]:
    """Return the workers of this process."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            stat, line = (entry / "stat").read_text(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if (
            entry.name.isdecimal()
            and b"symgrad.serve.worker" in line
            and int(stat.rpartition(")")[2].split()[1]) == os.getpid()
        ):
            found.add(int(entry.name))
    return found


# ---- pages ----


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [v for k, v in attrs if k in ("href", "src") and v]
        assert not [k for k, _ in attrs if k.startswith("on") or k == "style"], "the policy allows neither"
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        if tag in ("input", "select", "textarea"):
            self.controls.append(given)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_needs_nothing_from_elsewhere_and_names_its_controls(name):
    page = Page(live_page(name))
    assert all(re.match(r"/|#", link) for link in page.links), page.links
    assert len(page.ids) == len(set(page.ids))
    assert page.labelled <= set(page.ids)
    for control in page.controls:
        named = control.get("aria-label") or control.get("id") in page.labelled
        assert named or control.get("type") == "checkbox", control


def test_pages_and_their_files_are_served_with_a_policy(client):
    for path in (
        "/",
        "/gradient",
        "/size",
        "/audit",
        "/static/style.css",
        "/static/gradient.js",
        "/none",
        "/static/none",
    ):
        answer = client.get(path)
        assert answer.status_code == (404 if "none" in path else 200)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/%00",
        "/../etc/passwd",
    ],
)
def test_no_file_beside_those_of_the_page_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


# ---- what is answered ----


def test_a_question_is_answered_with_its_evidence(client):
    found = do(client, "answer", **CHAIN).json()["result"]
    assert found["verdict"] == "PROVED"
    assert found["passes"]
    assert "<math" in found["html"]
    assert any("as printed" in check for check in found["checks"])
    assert do(client, "answer", **CHAIN).json()["result"] == found


@pytest.mark.parametrize("format_", COPIES)
def test_an_answer_is_taken_away_in_every_format_of_the_menu(format_):
    found = answered("copy", {**CHAIN, "format": format_}, 30, 2**30)
    assert found["result"]["text"].strip(), found


def test_no_program_is_written_of_a_second_derivative():
    twice = {"equations": "C = sin(x*y)", "of": "C", "wrt": ["x", "y"], "format": "numpy"}
    assert "second derivative" in answered("copy", twice, 30, 2**30)["error"]["what"]


def test_a_depth_is_a_letter_or_a_number(client):
    letter = do(client, "copy", **CHAIN, depth="N", format="text").json()["result"]["text"]
    assert "∏_{j=2}^{N}" in letter
    assert "∂C/∂a_4" in do(client, "copy", **CHAIN, depth="4", format="text").json()["result"]["text"]
    for wrong, told in (
        ("0", "neither"),
        ("-3", "neither"),
        ("w", "something else"),
        ("501", "at most"),
        ("1e3", "neither"),
    ):
        assert told in do(client, "answer", **CHAIN, depth=wrong).json()["error"]["what"], wrong


@pytest.mark.parametrize("name", sg.models())
def test_menus_offer_what_the_model_has(name):
    menus = find_task("model")({"model": name}, 5)
    model = sg.model(name)
    assert menus["of"]
    assert menus["wrt"]
    for text in (*menus["of"], *menus["wrt"]):
        model.resolve(asked(model, text, "--of").quantity)


def test_errors_say_what_where_and_what_to_do(client):
    answer = do(client, "model", equations="z = w*x\nC = sin(z")
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert error["line"] == 2
    assert "column" in error["where"]
    assert error["todo"]
    assert "Traceback" not in answer.text


def test_a_notation_and_a_model_are_names_and_no_files(client, tmp_path):
    secret = tmp_path / "secret.toml"
    secret.write_text("index = 'superscript'")
    for fields in ({**CHAIN, "notation": str(secret)}, {**CHAIN, "model": str(secret)}):
        assert "unknown" in do(client, "answer", **fields).json()["error"]["what"]
    assert "superscript" not in do(client, "answer", **{**CHAIN, "model": "", "equations": str(secret)}).text
    assert "unknown" in do(client, "audit", text="$1 = 2$", model=str(secret)).json()["error"]["what"]


def test_the_audit_tells_what_is_wrong_and_where(client):
    text = "# Notes\n\nIt is $1.5^2 = 2.35$ and $2^3 = 8$."
    found = do(client, "audit", text=text).json()["result"]
    assert [(f["word"], f["line"], f["value"]) for f in found["findings"] if f["told"]] == [("refuted", 3, "2.25")]
    assert found["counts"] == {"confirmed": 1, "refuted": 1}


def test_what_others_write_is_escaped(client):
    shown = do(client, "audit", text=f"{EVIL} $1.5^2 = 2.35$ ${EVIL} = 3$ $x<script>alert(1)</script> = 1$").json()[
        "result"
    ]
    for finding in shown["findings"]:
        assert not re.search(
            "<(img|script)", finding["math"] + finding["value"] + finding["reason"] + finding["reading"]
        )
    for fields in (
        {"equations": f"C = x # {EVIL}", "of": "C", "wrt": ["x"]},
        {**CHAIN, "functions": {"sigma": EVIL}},
        {**CHAIN, "of": EVIL},
        {**CHAIN, "wrt": [EVIL]},
        {**CHAIN, "let": [EVIL]},
    ):
        result = do(client, "answer", **fields).json().get("result")
        assert result is None or "<img" not in json.dumps(result)


# ---- what is refused ----

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:8000"}, 421),
        ({"Host": "localhost.evil.example"}, 421),
        ({"Host": "127.0.0.1.nip.io"}, 421),
        ({"Host": "10.0.0.7"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Length": str(LARGEST_BODY + 1)}, 413),
        ({"Host": "localhost:8000", "Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "[::1]:8000"}, 200),
    ],
)
def test_a_request_from_elsewhere_is_refused(client, headers, status):
    answer = client.post("/do/model", content=b'{"model": "chain"}', headers={**JSON, **headers})
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"]["todo"]


def test_other_methods_and_requests_that_are_no_json_get_a_sentence(client):
    assert client.put("/do/model", json={}).status_code == 405
    assert client.options("/do/model").status_code == 405
    assert do(client, "none").status_code == 404
    for body in (b"", b"{", b"[1]", b"null", b"\xff", b'{"model": NaN}', b"[" * 100_000, b'{"model": "chain"}}'):
        answer = client.post("/do/model", content=body, headers=JSON)
        assert answer.status_code in (400, 422), body[:20]
        assert answer.json()["error"]["todo"]
    for fields in (
        {"model": 3},
        {"model": ["chain"]},
        {"equations": "C = x\ud800"},
        {"equations": "C = x" * LONGEST_EQUATIONS},
    ):
        assert client.post("/do/model", content=json.dumps(fields), headers=JSON).json()["error"]["what"]
    for fields in (
        {"wrt": "b[1]"},
        {"wrt": [1]},
        {"wrt": ["b[1]"] * 100},
        {"functions": []},
        {"of": "x" * 10_000},
        {"depth": 10**400},
    ):
        assert do(client, "answer", **{**CHAIN, **fields}).json()["error"]["what"]


def guarded(receive: Any, seconds: float = 5) -> int:
    """Return the status of a request whose body comes as it does."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(*_: Any) -> None:
        raise AssertionError("it is not asked")

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/do/model", "headers": headers}
    asyncio.run(Guard(app, seconds=seconds)(scope, receive, send))
    return sent[0]["status"]


def test_a_body_without_end_or_without_haste_is_refused():
    async def endless() -> Any:
        return {"type": "http.request", "body": b" " * 2**16, "more_body": True}

    async def never() -> Any:
        await asyncio.sleep(60)

    assert guarded(endless) == 413
    assert guarded(never, seconds=0.05) == 408


def test_hosts_are_read_as_browsers_write_them():
    hosts = {"a.b:1": "a.b", "A.B": "a.b", "[::1]": "::1", "[::1]:80": "::1", "a\n": "", "a:b": "", "": "", "ä": ""}
    assert {h: host_name(h) for h in hosts if h != "a:b"} == {h: n for h, n in hosts.items() if h != "a:b"}


# ---- bounds ----


def test_work_that_takes_too_long_is_ended_and_the_next_is_done():
    others = workers()
    with serving(seconds=1.5) as client:
        begun = time.monotonic()
        error = do(client, "answer", **LONG).json()["error"]
        assert "1.5 seconds" in error["what"]
        assert time.monotonic() - begun < 15
        assert do(client, "model", model="chain").status_code == 200
        [pid] = workers() - others
        os.kill(pid, signal.SIGKILL)
        assert do(client, "model", model="rnn").status_code in (
            200,
            422,
        )  # perhaps it was not yet seen that it has gone
        assert do(client, "model", model="mlp").status_code == 200
    assert workers() == others


def test_more_than_may_wait_is_told_to_come_again():
    others = workers()

    async def crowd() -> list[Any]:
        pool = Pool(Limits(workers=1, waiting=2, seconds=30))
        await pool.start()
        try:
            asked = [pool.ask("model", {"model": name}) for name in ("chain", "rnn", "mlp", "lstm", "gru", "ssm")]
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await pool.close()

    found = asyncio.run(crowd())
    assert sum("result" in x for x in found if isinstance(x, dict)) == 3
    assert sum(isinstance(x, Busy) for x in found) == 3
    assert workers() == others


def test_a_fault_is_told_in_a_sentence(monkeypatch):
    def fault(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("symgrad.serve.tasks.model.task", fault)
    error = answered("model", {}, 5, 2**30)["error"]
    assert error["what"] == "a fault of symgrad: ZeroDivisionError"
    assert "secret" not in json.dumps(error)
    assert "unknown task" in answered("os.system", {}, 5, 2**30)["error"]["what"]
    assert all(find_task(name) for name in TASKS)


def test_kept_answers_take_bounded_memory():
    kept = Kept(most=1000)
    for n in range(100):
        kept.put(str(n), b"x" * 100)
    kept.put("large", b"x" * 500)
    assert kept.size <= 1000
    assert kept.get("0") is None
    assert kept.get("large") is None
    assert kept.get("99") == b"x" * 100


def test_a_port_that_is_taken_is_told():
    from symgrad.serve.run import listener

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SymgradError, match="cannot listen"):
        listener("127.0.0.1", taken.getsockname()[1])


def test_the_static_site_has_relative_links_and_all_it_links_to():
    pages = dict(site(Book("None", ())))
    for name, content in pages.items():
        if name.endswith(".html"):
            links = Page(content).links
            assert all(link.split("#")[0] in {*pages, ""} for link in links), (name, links)
    data = json.loads(re.search(r'id="data">(.*?)</script>', pages["size.html"])[1])
    assert set(data["slopes"]) >= {"logistic", "tanh", "relu", "gelu"}
    assert data["slopes"]["gelu"]["slopes"][0] < -13  # 0 in float64, were it computed there
