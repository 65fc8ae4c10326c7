// data-shown-when="outcome:declined,undecided": hidden (and its fields off) until the form's field has one of the
// values. Without script everything is shown, and the server ignores what does not belong to the answer.
import { matching, onContent } from "./on-content.js";

function update(part) {
  const [name, values] = part.dataset.shownWhen.split(":");
  const form = part.closest("form");
  if (!form || !values) return;
  const chosen = [...form.elements]
    .filter((field) => field.name === name && (!["radio", "checkbox"].includes(field.type) || field.checked))
    .map((field) => field.value);
  const shown = values.split(",").some((value) => chosen.includes(value));
  part.hidden = !shown;
  for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !shown;
}

onContent((fragment) => matching(fragment, "[data-shown-when]").forEach(update));

document.addEventListener("change", (event) => {
  event.target.form?.querySelectorAll("[data-shown-when]").forEach(update);
});
