// Small helps for pages that already work without them: charts and maps drawn over their tables,
// a warning before a file that is too large is sent, "back" that keeps what was typed.

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

warnOfLargeFiles();
goBackWithWhatWasTyped();
oneClickIsEnough();
drawAll("[data-chart]", "chart.js");
drawAll("[data-map]", "map.js");
