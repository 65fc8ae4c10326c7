// HTMX under our rules: CSRF header on every request, focus never lost, a lost session or connection said aloud.
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = meta("csrf-token");
});

// A log-in page in answer to a fragment request means that the session has ended: load it whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const logInPath = meta("log-in-path");
  const { responseURL } = event.detail.xhr;
  if (logInPath && responseURL && new URL(responseURL).pathname === logInPath) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

// htmx keeps focus on elements with an id. When the focused one is gone, go to what the fragment names
// (autofocus or data-focus), otherwise to the fragment itself, so that the keyboard never starts over.
let focusWasInside = false;

document.addEventListener("htmx:beforeSwap", (event) => {
  focusWasInside = event.detail.target?.contains(document.activeElement) ?? false;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const fragment = event.detail.elt;
  const named = fragment.querySelector?.("[data-focus], [autofocus]");
  const lost = focusWasInside && (document.activeElement === document.body || !document.activeElement);
  if (named) {
    named.focus();
  } else if (lost && fragment.isConnected) {
    if (!fragment.hasAttribute("tabindex")) fragment.setAttribute("tabindex", "-1");
    fragment.focus({ preventScroll: true });
  }
  focusWasInside = false;
});

function say(text) {
  const box = document.getElementById("live-messages");
  const template = document.getElementById("alert-template");
  if (!box || !template || !text) return;
  const alert = template.content.cloneNode(true);
  alert.querySelector(".alert-text").textContent = text;
  box.replaceChildren(alert);
}

const text = (name) => document.body.dataset[name] ?? "";

document.addEventListener("htmx:sendError", () => say(text("textOffline")));
document.addEventListener("htmx:timeout", () => say(text("textOffline")));
document.addEventListener("htmx:responseError", (event) => {
  say(event.detail.xhr.status === 403 ? text("textForbidden") : text("textFault"));
});
