// Looks for a receipt among those on the page: nothing is sent anywhere.

const field = document.querySelector("[data-find]");
if (field) {
  const listed = document.getElementById(field.dataset.find).querySelectorAll("code");
  const known = new Set([...listed].map((code) => code.textContent));
  const told = field.querySelector("[role=status]");
  field.hidden = false;
  field.querySelector("input").addEventListener("input", (event) => {
    const asked = event.target.value.replaceAll(/\s/g, "").toLowerCase();
    if (!asked) told.textContent = "";
    else told.textContent = known.has(asked) ? told.dataset.found : told.dataset.absent;
  });
}
