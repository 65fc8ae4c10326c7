// Runs a set-up function on the page and on every fragment HTMX puts into it.
export function onContent(setUp) {
  setUp(document);
  document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
}

// The elements within a fragment that match, the fragment itself included.
export function matching(fragment, selector) {
  const inside = [...fragment.querySelectorAll(selector)];
  return fragment.matches?.(selector) ? [fragment, ...inside] : inside;
}
