// A file input inside .drop-zone also takes a dropped file and shows its name and size.
import { matching, onContent } from "./on-content.js";

const sizeOf = (bytes) =>
  bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} KB`
    : `${(bytes / 1_000_000).toFixed(1).replace(".", ",")} MB`;

function enhance(zone) {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-chosen-file]");
  if (!input || zone.dataset.enhanced) return;
  zone.dataset.enhanced = "yes";
  const show = () => {
    const file = input.files[0];
    if (chosen) chosen.textContent = file ? `${file.name} · ${sizeOf(file.size)}` : "";
  };
  for (const type of ["dragenter", "dragover"]) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", show);
}

onContent((fragment) => matching(fragment, ".drop-zone").forEach(enhance));
