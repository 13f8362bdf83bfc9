// After the paper: on its way, refused, too late, or kept with a receipt.

import { code } from "./screens-begin.js";
import { button, h, p } from "./dom.js";

const PUBLISHED = ["counted", "done"];

export function sending(rater) {
  rater.view = "sending";
  rater.show(
    { title: rater.say("sending") },
    p(rater.say("sending_text")),
    h("p", { role: "status", "data-waiting": true }),
  );
}

export function refused(rater, told) {
  rater.view = "refused";
  rater.show(
    { title: rater.say("refused_title") },
    h("div", { class: "faults", role: "alert" }, told.map((one) => p(one))),
    button(rater.say("send_again"), () => rater.send()),
    rater.over ? null : button(rater.say("change"), () => rater.reopen(), "quiet"),
    button(rater.say("forget"), () => rater.forget(), "quiet"),
  );
}

export function tooLate(rater) {
  rater.view = "late";
  rater.show(
    { title: rater.say("late_title") },
    p(rater.say("late_text")),
    button(rater.say("forget"), () => rater.forget(), "quiet"),
  );
}

// `scanned`: a code that was scanned on a phone which has cast already, for somebody else.
export function receipt(rater, scanned = "") {
  rater.view = "receipt";
  const { receipts } = rater.store.read();
  const last = receipts[receipts.length - 1];
  const check = rater.paper.urls.check;
  rater.show(
    { title: rater.say("receipt_title") },
    p(rater.say("receipt_text")),
    h("p", { class: "rater-leaf" }, last.leaf.replace(/(.{4})(?=.)/g, "$1 ")),
    last.asMade ? null : h("p", { class: "faults", role: "alert" }, rater.say("receipt_differs")),
    h("p", { role: "status", "data-turnout": true }),
    p(rater.say("receipt_check")),
    check ? p(h("a", { href: check }, rater.say("receipt_link"))) : null,
    rater.paper.urls.bundle && PUBLISHED.includes(rater.phase) ? localCheck(rater, last.leaf) : null,
    h("p", { class: "hint" }, rater.say("receipt_forgot")),
    !rater.over && scanned
      ? button(rater.say("receipt_scanned"), () => rater.take(scanned), "quiet")
      : null,
    !rater.over && !scanned
      ? button(rater.say("receipt_another"), () => code(rater), "quiet")
      : null,
  );
  tellTurnout(rater);
}

// The whole file is fetched and searched here: asking the server for one receipt would tell it
// whose ballot that is.
function localCheck(rater, leaf) {
  const line = h("p", { role: "status" });
  const look = async () => {
    const answer = await fetch(rater.paper.urls.bundle, { credentials: "omit" }).catch(() => null);
    const found = answer?.ok ? (await answer.text()).includes(leaf) : null;
    const key = { true: "receipt_found", false: "receipt_missing", null: "receipt_unread" }[found];
    line.textContent = rater.say(key);
  };
  return h("div", {}, button(rater.say("receipt_local"), look, "quiet"), line);
}

export function tellTurnout(rater) {
  const line = rater.main.querySelector("[data-turnout]");
  if (line && rater.turnout) {
    line.textContent = rater.say("receipt_turnout", { n: rater.turnout });
  }
}
