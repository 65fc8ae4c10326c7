// data-confirm="Question?" on a submit button (or its form): asked in the page's <dialog> before the form is sent.
// data-confirm-verb names the button that goes on. Without script the form is sent as it is; the server can undo.
let confirmed = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const asking = event.submitter?.closest("[data-confirm]") ?? (form.matches("[data-confirm]") ? form : null);
  const dialog = document.getElementById("confirm-dialog");
  if (!asking || !dialog || confirmed === form) {
    confirmed = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  dialog.querySelector("[data-dialog-text]").textContent = asking.dataset.confirm;
  const go = dialog.querySelector("[data-dialog-go]");
  go.textContent = asking.dataset.confirmVerb ?? submitter?.textContent.trim() ?? go.textContent;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue === "go") {
        confirmed = form;
        form.requestSubmit(submitter);
      }
    },
    { once: true },
  );
  dialog.showModal();
}, true);
