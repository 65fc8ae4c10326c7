// Rows of a review by keyboard: j/k or the arrows between rows, i, s and 1–9 choose, x ticks, f takes a choice back.
// Only while focus stands inside the list (WCAG 2.1.4), so that single letters disturb neither typing nor a screen reader.
import { matching, onContent } from "./on-content.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select";

function move(list, from, step) {
  const rows = [...list.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const next = from ? rows[rows.indexOf(from) + step] : rows[step > 0 ? 0 : rows.length - 1];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function choose(row, key) {
  const control = [...row.querySelectorAll("[data-row-key]")].find((each) => each.dataset.rowKey === key);
  if (!control) return false;
  control.focus();
  control.click();
  return true;
}

function tick(row) {
  const box = row.querySelector("[data-row-check]");
  if (!box) return false;
  box.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const active = document.activeElement;
  const list = active?.closest?.("[data-row-list]");
  if (!list || active.matches(TYPING) || document.querySelector("dialog[open]")) return;
  const row = active.closest("[data-row]");
  // Inside a group of radios the arrows are the group's own.
  const arrows = active === row || active.closest(".table-scroll") === active;
  let handled = false;
  if (event.key === "j" || (arrows && event.key === "ArrowDown")) handled = move(list, row, 1);
  else if (event.key === "k" || (arrows && event.key === "ArrowUp")) handled = move(list, row, -1);
  else if (row && event.key === "x") handled = tick(row);
  else if (row && event.key.length === 1) handled = choose(row, event.key.toLowerCase());
  if (handled) event.preventDefault();
});

// How many rows are ticked is said beside the buttons that decide them, before anything is pressed.
function count(form) {
  const text = form.querySelector("[data-chosen-count]");
  if (!text) return;
  const number = form.querySelectorAll("[data-row-check]:checked").length;
  const { none, one, many } = text.dataset;
  text.textContent = number === 0 ? none : number === 1 ? one : many.replace("#", number);
}

onContent((fragment) => matching(fragment, ".rows-form").forEach(count));
document.addEventListener("change", (event) => {
  const form = event.target.matches?.("[data-row-check]") && event.target.closest(".rows-form");
  if (form) count(form);
});
