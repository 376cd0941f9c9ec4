/* Plots as SVG, drawn here: axes with round numbers, lines, levels and marks. */
"use strict";
(function (s) {
  const SPACE = "http://www.w3.org/2000/svg";
  const LEAST = 330;
  const MOST = 680;

  s.svg = function (tag, attributes, text) {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /* Round numbers between two ends, about so many. */
  s.ticks = function (low, high, about) {
    const rough = (high - low) / about;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k += 1) found.push(Number((k * step).toPrecision(12)));
    return found;
  };

  /* A frame with its axes: {x, y, draw}; x and y take values to places. */
  s.frame = function (svg, { low, high, bottom, top, xLabel, yLabel, yText, height = 330, right = 60 }) {
    svg.replaceChildren();
    const width = Math.min(Math.max(svg.parentElement.clientWidth || MOST, LEAST), MOST);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const box = { left: 66, right: width - right, top: 14, bottom: height - 46 };
    const x = (v) => box.left + ((v - low) / (high - low)) * (box.right - box.left);
    const y = (v) => box.bottom - ((v - bottom) / (top - bottom)) * (box.bottom - box.top);
    const draw = (tag, attributes, text) => svg.appendChild(s.svg(tag, attributes, text));
    for (const v of s.ticks(bottom, top, 6)) {
      draw("line", { class: "gridline", x1: box.left, x2: box.right, y1: y(v), y2: y(v) });
      draw("text", { class: "dim", x: box.left - 7, y: y(v) + 4, "text-anchor": "end" }, yText(v));
    }
    for (const v of s.ticks(low, high, width / 80)) {
      draw("line", { class: "axis", x1: x(v), x2: x(v), y1: box.bottom, y2: box.bottom + 4 });
      draw("text", { class: "dim", x: x(v), y: box.bottom + 18, "text-anchor": "middle" }, String(v).replace("-", "−"));
    }
    draw("path", { class: "axis", d: `M${box.left} ${box.top}V${box.bottom}H${box.right}` });
    draw("text", { x: (box.left + box.right) / 2, y: height - 8, "text-anchor": "middle" }, xLabel);
    draw("text", { x: 15, y: (box.top + box.bottom) / 2, transform: `rotate(-90 15 ${(box.top + box.bottom) / 2})`, "text-anchor": "middle" }, yLabel);
    return { x, y, draw, box };
  };

  /* The path of points [x, y]; null leaves a gap. */
  s.path = function (frame, points) {
    let d = "";
    let pen = "M";
    for (const point of points) {
      if (point === null) {
        pen = "M";
        continue;
      }
      d += pen + frame.x(point[0]).toFixed(2) + " " + frame.y(point[1]).toFixed(2);
      pen = "L";
    }
    return d;
  };
})(window.symgrad);
