// Small helps for pages that already work without them: charts, maps and drawings over their tables,
// a warning before a file that is too large is sent, "back" that keeps what was typed, progress
// that is renewed without loading the whole page.

const built = new URL("../built/", import.meta.url);

async function drawAll(selector, file) {
  const figures = document.querySelectorAll(selector);
  if (!figures.length) return;
  let library;
  try {
    library = await import(new URL(file, built));
  } catch {
    return; // not built on this machine: the tables under the figures say the same
  }
  for (const figure of figures) {
    const declared = JSON.parse(figure.querySelector("script").textContent);
    const drawn = await library.draw(figure, declared);
    if (drawn !== false) figure.querySelector("details")?.removeAttribute("open");
  }
}

function drawEverything() {
  drawAll("[data-chart]", "chart.js");
  drawAll("[data-map]", "map.js");
  drawAll("[data-viewer]", "viewer.js");
}

function warnOfLargeFiles() {
  for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
    input.addEventListener("change", () => {
      const largest = Number(input.dataset.largest);
      const tooLarge = [...input.files].some((file) => file.size > largest);
      input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
      input.reportValidity();
    });
  }
}

function goBackWithWhatWasTyped() {
  for (const link of document.querySelectorAll("[data-back]")) {
    link.addEventListener("click", (event) => {
      if (history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }
}

function oneClickIsEnough() {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
    window.setTimeout(() => delete event.target.dataset.sent, 5000);
  });
}

// On paper the figures stand under their charts; a folded table would stay folded there.
function unfoldForPaper() {
  const folded = "figure details:not([open])";
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(folded)];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}

// Without this script, the page itself says in a <noscript> that it is to be loaded again.
function keepFresh() {
  const seconds = Number(document.querySelector("[data-live]")?.dataset.live);
  if (!seconds) return;
  window.setTimeout(async () => {
    if (!inUse()) await renew().catch(() => {}); // the server may be starting again
    keepFresh();
  }, seconds * 1000);
}

function inUse() {
  const at = document.activeElement?.closest("main form, main a");
  return document.hidden || at || String(window.getSelection());
}

async function renew() {
  const answer = await fetch(window.location.href);
  if (answer.redirected) window.location.reload(); // signed out meanwhile
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("main").replaceChildren(...page.getElementById("main").childNodes);
  document.title = page.title;
  drawEverything();
}

// Fields that can be tried: a slider beside each, and the answer at once, without a new page.
function trySliding() {
  for (const field of document.querySelectorAll("input[data-slide]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    for (const name of ["min", "max", "step"]) slider[name] = field.dataset[name];
    slider.value = field.value;
    slider.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    slider.addEventListener("input", () => (field.value = slider.value));
    slider.addEventListener("change", () => answerAtOnce(field.form));
    field.addEventListener("change", () => {
      slider.value = field.value;
      answerAtOnce(field.form);
    });
    field.after(slider);
  }
}

async function answerAtOnce(form) {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const panels = page.querySelector("main .panels");
  if (!panels) return form.submit();
  document.querySelector("main .panels").replaceChildren(...panels.childNodes);
  history.replaceState(null, "", address);
  drawAll("main .panels [data-chart]", "chart.js");
}

warnOfLargeFiles();
goBackWithWhatWasTyped();
oneClickIsEnough();
unfoldForPaper();
keepFresh();
trySliding();
drawEverything();
