// data-countdown="10" on an undo bar: counts the seconds in [data-countdown-left] and takes the bar away at zero,
// unless the keyboard is inside it. The server decides whether an undo still counts.
import { matching, onContent } from "./on-content.js";

function start(bar) {
  const left = bar.querySelector("[data-countdown-left]");
  let seconds = Number(bar.dataset.countdown);
  if (!Number.isFinite(seconds) || bar.dataset.countdownStarted) return;
  bar.dataset.countdownStarted = "yes";
  const timer = setInterval(() => {
    seconds -= 1;
    if (left) left.textContent = String(Math.max(seconds, 0));
    if (!bar.isConnected) clearInterval(timer);
    if (seconds <= 0 && !bar.contains(document.activeElement)) {
      clearInterval(timer);
      bar.remove();
    }
  }, 1000);
}

onContent((fragment) => matching(fragment, "[data-countdown]").forEach(start));
