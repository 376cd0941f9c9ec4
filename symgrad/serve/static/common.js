/* What every page needs: elements, questions to the server, HTML that is placed with care, links that hold a question. */
"use strict";
window.symgrad = {};
(function (s) {
  s.byId = (id) => document.getElementById(id);
  s.LONGEST_LINK = 8000;

  /* An element with attributes and children; text is text. */
  s.element = function (tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };

  /* The answer of the server to a question; throws {what, where, todo}. */
  s.ask = async function (task, fields, signal) {
    let answer;
    try {
      const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields), signal };
      answer = await fetch("/do/" + task, sent);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw { what: "the server does not answer", where: "", todo: "start it again: symgrad serve" };
    }
    let record;
    try {
      record = await answer.json();
    } catch {
      throw { what: "the server's answer is not understood (status " + answer.status + ")", where: "", todo: "ask again" };
    }
    if (record.error) throw record.error;
    return record.result;
  };

  /* HTML of symgrad's own writer goes through this list once more: elements that only show, attributes that only name. */
  const SHOWN = new Set(("A ABBR B BR CAPTION CODE DD DETAILS DIV DL DT EM FIGCAPTION FIGURE H2 H3 H4 HR I LI OL P PRE SECTION " +
    "SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TH THEAD TR UL MATH MI MN MO MTEXT MSPACE MROW MFRAC MSQRT MROOT MSUB MSUP " +
    "MSUBSUP MUNDER MOVER MUNDEROVER MTABLE MTR MTD MSTYLE MPADDED MPHANTOM").split(" "));
  const NAMED = new Set(("class id display displaystyle mathvariant form stretchy largeop movablelimits accent width height " +
    "lspace rspace linethickness scope open columnalign").split(" "));
  s.placed = function (parent, html) {
    const read = new DOMParser().parseFromString(html, "text/html");
    for (const element of read.body.querySelectorAll("*")) {
      if (!SHOWN.has(element.tagName.toUpperCase())) {
        element.remove();
        continue;
      }
      for (const { name, value } of [...element.attributes]) {
        const link = name === "href" && value.startsWith("#");
        if (!NAMED.has(name) && !link) element.removeAttribute(name);
      }
    }
    parent.replaceChildren(...read.body.childNodes);
  };

  /* An error as symgrad says it: what, where, what to do. */
  s.showError = function (place, error) {
    place.replaceChildren();
    if (!error) return;
    const box = s.element("div", { class: "error" }, s.element("b", {}, "Not done: "), error.what || String(error));
    if (error.where) box.append(s.element("pre", {}, error.where));
    if (error.todo) box.append(s.element("p", {}, "What to do: " + error.todo));
    place.append(box);
  };

  /* The question that the link holds; an absurdly long one is none. */
  s.linked = function () {
    const text = location.hash.slice(1);
    return new URLSearchParams(text.length <= s.LONGEST_LINK ? text : "");
  };

  /* Put a question into the link; false where it is too long for one. */
  s.link = function (fields) {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) if (value !== "" && value !== null) parts.set(name, value);
    const text = parts.toString();
    const fits = text.length <= s.LONGEST_LINK;
    const own = location.pathname + location.search;
    if (fits || location.hash) history.replaceState(null, "", fits && text ? own + "#" + text : own);
    return fits;
  };

  /* A link within the page moves the focus, and leaves the question in the address bar as it is. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    const target = byHash(link.getAttribute("href").slice(1));
    if (!target) return;
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  });
  const byHash = (id) => (id ? document.getElementById(id) : null);

  s.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  /* Call once the typing has paused. */
  s.paused = function (call, milliseconds) {
    let timer = 0;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => call(...args), milliseconds);
    };
  };

  /* Ctrl + Enter sends a form from anywhere in it. */
  s.sentByKeys = function (form) {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  };
})(window.symgrad);
