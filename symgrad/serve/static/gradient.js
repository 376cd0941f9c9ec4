/* The page of a gradient: equations and menus on the left, the answer, its evidence, steps and bound on the right. */
"use strict";
(function (s) {
  const { byId, element } = s;
  const OTHER = "\u0000other";
  const EVERY = "\u0000every";
  const PLAIN = ["form", "detail", "notation", "layout"];
  const unfolded = new Map();
  let menus = null;
  let current = null;
  let reading = null;
  let asking = null;
  let shown = null;

  /* ---- the model: its equations and its menus ---- */

  function source() {
    const name = byId("model").value;
    return name ? { model: name } : { equations: byId("equations").value };
  }

  function choose(select, options, wanted) {
    const before = wanted || select.value;
    select.replaceChildren(...options.map(([value, words]) => element("option", { value }, words)));
    const known = options.some(([value]) => value === before);
    if (known) select.value = before;
    return known || !before;
  }

  const same = (names) => names.map((name) => [name, name]);

  /* The names that a menu of "by" offers: for backward equations whole parameters, and all of them. */
  function fillMenus(wanted = {}) {
    const backward = ["backward", "hvp"].includes(byId("form").value);
    const number = menus.numbers.includes(byId("of").value || menus.of[0]);
    const other = [[OTHER, "another …"]];
    const every = number ? [[EVERY, "every parameter"]] : [];
    const wrt = backward ? [...every, ...same(menus.names)] : [...same(menus.wrt), ...every];
    if (!choose(byId("of"), [...same(menus.of), ...other], wanted.of) && wanted.of) {
      byId("of").value = OTHER;
      byId("of-other").value = wanted.of;
    }
    if (!choose(byId("wrt"), [...wrt, ...other], wanted.wrt) && wanted.wrt) {
      byId("wrt").value = OTHER;
      byId("wrt-other").value = wanted.wrt;
    }
    choose(byId("again"), [["", "—"], ...same(menus.wrt)], wanted.again);
    byId("depth").placeholder = menus.depth ? menus.depth + ", or a number" : "no depth";
    byId("depth").disabled = !menus.depth;
    if (!menus.depth) byId("depth").value = "";
    showOther();
  }

  function fillFunctions(bound) {
    const place = byId("functions").querySelector(".pair");
    byId("functions").hidden = !menus.functions.length;
    place.replaceChildren(...menus.functions.map(({ name, kind }) => {
      const id = "function-" + name;
      const list = kind === "scalar" ? "costs" : kind === "function" ? "activations" : null;
      const field = element("input", { id, class: "mono", list, maxlength: 300, placeholder: "left open", "data-function": name });
      field.value = bound[name] || "";
      return element("div", {}, element("label", { for: id }, name), field);
    }));
  }

  function bindings() {
    const found = {};
    for (const field of document.querySelectorAll("[data-function]")) if (field.value.trim()) found[field.dataset.function] = field.value.trim();
    return found;
  }

  function showOther() {
    const [of, wrt] = ["of", "wrt"].map((id) => byId(id).value === OTHER);
    byId("other").hidden = !of && !wrt;
    byId("of-other").parentElement.hidden = !of;
    byId("wrt-other").parentElement.hidden = !wrt;
  }

  /* Read the model anew, and then ask, if asked to. */
  async function readModel(wanted = {}, then = derive) {
    reading?.abort();
    asking?.abort();
    reading = new AbortController();
    const mine = reading;
    const bound = wanted.functions || bindings();
    try {
      const found = await s.ask("model", source(), mine.signal);
      menus = found;
      if (byId("model").value) byId("equations").value = found.equations;
      s.showError(byId("equations-error"), null);
      byId("equations").removeAttribute("aria-invalid");
      fillMenus(wanted);
      fillFunctions(bound);
      const meanings = byId("meanings");
      meanings.hidden = !found.meanings.length;
      meanings.querySelector("ul").replaceChildren(...found.meanings.map((line) => element("li", {}, line)));
      if (then) await then();
    } catch (error) {
      if (error.name === "AbortError") return;
      byId("equations").setAttribute("aria-invalid", "true");
      s.showError(byId("equations-error"), error);
      status("The equations are not understood yet.");
      clearAnswer();
    }
  }

  /* ---- the question and its link ---- */

  function picked(id) {
    const value = byId(id).value;
    if (value === OTHER) return byId(id + "-other").value.trim();
    return value === EVERY ? "" : value;
  }

  function question() {
    const wrt = picked("wrt").split(/,(?![^[]*\])/).map((x) => x.trim()).filter(Boolean);
    const again = byId("again").value;
    const fields = { ...source(), of: picked("of"), wrt: again && wrt.length === 1 ? [...wrt, again] : wrt, depth: byId("depth").value.trim(),
      functions: bindings(), let: byId("let").value.split("\n").map((x) => x.trim()).filter(Boolean) };
    for (const id of PLAIN) fields[id] = byId(id).value;
    if (fields.layout === "numerator") fields.layout = "";
    if (fields.detail === "folded") fields.detail = "";
    return fields;
  }

  function linkOf(fields) {
    const link = { model: fields.model || "", equations: fields.equations || "", of: fields.of, wrt: byId("wrt").value === EVERY ? "*" : picked("wrt"),
      again: byId("again").value, depth: fields.depth, let: fields.let.join("\n") };
    for (const [name, value] of Object.entries(fields.functions)) link["f." + name] = value;
    for (const id of PLAIN) link[id] = byId(id).selectedIndex ? byId(id).value : "";
    return link;
  }

  function readLink() {
    const linked = s.linked();
    const has = linked.has("model") || linked.has("equations");
    const named = linked.get("model") || (has ? "" : "chain");
    byId("model").value = [...byId("model").options].some((o) => o.value === named) ? named : "";
    if (!byId("model").value) byId("equations").value = (linked.get("equations") || "").slice(0, byId("equations").maxLength);
    byId("depth").value = (linked.get("depth") || "").slice(0, 12);
    byId("let").value = (linked.get("let") || "").slice(0, 300);
    for (const id of PLAIN) {
      const value = linked.get(id);
      byId(id).selectedIndex = Math.max([...byId(id).options].findIndex((o) => o.value === value), 0);
    }
    const functions = {};
    for (const [key, value] of linked) if (key.startsWith("f.")) functions[key.slice(2)] = value.slice(0, 300);
    const every = linked.get("wrt") === "*";
    readModel({ of: linked.get("of") || "", wrt: every ? EVERY : linked.get("wrt") || (has ? "" : "b[1]"), again: linked.get("again") || "", functions });
  }

  /* ---- the answer ---- */

  function status(text) {
    byId("status").textContent = text;
  }

  function clearAnswer() {
    byId("answer").replaceChildren();
    byId("notes").replaceChildren();
    for (const id of ["evidence", "copies", "steps", "bound"]) byId(id).hidden = true;
    shown = null;
  }

  async function derive() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    current = question();
    unfolded.clear();
    for (const id of ["steps", "bound", "copy"]) byId(id).open = false;
    byId("copy").hidden = true;
    byId("copied").textContent = "";
    s.showError(byId("copy-error"), null);
    byId("answer").classList.add("old");
    const fits = s.link(linkOf(current));
    byId("link").disabled = !fits;
    byId("link").title = fits ? "" : "The equations are too long for a link.";
    if (!current.of) return failed({ what: "nothing is said to be derived", todo: "choose a quantity, or write one" });
    const begun = performance.now();
    const working = setTimeout(() => status("Deriving and checking …"), 250);
    try {
      const found = await s.ask("answer", current, mine.signal);
      if (mine !== asking) return;
      show(found, (performance.now() - begun) / 1000);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asking) return;
      failed(error);
    } finally {
      clearTimeout(working);
      if (mine === asking) byId("answer").classList.remove("old");
    }
  }

  function failed(error) {
    clearAnswer();
    byId("answer").classList.remove("old");
    status("There is no answer.");
    s.showError(byId("error"), error);
  }

  function show(found, seconds) {
    shown = found;
    s.showError(byId("error"), null);
    s.placed(byId("answer"), found.html);
    for (const wide of byId("answer").querySelectorAll(".equation")) wide.tabIndex = 0;
    status(`${found.title}: ${found.verdict}, in ${seconds < 0.095 ? "less than 0.1" : seconds.toFixed(1)} s.`);
    if (!found.passes) {
      const refuted = found.verdict === "REFUTED";
      s.showError(byId("error"), { what: `the answer is ${refuted ? "refuted" : "not known to be true"}, and is not printed`,
        where: found.counterexample, todo: "see the evidence below" });
    }
    byId("notes").replaceChildren(...found.notes.map((note) => {
      const line = element("p", { class: "note" });
      s.placed(line, "Note: " + note);
      return line;
    }));
    const evidence = byId("evidence");
    evidence.hidden = !found.checks.length;
    evidence.querySelector("summary").replaceChildren("Evidence: ", element("span", { class: "mark " + found.verdict }, found.verdict));
    evidence.querySelector("ul").replaceChildren(...found.checks.map((check) => {
      const line = element("li");
      s.placed(line, check);
      return line;
    }));
    byId("copies").hidden = !found.passes;
    const single = current.wrt.length === 1;
    byId("steps").hidden = !single;
    byId("bound").hidden = !single;
    const activation = Object.values(current.functions)[0];
    byId("to-size").href = "/size" + (activation ? "#" + new URLSearchParams({ activation }) : "");
  }

  /* Steps and bound are asked for when they are unfolded, once for each question. */
  function unfold(id, task, words) {
    const box = byId(id);
    const [state, problem, place] = ["[role=status]", "[role=alert]", ".answer"].map((x) => box.querySelector(x));
    box.addEventListener("toggle", async () => {
      if (!box.open || unfolded.get(id) === current || !shown) return;
      const asked = current;
      unfolded.set(id, asked);
      state.textContent = "Deriving …";
      place.replaceChildren();
      s.showError(problem, null);
      try {
        const found = await s.ask(task, asked, asking?.signal);
        if (asked !== current) return;
        s.placed(place, found.html);
        for (const wide of place.querySelectorAll(".equation")) wide.tabIndex = 0;
        state.textContent = words(found);
      } catch (error) {
        if (asked !== current || error.name === "AbortError") return;
        state.textContent = "";
        s.showError(problem, error);
      }
    });
  }

  async function copyAs(button) {
    const asked = current;
    const words = button.textContent;
    byId("copied").textContent = `Writing ${words} …`;
    s.showError(byId("copy-error"), null);
    try {
      const found = await s.ask("copy", { ...asked, format: button.dataset.format }, asking?.signal);
      if (asked !== current) return;
      const copied = await s.copy(found.text);
      byId("copied").textContent = copied ? `${words} is copied.` : `The browser does not let it be copied; ${words} stands below.`;
      byId("copy").hidden = false;
      byId("copy").open = byId("copy").open || !copied;
      byId("copy").querySelector("pre").textContent = found.text;
    } catch (error) {
      if (asked !== current || error.name === "AbortError") return;
      byId("copied").textContent = "";
      s.showError(byId("copy-error"), error);
    }
  }

  /* ---- what the user does ---- */

  const form = byId("question");
  const soon = s.paused(() => readModel(), 600);
  const bindSoon = s.paused(() => menus && derive(), 500);
  byId("model").addEventListener("change", () => {
    if (byId("model").value) readModel({});
    else byId("equations").focus();
  });
  byId("equations").addEventListener("input", () => {
    byId("model").value = "";
    soon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    readModel();
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("select") || event.target.id === "model" || !menus) return;
    if (event.target.id === "form" || event.target.id === "of") fillMenus();
    showOther();
    if (event.target.value === OTHER) byId(event.target.id + "-other").focus();
    else derive();
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("input, #let")) bindSoon();
  });
  s.sentByKeys(form);
  byId("copy-buttons").addEventListener("click", (event) => {
    if (event.target.dataset.format) copyAs(event.target);
  });
  byId("link").addEventListener("click", async () => {
    byId("copied").textContent = (await s.copy(location.href)) ? "The link is copied." : "The link is in the address bar.";
  });
  unfold("steps", "steps", (found) => `${found.steps} steps, ${found.verdict} all in all.`);
  unfold("bound", "bound", (found) => `In the ${found.norm} norm; of a number, its absolute value.`);
  addEventListener("hashchange", () => location.hash.includes("=") && readLink());
  readLink();
})(window.symgrad);
