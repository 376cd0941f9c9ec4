/* The audit: a text is pasted, dropped or opened; its findings stand beside it, each bound to its line. */
"use strict";
(function (s) {
  const { byId, element } = s;
  const LARGEST = 1000000;
  const MOST_LINES = 20000;
  const MARKED = { refuted: "flagged", impossible: "flagged", note: "noted" };
  let found = null;
  let asking = null;

  const status = (text) => {
    byId("status").textContent = text;
  };

  async function check() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    const text = byId("text").value;
    s.showError(byId("error"), null);
    status("Checking …");
    try {
      const answer = await s.ask("audit", { text, kind: byId("kind").value, model: byId("model").value }, mine.signal);
      if (mine !== asking) return;
      found = answer;
      show(text);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asking) return;
      found = null;
      byId("answer").replaceChildren();
      byId("all-label").hidden = true;
      edit();
      status("");
      s.showError(byId("error"), error);
    }
  }

  function told() {
    const parts = Object.entries(found.counts).map(([word, n]) => `${n.toLocaleString("en")} ${word}`);
    const more = found.left ? ` The first ${found.findings.length.toLocaleString("en")} are shown.` : "";
    return (parts.length ? parts.join(", ") + "." : "Nothing in it is a claim that can be checked.") + more;
  }

  function show(text) {
    const some = found.findings.some((f) => f.told);
    byId("all-label").hidden = !found.findings.length;
    status(told() + (found.findings.length && !some ? " Nothing in it is wrong, as far as it is understood." : ""));
    showText(text);
    showFindings();
  }

  function showFindings() {
    const all = byId("all").checked;
    const shown = found.findings.filter((f) => all || f.told);
    byId("answer").replaceChildren(...shown.map(card));
  }

  function card(f) {
    const title = element("h3", {}, element("b", {}, f.word));
    const where = (f.cell ? `cell ${f.cell}, ` : "") + `line ${f.line}`;
    if (f.cell) title.append(where);
    else {
      const go = element("button", { type: "button" }, where);
      go.addEventListener("click", () => goTo(f.line));
      title.append(go);
    }
    const claim = element("div", { class: "claim" });
    if (f.math) s.placed(claim, f.math);
    else claim.append(element("code", {}, f.claim));
    const rows = element("dl");
    for (const [name, value] of [[f.flags ? "right is" : "computed", f.value], ["because", f.reason], ["read with", f.reading]]) {
      if (!value) continue;
      const said = element("dd");
      s.placed(said, value);
      rows.append(element("dt", {}, name), said);
    }
    const kind = f.word === "not checkable" ? "unchecked" : f.word;
    return element("section", { class: "finding " + kind }, title, claim, rows);
  }

  function goTo(line) {
    const row = byId("line-" + line);
    if (!row) return;
    document.querySelectorAll(".lines li.here").forEach((li) => li.classList.remove("here"));
    row.classList.add("here");
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  /* The text with its line numbers; in a line that has findings, what they are about is marked. */
  function showText(text) {
    const lines = text.replace(/\r\n?/g, "\n").split("\n");
    const notebook = byId("kind").value === "ipynb";
    byId("read").hidden = notebook;
    byId("question").hidden = !notebook;
    if (notebook) return;
    const by = new Map();
    for (const f of found.findings) by.set(f.line, [...(by.get(f.line) || []), f]);
    byId("read").querySelector("ol").replaceChildren(...lines.slice(0, MOST_LINES).map((line, i) => {
      const here = by.get(i + 1) || [];
      const worst = here.map((f) => MARKED[f.word]).filter(Boolean).sort()[0];
      const content = element("span");
      content.append(...marked(line, here));
      return element("li", { id: "line-" + (i + 1), class: worst || null, tabindex: here.length ? -1 : null }, element("span", { "aria-hidden": "true" }, String(i + 1)), content);
    }));
  }

  function marked(line, findings) {
    const parts = [];
    let at = 0;
    const places = findings.map((f) => ({ f, begin: line.indexOf(f.claim, Math.max(f.column - 1, 0)) })).map(({ f, begin }) => ({ f, begin: begin < 0 ? line.indexOf(f.claim) : begin }));
    for (const { f, begin } of places.filter((p) => p.begin >= 0 && p.f.claim).sort((a, b) => a.begin - b.begin)) {
      if (begin < at) continue;
      parts.push(line.slice(at, begin), element("mark", { class: f.word, title: f.word }, line.slice(begin, begin + f.claim.length)));
      at = begin + f.claim.length;
    }
    parts.push(line.slice(at));
    return parts;
  }

  function edit() {
    byId("read").hidden = true;
    byId("question").hidden = false;
  }

  async function open(file) {
    if (!file) return;
    s.showError(byId("error"), null);
    if (file.size > LARGEST) {
      s.showError(byId("error"), { what: `${file.name} has ${file.size.toLocaleString("en")} bytes, and may have ${LARGEST.toLocaleString("en")}`, todo: "audit it with the command line: symgrad audit" });
      return;
    }
    const ending = file.name.split(".").pop().toLowerCase();
    const kind = { markdown: "md", txt: "md", htm: "html", xhtml: "html" }[ending] || ending;
    if ([...byId("kind").options].some((o) => o.value === kind)) byId("kind").value = kind;
    byId("text").value = await file.text();
    check();
  }

  byId("question").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  s.sentByKeys(byId("question"));
  byId("all").addEventListener("change", showFindings);
  byId("edit").addEventListener("click", () => {
    edit();
    byId("text").focus();
  });
  byId("file").addEventListener("change", () => open(byId("file").files[0]));
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      if (type !== "dragleave" && ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      byId("text").classList.toggle("drop", type === "dragover");
      if (type === "drop") open(event.dataTransfer.files[0]);
    });
  }
})(window.symgrad);
