"use strict";
const data = JSON.parse(document.getElementById("evidence").textContent);
const list = document.querySelector(".blocks");
const items = [];
const search = document.getElementById("search");
const reason = document.getElementById("reason");
const shown = document.getElementById("shown");
const nothing = document.querySelector(".nothing");
const verdicts = Array.from(document.querySelectorAll(".choice button"));
const rows = Array.from(document.querySelectorAll(".reason"));
const copies = Array.from(document.querySelectorAll(".copies button"));
const copied = document.getElementById("copied");
const texts = [];
let verdict = "all";
let current = -1;
let count = 0;

const textOf = (index) => (texts[index] ??= items[index].children[1].textContent.toLowerCase());
const hasVerdict = (item) =>
  verdict === "all" || (verdict === "differs" ? item.classList.contains("x") : item.classList.contains("d") === (verdict === "dropped"));

/* Show the blocks that pass every filter, from one on. */
function filter(start = 0) {
  const words = search.value.trim().toLowerCase();
  const code = reason.value;
  if (start === 0) count = 0;
  for (let index = start; index < items.length; index++) {
    const item = items[index];
    const passes = hasVerdict(item) && (!code || data.codes[data.blocks[index][0]] === code) && (!words || textOf(index).includes(words));
    if (item.hidden === passes) item.hidden = !passes;
    count += passes;
  }
  const total = data.blocks.length;
  shown.value = count === total ? `${count} blocks` : `${count} of ${total} blocks`;
  nothing.hidden = count > 0;
  verdicts.forEach((button) => button.setAttribute("aria-pressed", button.value === verdict));
  rows.forEach((row) => row.setAttribute("aria-pressed", row.value === code));
  highlight(words);
}

/* Take in the blocks that stand in the page by now; add the next piece of a long page, and come again. */
function load() {
  const start = items.length;
  for (let item = start ? items[start - 1].nextElementSibling : list.firstElementChild; item; item = item.nextElementSibling) items.push(item);
  filter(start);
  const later = document.querySelector(".later");
  if (!later) {
    copies.forEach((button) => (button.disabled = false));
    return;
  }
  setTimeout(() => {
    list.insertAdjacentHTML("beforeend", later.textContent);
    later.remove();
    load();
  }, 20);
}

