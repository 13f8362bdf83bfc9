// Elements from data. Text is always text: a unit's name can never become markup.

export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const p = (...children) => h("p", {}, ...children);

export const button = (label, act, look = "") =>
  h("button", { type: "button", class: look, onclick: act }, label);

// One screen instead of another: the heading takes the focus, so that it is read out and the
// keyboard goes on from there.
export function show(main, { title, above }, ...children) {
  const heading = h("h1", { tabindex: "-1" }, title);
  main.replaceChildren(h("div", { class: "rater" }, above, heading, children));
  window.scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}
