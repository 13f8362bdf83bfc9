// Before the paper: the code, the resume code, waiting.

import { fingerprint } from "./blind.js";
import { isCode, shown } from "./codes.js";
import { button, h, p } from "./dom.js";

const faults = (sentences) =>
  sentences.length ? h("div", { class: "faults", role: "alert" }, sentences.map((one) => p(one))) : null;

function codeForm(label, typed, act) {
  const field = h("input", {
    id: "code",
    name: "code",
    value: typed,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: "40",
    required: true,
  });
  const send = (event) => {
    event.preventDefault();
    act(field.value);
  };
  return (go) =>
    h(
      "form",
      { onsubmit: send },
      h("div", { class: "field" }, h("label", { for: "code" }, label), field),
      h("button", {}, go),
    );
}

export function code(rater, typed = "", told = []) {
  rater.view = "code";
  const form = codeForm(rater.say("code_label"), typed, (given) => rater.open(given));
  const back = rater.store.read().receipts.length > 0;
  rater.show(
    { title: rater.say("code_title") },
    p(rater.say("code_help")),
    faults(told),
    form(rater.say("go_on")),
    back ? button(rater.say("back"), () => rater.go(), "quiet") : null,
  );
}

// This phone holds a ballot that is not cast yet, and another code was scanned.
export function other(rater, scanned) {
  rater.view = "other";
  const fresh = () => {
    rater.store.forget();
    rater.take(scanned);
  };
  rater.show(
    { title: rater.say("other_title") },
    p(rater.say("other_text")),
    button(rater.say("other_keep"), () => rater.go()),
    button(rater.say("other_new"), fresh, "quiet"),
  );
}

export function resume(rater, drawn) {
  rater.view = "resume";
  rater.show(
    { title: rater.say("resume_title") },
    h("p", { class: "rater-code" }, shown(drawn)),
    p(rater.say("resume_text")),
    button(rater.say("resume_noted"), () => rater.resumeWith(drawn)),
    button(rater.say("resume_have"), () => typeResume(rater), "quiet"),
  );
}

function typeResume(rater, typed = "", told = []) {
  const act = (given) =>
    isCode(given) ? rater.resumeWith(given) : typeResume(rater, given, [rater.say("resume_wrong")]);
  const form = codeForm(rater.say("resume_label"), typed, act);
  rater.show(
    { title: rater.say("resume_type_title") },
    p(rater.say("resume_type_text")),
    faults(told),
    form(rater.say("go_on")),
    button(rater.say("back"), () => rater.offerResume(), "quiet"),
  );
}

export function notActivated(rater, told) {
  rater.view = "resume";
  rater.show(
    { title: rater.say("not_activated") },
    faults(told),
    button(rater.say("resume_have"), () => typeResume(rater)),
    button(rater.say("try_again"), () => rater.activate(), "quiet"),
    button(rater.say("forget"), () => rater.forget(), "quiet"),
  );
}

// Something is on its way; `waiting` then says what it waits for, without another screen.
export function busy(rater, key) {
  rater.view = "busy";
  rater.show(
    { title: rater.say(key) }, h("p", { role: "status", "data-waiting": true }));
}

export function waiting(rater, told) {
  const line = rater.main.querySelector("[data-waiting]");
  if (line) line.textContent = told.length ? told.join(" ") : rater.say("offline");
}

export function wait(rater, now) {
  rater.view = "wait";
  const { name } = rater.paper.categories[now.category];
  const early = () => {
    rater.early = true;
    rater.go();
  };
  rater.show(
    { title: rater.say(`wait_${rater.phase === "issuing" || rater.phase === "issued" ? rater.phase : "frozen"}`) },
    p(rater.say("wait_text")),
    h(
      "dl",
      { class: "rater-facts" },
      h("dt", {}, rater.say("category")),
      h("dd", {}, name),
      ...(now.resume ? [h("dt", {}, rater.say("resume_label")), h("dd", { class: "code" }, shown(now.resume))] : []),
      ...(now.kind === "ticket"
        ? [h("dt", {}, rater.say("keys")), h("dd", { class: "code" }, fingerprint(rater.keys(now.category)))]
        : []),
    ),
    now.kind === "ticket" ? h("p", { class: "hint" }, rater.say("keys_text")) : null,
    rater.store.kept ? null : h("p", { class: "hint" }, rater.say("not_kept")),
    button(rater.say("early"), early),
  );
}