/* Mark what was searched for, without changing the page. */
function highlight(words) {
  if (!window.Highlight) return;
  CSS.highlights.delete("found");
  if (words.length < 2) return;
  const ranges = [];
  for (let index = 0; index < items.length && ranges.length < 2000; index++) {
    if (items[index].hidden) continue;
    const node = items[index].children[1].firstChild;
    for (let at = textOf(index).indexOf(words); node && at >= 0 && at + words.length <= node.length; at = textOf(index).indexOf(words, at + words.length)) {
      ranges.push(new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + words.length }));
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function select(index) {
  if (current >= 0) { items[current].classList.remove("at"); items[current].tabIndex = -1; }
  current = index;
  items[index].classList.add("at");
  items[index].tabIndex = 0;
  items[index].focus({ preventScroll: true });
  items[index].scrollIntoView({ block: "nearest" });
}

function move(step) {
  let index = current < 0 && step < 0 ? items.length : current;
  do index += step; while (items[index] && items[index].hidden);
  if (items[index]) select(index);
}

const SVG = "http://www.w3.org/2000/svg";
function draw(name, attributes, parent) {
  const element = parent.appendChild(document.createElementNS(SVG, name));
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
}
function write(name, text, className, parent) {
  const element = parent.appendChild(document.createElement(name));
  element.textContent = text;
  element.className = className;
  return element;
}
const signed = (number) => (number < 0 ? "\u2212" : "+") + Math.abs(number).toFixed(3);

/* The evidence of a block: a bar to the right speaks for it, one to the left against it. */
function explain(index) {
  const [, score, place, ...reasons] = data.blocks[index];
  const panel = document.createElement("div");
  panel.className = "evidence";
  const longest = Math.max(0.05, ...reasons.map((entry) => Math.abs(entry[1])));
  for (const [kind, weight, sentence] of reasons) {
    write("span", data.kinds[kind], "", panel);
    const chart = draw("svg", { viewBox: "-100 0 200 14", preserveAspectRatio: "none", "aria-hidden": "true" }, panel);
    const length = (Math.abs(weight) / longest) * 98;
    draw("rect", { x: weight < 0 ? -length : 0, y: 2, width: length, height: 10, class: weight < 0 ? "d" : "k" }, chart);
    draw("line", { x1: 0, x2: 0, y1: 0, y2: 14 }, chart);
    write("span", data.kinds[kind] === "selection" ? "rule" : signed(weight), "number", panel);
    write("span", data.sentences[sentence], "sentence", panel);
  }
  write("span", "score", "", panel);
  const scale = draw("svg", { viewBox: "0 0 200 14", preserveAspectRatio: "none", "aria-hidden": "true", class: "score" }, panel);
  draw("rect", { x: 0, y: 2, width: 200, height: 10, class: "track" }, scale);
  draw("rect", { x: 0, y: 2, width: score * 200, height: 10, class: score >= data.threshold ? "k" : "d" }, scale);
  draw("line", { x1: data.threshold * 200, x2: data.threshold * 200, y1: 0, y2: 14, class: "threshold" }, scale);
  write("span", score.toFixed(3), "number", panel);
  write("span", `blocks of this page are kept from ${data.threshold.toFixed(2)} on`, "sentence", panel);
  const sum = write("div", `bias ${signed(data.bias)}, with the reasons above ${score.toFixed(3)}`, "sum", panel);
  write("code", data.places[place], "", sum);
  return panel;
}

function toggle(index) {
  const open = items[index].classList.toggle("open");
  items[index].setAttribute("aria-expanded", open);
  if (open) items[index].append(explain(index));
  else items[index].querySelector(".evidence").remove();
  items[index].scrollIntoView({ block: "nearest" });
}

/* The clipboard, or where a browser keeps it from files, a selection that is copied. */
async function copy(text, name) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = write("textarea", text, "copying", document.body);
    box.select();
    done = document.execCommand("copy");
    box.remove();
  }
  copied.value = done ? `${name} copied` : "This browser does not let a file copy";
}
const isKept = (item) => !item.classList.contains("d");
const fullText = (item) => item.children[1].textContent;
const story = () => items.filter(isKept).map((item, number) => data.joins[data.joints[number]] + fullText(item)).join("");
function fixture() {
  const blocks = items.map((item, index) => ({ text: fullText(item), kept: isKept(item), score: data.blocks[index][1] }));
  return JSON.stringify({ about: data.about, expected: story(), blocks }, null, 2) + "\n";
}
document.getElementById("copy-story").addEventListener("click", () => copy(story(), "Story"));
document.getElementById("copy-fixture").addEventListener("click", () => copy(fixture(), "Fixture"));

list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (!item || event.target.closest(".evidence") || String(getSelection())) return;
  const index = items.indexOf(item);
  select(index);
  toggle(index);
});
document.querySelector(".tools form").addEventListener("submit", (event) => event.preventDefault());
verdicts.forEach((button) => button.addEventListener("click", () => { verdict = button.value; filter(); }));
rows.forEach((row) => row.addEventListener("click", () => { reason.value = reason.value === row.value ? "" : row.value; filter(); }));
reason.addEventListener("change", () => filter());
let waiting;
search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => filter(), 120); });

const keys = {
  j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
  Enter: () => current >= 0 && toggle(current), o: () => current >= 0 && toggle(current),
  "/": () => search.focus(),
  Escape: () => { search.value = ""; reason.value = ""; verdict = "all"; filter(); },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, select");
  if (typing && event.key !== "Escape") return;
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  if (typing) event.target.blur();
  keys[event.key]();
});
load();
