/* Powers in logarithms, and the depth at which a float format loses one, decided in whole numbers where it is close. */
"use strict";
(function (s) {
  /* Relative to a quotient of logarithms, whose error is below 1e-14: closer to a whole number than this is undecided. */
  const CLOSE = 1e-10;
  /* A sum of two logarithms that is smaller than this has lost too many digits. */
  const LEAST = 1e-5;
  /* Up to this many bits of a power whole numbers decide; beyond, the page says that it is about. */
  const MOST_BITS = 4e6;

  /* A decimal or a quotient as [p, q], exact; null where it is none. */
  s.rational = function (text) {
    const quotient = /^(\d{1,400})(?:\/(\d{1,400}))?$/.exec(text);
    if (quotient) return [BigInt(quotient[1]), BigInt(quotient[2] || "1")];
    const decimal = /^(\d{0,20})\.?(\d{0,20})$/.exec(text);
    if (!decimal || !(decimal[1] + decimal[2])) return null;
    return [BigInt(decimal[1] + decimal[2]), 10n ** BigInt(decimal[2].length)];
  };

  s.times = (a, b) => [a[0] * b[0], a[1] * b[1]];

  /* log10 of a whole number of any length. */
  function log10Whole(n) {
    const bits = n.toString(16).length * 4;
    const shift = bits > 1000 ? BigInt(bits - 900) : 0n;
    return Math.log10(Number(n >> shift)) + Number(shift) * Math.LOG10E * Math.LN2;
  }

  /* log10 p/q, accurate also where it is close to 1. */
  s.log10 = function ([p, q]) {
    const scale = 10n ** 25n;
    const apart = Number(((p - q) * scale) / q) / 1e25;
    return Math.abs(apart) < 0.5 ? Math.log1p(apart) * Math.LOG10E : log10Whole(p) - log10Whole(q);
  };

  const limitLog = (limit) => Math.log10(Number(limit.m)) + limit.e * Math.LOG10E * Math.LN2;

  /* The sign of (p/q)^n - m 2^e. */
  function compare([p, q], n, limit) {
    let left = p ** BigInt(n);
    let right = BigInt(limit.m) * q ** BigInt(n);
    if (limit.e < 0) left <<= BigInt(-limit.e);
    else right <<= BigInt(limit.e);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /* The first n ≥ 0 at which base^n is beyond a limit: {n, sure}; null where it is at no depth.
     base: {log, exact}, where log is log10 of it, and exact is [p, q], or null where only the logarithm is known. */
  s.firstBeyond = function (base, limit) {
    if (base.log === 0) return null;
    const log = limitLog(limit);
    const shrinks = base.log < 0;
    const wanted = shrinks ? log < 0 : log > 0;
    if (!wanted) return null;
    const quotient = log / base.log;
    if (!Number.isFinite(quotient) || quotient > 1e12) return null;
    const near = Math.round(quotient);
    const apart = Math.abs(quotient - near);
    const known = base.exact !== null || Math.abs(base.log) > LEAST;
    if (apart > CLOSE * Math.max(1, quotient)) return { n: Math.floor(quotient) + 1, sure: known };
    const bits = base.exact ? near * Math.max(...base.exact.map((k) => k.toString(16).length)) * 4 : Infinity;
    if (bits > MOST_BITS) return { n: near, sure: false };
    const beyond = (n) => {
      const order = compare(base.exact, n, limit) * (shrinks ? -1 : 1);
      return order > 0 || (order === 0 && limit.at);
    };
    let n = Math.max(near - 1, 0);
    while (!beyond(n)) n += 1;
    return { n, sure: true };
  };

  /* 10^log as a person writes it: 2.59·10^26. */
  s.shown = function (log, digits = 3) {
    if (log === null) return "0";
    if (Math.abs(log) < 1e-12) return "1";
    const power = Math.floor(log);
    if (log > -4 && log < 6) return Number((10 ** log).toPrecision(digits)).toString();
    let front = (10 ** (log - power)).toPrecision(digits);
    let exponent = power;
    if (Number(front) >= 10) {
      front = (1).toPrecision(digits);
      exponent += 1;
    }
    return front + "·10" + s.raised(exponent);
  };

  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  s.raised = (n) => [...String(n)].map((c) => RAISED[c]).join("");
})(window.symgrad);
