// "/" focuses the search; data-hotkey="n" presses the button, link or radio that carries it, when nobody is typing;
// Ctrl+Enter (or Cmd+Enter) submits the form with data-submit-hotkey, also from inside its note field.
const TYPING = "input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit]), textarea, select";

const visible = (element) => element.getClientRects().length > 0;

function typing() {
  const active = document.activeElement;
  return Boolean(active && (active.matches(TYPING) || active.isContentEditable));
}

function pressHotkey(key) {
  const candidates = [...document.querySelectorAll("[data-hotkey]")];
  const target = candidates.find(
    (element) => element.dataset.hotkey.toLowerCase() === key && !element.disabled && visible(element),
  );
  if (!target) return false;
  target.focus();
  target.click();
  return true;
}

function submitForm() {
  const within = document.activeElement?.closest("form[data-submit-hotkey]");
  const form = within ?? document.querySelector("form[data-submit-hotkey]");
  if (!form) return false;
  form.requestSubmit(form.querySelector("[type=submit][data-default]") ?? undefined);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  let handled = false;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    handled = submitForm();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !typing()) {
    if (event.key === "/") {
      const search = document.getElementById("site-search");
      search?.focus();
      search?.select();
      handled = Boolean(search);
    } else if (event.key.length === 1) {
      handled = pressHotkey(event.key.toLowerCase());
    }
  } else if (event.key === "Escape" && document.activeElement?.id === "site-search") {
    document.activeElement.blur();
  }
  if (handled) event.preventDefault();
});
