/* The sliders: the power of one layer's factor against the depth, what floats make of it, and the window of σ'. */
"use strict";
(function (s) {
  const given = JSON.parse(s.byId("data").textContent);
  const formats = given.formats;
  const live = !given.slopes;
  const NAMES = ["weight", "depth", "z"];
  const LONGEST_DRAWN = 100000;
  let slopes = null;
  let asked = 0;

  const number = (name) => Number(s.byId(name + "-number").value);
  const clamp = (v, low, high) => Math.min(Math.max(v, low), high);

  function state() {
    const bound = s.byId("steepest").checked;
    return { activation: s.byId("activation").value, weight: s.byId("weight-number").value, depth: s.byId("depth-number").value,
      z: bound ? "" : s.byId("z-number").value };
  }

  /* log10 |σ'(z)| on the grid's nearest point. */
  function slopeAt(z) {
    const k = clamp(Math.round((z - slopes.first) / slopes.step), 0, slopes.slopes.length - 1);
    return { z: Number((slopes.first + k * slopes.step).toFixed(6)), log: slopes.slopes[k] };
  }

  /* The base |w σ'|: its logarithm, and the exact number where it is one. */
  function base(weight, weightLog) {
    if (s.byId("steepest").checked) {
      const top = slopes.steepest;
      if (!top) return null;
      const low = s.times(weight, s.rational(top.low));
      return { log: s.log10(low), exact: top.low === top.high ? low : null };
    }
    const { log } = slopeAt(number("z"));
    return log === null ? { log: null, exact: null } : { log: round(log + weightLog), exact: null };
  }

  /* What differs from 0 by rounding alone is 0: factors that are 1. */
  const round = (log) => (Math.abs(log) < 1e-14 ? 0 : log);

  function draw() {
    if (!slopes) return;
    const text = s.byId("weight-number").value;
    const weight = s.rational(String(Number(text)).includes("e") ? Number(text).toFixed(12) : String(Number(text)));
    const depth = Math.round(number("depth"));
    const wrong = !(weight && weight[0] > 0n && number("weight") <= 1e6) ? "the weight must be between 0.0001 and 1,000,000"
      : !(depth >= 1 && depth <= LONGEST_DRAWN) ? "the depth must be a whole number from 1 to 100,000" : "";
    s.showError(s.byId("error"), wrong ? { what: wrong } : null);
    if (wrong) return;
    const weightLog = s.log10(weight);
    const b = base(weight, weightLog);
    drawPower(b, depth, weightLog);
    drawWindow(weight, weightLog);
    s.link(state());
  }

  function told(b, depth) {
    const where = s.byId("steepest").checked ? "where σ′ is greatest" : "at z = " + String(slopeAt(number("z")).z).replace("-", "−");
    if (b === null) return "The slope of this activation has no bound.";
    if (b.log === null) return `The slope is 0 ${where}: nothing goes through.`;
    const factor = `Each layer gives a factor of ${s.shown(b.log, 4)} ${where}`;
    const after = `after ${depth.toLocaleString("en")} layers it is ${s.shown(b.log * depth)}`;
    const word = b.log === 0 ? "it stays as it is" : b.log < 0 ? "it vanishes" : "it explodes";
    return `${factor}; ${after}: ${word}.`;
  }

  function drawPower(b, depth, weightLog) {
    const sentence = told(b, depth);
    s.byId("status").textContent = sentence;
    const log = b === null || b.log === null ? 0 : b.log;
    const end = log * depth;
    const pad = Math.max(Math.abs(end) * 0.06, 1.2);
    const frame = s.frame(s.byId("power"), { low: 0, high: depth, bottom: Math.min(end, 0) - pad, top: Math.max(end, 0) + pad,
      xLabel: "depth n", yLabel: "size, powers of ten", yText: (v) => "10" + s.raised(v) });
    const rows = formats.map((f) => horizons(f, b));
    drawLevels(frame, rows, log, end);
    if (b === null || b.log === null) {
      s.byId("horizons").replaceChildren();
      return;
    }
    frame.draw("line", { class: "one", x1: frame.x(0), y1: frame.y(0), x2: frame.x(depth), y2: frame.y(end) });
    for (const row of rows) {
      const lost = log < 0 ? row.zero : row.overflow;
      if (lost && lost.n <= depth) {
        frame.draw("circle", { class: "lost", cx: frame.x(lost.n), cy: frame.y(log * lost.n), r: 4.5 });
      }
    }
    frame.draw("circle", { class: "here", cx: frame.x(depth), cy: frame.y(end), r: 5.5 });
    tabulate(rows, log);
  }

  function horizons(f, b) {
    const first = (limit) => (b === null || b.log === null || b.log === 0 ? null : s.firstBeyond(b, limit));
    return { name: f.name, format: f, subnormal: first(f.subnormal), zero: first(f.zero), overflow: first(f.overflow) };
  }

  function drawLevels(frame, rows, log, end) {
    const levels = [];
    for (const { name, format } of rows) {
      const limit = log < 0 ? format.zero : format.overflow;
      const level = Math.log10(Number(limit.m)) + limit.e * Math.LOG10E * Math.LN2;
      if (log !== 0 && level > Math.min(end, 0) * 1.06 - 1.2 && level < Math.max(end, 0) * 1.06 + 1.2) levels.push({ name, level });
    }
    let last = Infinity;
    for (const { name, level } of levels.sort((a, b) => b.level - a.level)) {
      const y = frame.y(level);
      frame.draw("line", { class: "level", x1: frame.box.left, x2: frame.box.right, y1: y, y2: y });
      const at = last === Infinity ? y + 4 : Math.max(y + 4, last + 14);
      last = at;
      frame.draw("text", { class: "dim", x: frame.box.right + 6, y: at }, name);
    }
  }

  function tabulate(rows, log) {
    let unsure = false;
    const cell = (found) => {
      if (!found) return "never";
      unsure = unsure || !found.sure;
      return (found.sure ? "" : "about ") + found.n.toLocaleString("en");
    };
    s.byId("horizons").replaceChildren(...rows.map((row) => {
      const shrinks = log < 0;
      const lost = shrinks ? row.zero : row.overflow;
      const early = !shrinks ? "—" : row.subnormal && row.zero && row.subnormal.n < row.zero.n ? cell(row.subnormal) : "never";
      const left = !lost ? "the power" : shrinks ? "0" : row.format.beyond;
      const cells = [early, cell(lost), left].map((text) => s.element("td", {}, text));
      return s.element("tr", {}, s.element("th", { scope: "row" }, row.name), ...cells);
    }));
    s.byId("precision").textContent = "The power is rounded once, at the end; a product that is rounded at each layer may be lost a little " +
      "earlier or later." + (unsure ? " Where it says about, the factor is known to 16 digits, which leave the last layer open." : "");
  }

  function drawWindow(weight, weightLog) {
    const { first, step, slopes: logs } = slopes;
    const z = (k) => first + k * step;
    const values = logs.map((log) => (log === null ? 0 : 10 ** log));
    const level = 10 ** -weightLog;
    const top = Math.max(...values, Math.min(level, 2.5 * Math.max(...values))) * 1.12;
    const frame = s.frame(s.byId("window"), { low: first, high: z(logs.length - 1), bottom: 0, top, xLabel: "weighted input z",
      yLabel: "|σ′(z)|", yText: (v) => String(v), height: 280 });
    const inside = windows(logs, z, -weightLog);
    for (const [low, high] of inside) {
      frame.draw("rect", { class: "window", x: frame.x(low), width: Math.max(frame.x(high) - frame.x(low), 1), y: frame.box.top,
        height: frame.box.bottom - frame.box.top });
    }
    frame.draw("path", { class: "one", d: s.path(frame, values.map((v, k) => [z(k), v])) });
    if (level <= top) {
      frame.draw("line", { class: "two-line", x1: frame.box.left, x2: frame.box.right, y1: frame.y(level), y2: frame.y(level) });
      frame.draw("text", { x: frame.box.right + 6, y: frame.y(level) + 4 }, "1/|w|");
    }
    if (!s.byId("steepest").checked) {
      const here = slopeAt(number("z"));
      frame.draw("circle", { class: "here", cx: frame.x(here.z), cy: frame.y(here.log === null ? 0 : 10 ** here.log), r: 5.5 });
    }
    s.byId("window-status").textContent = windowTold(inside, first, z(logs.length - 1));
  }

  /* The intervals of z in which log10 |σ'| is at least a level, their ends between grid points interpolated. */
  function windows(logs, z, level) {
    const found = [];
    const least = level - 1e-12;
    const cross = (out, inn) => {
      if (logs[out] === null || logs[inn] === logs[out]) return z(inn);
      return z(out) + (z(inn) - z(out)) * ((level - logs[out]) / (logs[inn] - logs[out]));
    };
    const is = (k) => k >= 0 && k < logs.length && logs[k] !== null && logs[k] >= least;
    for (let k = 0; k < logs.length; k += 1) {
      if (!is(k)) continue;
      const begin = k === 0 ? z(0) : cross(k - 1, k);
      while (is(k + 1)) k += 1;
      found.push([begin, k === logs.length - 1 ? z(k) : cross(k + 1, k)]);
    }
    return found;
  }

  function windowTold(inside, first, last) {
    if (!inside.length) return "|w σ′(z)| is below 1 for every z that is drawn: there is no window, and every layer makes the gradient smaller.";
    const end = (v) => (v === first || v === last ? (v < 0 ? "−∞ or beyond" : "∞ or beyond") : v.toFixed(2).replace("-", "−"));
    const parts = inside.map(([a, b]) => (a === first && b === last ? "every z that is drawn" : `z from ${end(a)} to ${end(b)}`).replace(/[−]?∞ or beyond/, "beyond the picture"));
    return `|w σ′(z)| is at least 1 for ${parts.join(" and for ")}` + (inside.length === 1 && inside[0][0] === first && inside[0][1] === last ? "." : ", to about two digits.");
  }

  async function load() {
    const name = s.byId("activation").value.trim() || "logistic";
    const mine = ++asked;
    try {
      const found = live ? await s.ask("size", { activation: name }) : given.slopes[name];
      if (mine !== asked) return;
      slopes = found;
      draw();
    } catch (error) {
      if (mine === asked) s.showError(s.byId("error"), error);
    }
  }

  function bind(name) {
    const [slider, field] = [s.byId(name), s.byId(name + "-number")];
    slider.addEventListener("input", () => {
      field.value = slider.value;
      if (name === "z") s.byId("steepest").checked = false;
      draw();
    });
    field.addEventListener("input", () => {
      slider.value = field.value;
      if (name === "z") s.byId("steepest").checked = false;
      draw();
    });
  }

  function read() {
    const linked = s.linked();
    for (const name of NAMES) {
      const value = linked.get(name);
      if (value !== null && value !== "" && Number.isFinite(Number(value))) s.byId(name + "-number").value = s.byId(name).value = value;
      if (value !== null && value !== "") s.byId(name + "-number").value = value;
    }
    s.byId("steepest").checked = !linked.get("z");
    if (linked.get("activation")) s.byId("activation").value = linked.get("activation").slice(0, 300);
    load();
  }

  NAMES.forEach(bind);
  s.byId("steepest").addEventListener("change", draw);
  s.byId("activation").addEventListener("input", s.paused(load, live ? 350 : 0));
  s.byId("controls").addEventListener("submit", (event) => event.preventDefault());
  s.byId("link").addEventListener("click", async () => {
    s.link(state());
    s.byId("copied").textContent = (await s.copy(location.href)) ? "The link is copied." : "The link is in the address bar.";
  });
  addEventListener("hashchange", () => location.hash.includes("=") && read());
  new ResizeObserver(s.paused(draw, 100)).observe(s.byId("power").parentElement);
  read();
})(window.symgrad);
