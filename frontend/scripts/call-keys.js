// The call screen by keyboard: Esc leaves a field so that the keys count again, and a button with
// data-opens-dialog="key-help" opens that dialog, from which focus goes back to where it was.
const FIELD = "textarea, select, input:not([type=radio]):not([type=checkbox])";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const field = document.activeElement;
  const form = field?.matches(FIELD) ? field.closest("form[data-keys]") : null;
  if (!form) return;
  const chosen = [...form.querySelectorAll("[data-hotkey]:checked")].find((each) => each.checkVisibility());
  (chosen ?? form.querySelector("[data-default]"))?.focus();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.opensDialog);
  if (!dialog) return;
  dialog.addEventListener("close", () => opener.focus(), { once: true });
  dialog.showModal();
});

// The question an answer opens is brought into sight: on a low screen it may lie under the block that saves.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-keys]");
  if (!form || !event.target.matches("[data-hotkey]")) return;
  const question = [...form.querySelectorAll(".answer-form__question")].find((part) => !part.hidden);
  if (question && !question.contains(event.target)) question.scrollIntoView({ block: "nearest" });
});
