// The header's <details> menus close on Escape, on a click elsewhere and when another one opens.
const MENUS = "details.nav-menu, details.user-menu";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest(`:is(${MENUS})[open]`) ?? document.querySelector(`:is(${MENUS})[open]`);
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(`:is(${MENUS})[open]`)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
