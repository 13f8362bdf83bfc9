// The big clock of the run-sheet: counts down to the time that stands on the page, then counts on.
// Without this script the page shows from when to when.

const SECOND = 1000;

function shown(seconds) {
  const whole = Math.abs(seconds);
  const minutes = String(Math.floor(whole / 60)).padStart(2, "0");
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

function tick() {
  for (const stage of document.querySelectorAll("[data-ends]")) {
    const left = Math.round((Date.parse(stage.dataset.ends) - Date.now()) / SECOND);
    const clock = stage.querySelector("[role=timer]");
    clock.textContent = left >= 0 ? shown(left) : `${stage.dataset.over} +${shown(left)}`;
    // A fifth of the time left is "soon"; the words say when it is over.
    stage.dataset.left = left < 0 ? "over" : left * 5 <= Number(stage.dataset.allowed) ? "soon" : "";
  }
}

tick();
window.setInterval(tick, SECOND / 2);
