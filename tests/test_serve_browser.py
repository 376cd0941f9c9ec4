"""The live page and the static site in a real browser: what a person sees, hears and does with the keyboard."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")

from playwright.sync_api import expect, sync_playwright

import symgrad as sg
from symgrad.export.book import Book
from symgrad.serve.site import site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the PATH")

NARROW, BROAD = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
WAIT = 30_000
"""Milliseconds that a page may take on a busy machine."""
EVIL = "<img src=x onerror=document.title=1>"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "symgrad", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[0].rstrip("/")
        finally:
            server.terminate()
            assert server.wait(15) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as p:
        found = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page on which anything but an answer that is an error of the user's is a failure."""
    context = browser.new_context(viewport=BROAD, permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(WAIT)
    faults: list[str] = []
    opened.on("pageerror", lambda e: faults.append(str(e)))
    opened.on("console", lambda m: faults.append(m.text) if m.type == "error" and "422" not in m.text else None)
    opened.requested = []
    opened.on("request", lambda r: opened.requested.append(r.url))
    yield opened
    assert not faults
    context.close()


def told(page: Any, words: str, where: str = "#status") -> None:
    """Wait until something is told; the page's policy forbids to wait by a script."""
    expect(page.locator(where)).to_contain_text(words, timeout=WAIT)


def answered(page: Any) -> str:
    """Return the answer, when it is there."""
    told(page, "PROVED")
    return str(page.inner_text("#answer"))


def test_a_question_is_chosen_answered_copied_and_linked(page, address):
    page.goto(address)
    assert "𝐶" in answered(page)  # MathML Core shows a letter slanted
    assert page.locator("#answer math").count() >= 1
    page.select_option("#model", "rnn")
    told(page, "of rnn")
    page.select_option("#of", "s[t]")
    page.select_option("#wrt", "s[k]")
    told(page, "∂s[t]/∂s[k]")
    page.fill("#function-sigma", "tanh")
    page.wait_for_url("**f.sigma=tanh**")
    answered(page)
    page.click("#evidence summary")
    assert "as printed" in page.inner_text("#evidence")
    page.click("[data-format=latex]")
    told(page, "LaTeX is copied.", "#copied")
    assert r"\prod_{j=k+1}^{t}" in page.evaluate("navigator.clipboard.readText()")
    page.click("#steps summary")
    page.wait_for_selector("#steps .step")
    assert "PROVED" in page.inner_text("#steps [role=status]")
    page.click("#bound summary")
    page.wait_for_selector("#bound math")
    linked, shown = page.url, page.inner_text("#answer")
    page.click("#steps .step a[href] >> nth=0")  # a link to another step leaves the question as it is
    assert page.url == linked
    page.goto("about:blank")
    page.goto(linked)
    told(page, "∂s[t]/∂s[k]")
    assert page.inner_text("#answer") == shown
    assert page.input_value("#function-sigma") == "tanh"
    assert all(url.startswith((address, "about:", "data:")) for url in page.requested)


def test_own_equations_are_read_while_they_are_written_and_errors_stand_beside_them(page, address):
    page.goto(address)
    answered(page)
    page.fill("#equations", "C = sin(x*y")
    page.wait_for_selector("#equations-error .error")
    assert "line 1, column" in page.inner_text("#equations-error")
    assert page.get_attribute("#equations", "aria-invalid") == "true"
    page.fill("#equations", f"C = sin(x*y)  # {EVIL}")
    told(page, "of equations")
    assert page.get_attribute("#equations", "aria-invalid") is None
    assert [o.strip() for o in page.locator("#wrt option").all_inner_texts()][:2] == ["x", "y"]
    page.select_option("#of", label="another …")
    page.fill("#of-other", EVIL)
    page.wait_for_selector("#error .error")
    page.fill("#of-other", "C")
    page.select_option("#again", "y")
    answered(page)
    assert page.is_disabled("#depth")
    assert page.locator("img").count() == 0
    assert page.title() == "Gradient · symgrad"


def test_a_page_is_used_by_keyboard_alone(page, address):
    page.goto(address)
    answered(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.focus("#model")
    page.keyboard.type("mlp")
    told(page, "of mlp")
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    order = ["equations", "SUMMARY", "of", "wrt", "again", "depth", "form", "detail", "function-sigma", "function-cost"]
    assert [x for x in seen if x in order] == order
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.focus("#equations")
    page.keyboard.press("Control+Enter")
    told(page, "of mlp")


@pytest.mark.parametrize("path", ["/", "/size", "/audit"])
def test_nothing_is_wider_than_a_narrow_screen_and_all_controls_have_names(page, address, path):
    page.set_viewport_size(NARROW)
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    nameless = """[...document.querySelectorAll('input, select, textarea, button, summary')].filter((e) =>
        !(e.labels && e.labels.length) && !e.getAttribute('aria-label') && !e.textContent.trim()).map((e) => e.id)"""
    assert page.evaluate(nameless) == []


CONTRAST = """(selectors) => {
  const number = (c) => c.match(/[\\d.]+/g).map(Number);
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (c) => {
    const [r, g, b] = number(c).slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opaque = (c) => number(c).length < 4 || number(c)[3] === 1;
  const behind = (e) => {
    while (e && !opaque(getComputedStyle(e).backgroundColor)) e = e.parentElement;
    return e ? getComputedStyle(e).backgroundColor : "rgb(255,255,255)";
  };
  const contrast = (e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const found = selectors.flatMap((s) => [...document.querySelectorAll(s)].map((e) => [s, contrast(e)]));
  return found.filter(([, c]) => c < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_told_from_what_is_behind_them(page, address, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address + "/audit")
    page.fill("#text", "It is $1.5^2 = 2.35$ and $2^3 = 8$, about $1/3 = 0.3333$.")
    page.click("button.main")
    page.wait_for_selector(".finding")
    page.check("#all")
    seen = ["p", "label", "a", "button", "h1", "h2", "h3 b", "dt", "dd", ".hint", ".lines span", "mark", ".status"]
    assert page.evaluate(CONTRAST, seen) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_an_audit_stands_beside_its_text(page, address):
    page.goto(address + "/audit")
    page.fill("#text", f"# Notes {EVIL}\n\nIt is $1.5^2 = 2.35$ and $2^3 = 8$.\n")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".finding.refuted")
    assert page.inner_text("#status") == "1 refuted, 1 confirmed."
    assert page.inner_text(".finding dd") == "2.25"
    assert page.inner_text("mark.refuted") == "1.5^2 = 2.35"
    page.click(".finding button")
    assert page.evaluate("document.activeElement.id") == "line-3"
    page.check("#all")
    assert page.locator(".finding").count() == 2
    page.click("#edit")
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.locator("img").count() == 0
    page.set_input_files("#file", {"name": "a.tex", "mimeType": "text/plain", "buffer": b"Here $2^{10} = 1025$."})
    told(page, "1 refuted.")
    assert page.input_value("#kind") == "tex"


def horizons(page: Any) -> dict[str, list[str]]:
    rows = page.locator("#horizons tr").all_inner_texts()
    return {row.split("\t")[0]: row.split("\t")[1:] for row in rows}


POWERS = (
    ("logistic", "2", "1/2"),
    ("logistic", "1", "1/4"),
    ("tanh", "1.1", "1.1"),
    ("logistic", "3.999", "3999/4000"),
    ("tanh", "0.5", "1/2"),
    ("relu", "2", "2"),
    ("logistic", "6.9", "1.725"),
)
"""Activation, weight, and the factor of a layer; powers of 2 are ties, at which a format rounds to even."""


def test_the_sliders_move_the_horizons_as_symgrad_computes_them(page, address):
    page.goto(address + "/size")
    page.wait_for_selector("#horizons tr")
    for activation, weight, base in POWERS:
        page.fill("#activation", activation)
        page.fill("#weight-number", weight)
        told(page, f"factor of {float(Fraction(base)):.4g}")
        exact = sg.horizon(base)
        for name, (early, lost, left) in horizons(page).items():
            loss = exact[name]
            assert lost == f"{loss.zero or loss.overflow:,}", (activation, weight, name)
            assert early == (f"{loss.subnormal:,}" if loss.subnormal else "—" if loss.overflow else "never")
            assert left == ("0" if loss.zero else "inf")
    page.fill("#depth-number", "400")
    assert "1.725" in page.inner_text("#status")
    assert "explodes" in page.inner_text("#status")
    assert "−1.54 to 1.54" in page.inner_text("#window-status")
    page.focus("#weight")
    page.keyboard.press("Home")
    assert "vanishes" in page.inner_text("#status")
    assert "no window" in page.inner_text("#window-status")
    assert page.locator("#power .lost").count() >= 3
    linked = page.url
    page.goto("about:blank")
    page.goto(linked)
    page.wait_for_selector("#horizons tr")
    assert page.input_value("#weight-number") == "0.1"
    page.fill("#weight-number", "0")
    page.wait_for_selector("#error .error")
    page.fill("#weight-number", "1")
    page.fill("#activation", "z*tanh(softplus(z))")
    told(page, "1.088")
    page.fill("#activation", "nonsense(z)")
    page.wait_for_selector("#error .error")


def test_powers_in_the_browser_neither_underflow_nor_guess(page, address):
    page.goto(address + "/size")
    page.wait_for_selector("#horizons tr")
    limit = json.dumps({"m": "1", "e": -150, "at": True})
    half = "{log: symgrad.log10([1n, 2n]), exact: [1n, 2n]}"
    assert page.evaluate(f"symgrad.firstBeyond({half}, {limit})") == {"n": 150, "sure": True}
    open_limit = limit.replace("true", "false")
    assert page.evaluate(f"symgrad.firstBeyond({half}, {open_limit})") == {"n": 151, "sure": True}
    assert page.evaluate(f"symgrad.firstBeyond({{log: Math.log10(0.5), exact: null}}, {limit})")["sure"] is False
    assert page.evaluate("symgrad.shown(-30103.5)") == "3.16·10⁻³⁰¹⁰⁴"
    assert page.evaluate("symgrad.shown(-1e-13)") == "1"
    assert page.evaluate("Math.abs(symgrad.log10(symgrad.rational('1.0000001')) * 1e7 - 0.43429446) < 1e-7")
    assert page.evaluate("symgrad.rational('1/4').map(String)") == ["1", "4"]
    assert page.evaluate("['', '.', '1e5', '-1', 'x', '1/'].map(symgrad.rational).every((x) => x === null)")


def test_the_static_site_works_from_a_folder(page, tmp_path):
    for name, content in site(Book("None", ())):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    page.set_viewport_size(NARROW)
    page.goto((tmp_path / "index.html").as_uri())
    page.click("nav a >> text=Size")
    page.wait_for_selector("#horizons tr")
    page.select_option("#activation", "tanh")
    page.fill("#weight-number", "0.5")
    page.wait_for_url("**weight=0.5**")
    told(page, "150", "#horizons")
    assert horizons(page)["fp32"][1] == "150"
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert all(url.startswith(("file:", "data:")) for url in page.requested)
    assert re.search("weight=0.5", page.url)
    assert Path(tmp_path / "static" / "style.css").is_file()
