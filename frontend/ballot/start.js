// The first lines of the rater's page, kept plain for old phones: where the rest cannot run, the
// form that needs no script stays, with a sentence that says so and the scanned code filled in.

const main = document.querySelector("[data-ballot]");
const able =
  typeof BigInt === "function" &&
  typeof AbortController === "function" &&
  typeof crypto === "object" &&
  typeof crypto.getRandomValues === "function";

function stayPlain() {
  const declared = JSON.parse(document.getElementById("ballot").textContent);
  const sentence = document.createElement("p");
  sentence.className = "faults";
  sentence.setAttribute("role", "alert");
  sentence.textContent = declared.words.old_phone;
  main.prepend(sentence);
  const field = main.querySelector("input[name=code]");
  if (field && location.hash.length > 1) field.value = decodeURIComponent(location.hash.slice(1));
}

if (main && able) {
  import(new URL("ballot-page.js", import.meta.url).href).then((page) => page.start(main), stayPlain);
} else if (main) {
  stayPlain();
}
