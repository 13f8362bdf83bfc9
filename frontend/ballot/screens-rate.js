// The paper: one unit a screen, then all of it once more before it is sent.

import { button, h, p } from "./dom.js";
import { ABSTAIN, OWN, blanks, markOf, overCap, ownOf, used } from "./paper.js";

export function unit(rater, at) {
  rater.view = "unit";
  const { paper } = rater;
  const subject = paper.subjects[at];
  const { marks, remarks } = rater.now;
  const own = ownOf(paper, marks) === subject.code;
  rater.show(
    { title: subject.name, above: bar(rater, at) },
    subject.mode === "written" ? h("p", {}, h("span", { class: "tag" }, rater.say("written"))) : null,
    own ? h("p", { class: "message" }, rater.say("own_told")) : null,
    own ? null : paper.items.map((item) => question(rater, subject, item)),
    paper.items.some((item) => markOf(marks, subject.code, item.code)) && !own
      ? button(rater.say("clear"), () => clear(rater, at), "quiet")
      : null,
    paper.items.length && paper.own_subject === "skip" ? ownButton(rater, at, own) : null,
    paper.remarks ? remarkBox(rater, subject, remarks[subject.code] ?? "") : null,
    h(
      "div",
      { class: "rater-foot" },
      at > 0 ? button(rater.say("previous"), () => rater.to(at - 1), "quiet") : null,
      button(rater.say(at + 1 < paper.subjects.length ? "next" : "to_review"), () => rater.to(at + 1)),
    ),
    jump(rater, at, marks, remarks),
  );
}

function bar(rater, at) {
  const of = rater.paper.subjects.length;
  return h(
    "div",
    { class: "rater-bar" },
    p(rater.say("progress", { at: at + 1, of })),
    h("progress", { value: at + 1, max: of, "aria-hidden": "true" }),
  );
}

function question(rater, subject, item) {
  const { paper } = rater;
  const offered = [...paper.grades, ...(paper.abstain ? [{ code: ABSTAIN, name: rater.say("abstain") }] : [])];
  const alert = alertLine();
  const counter = paper.cap ? h("p", { class: "hint" }) : null;
  const inputs = offered.map((grade) => h("input", { type: "radio", name: item.code, value: grade.code }));
  const refresh = () => {
    const { marks } = rater.now;
    for (const input of inputs) input.checked = input.value === markOf(marks, subject.code, item.code);
    if (counter) counter.textContent = rater.say(`cap_${paper.cap.per}`, capValues(paper, marks, item));
  };
  const choose = (event) => {
    const { marks } = rater.now;
    const mark = event.target.value;
    const over = overCap(paper, marks, subject.code, item.code, mark);
    alert.textContent = over
      ? rater.say(`cap_full_${paper.cap.per}`, capValues(paper, marks, item))
      : "";
    if (!over) set(rater, subject.code, item.code, mark);
    refresh();
    if (over) alert.scrollIntoView({ block: "nearest" });
  };
  const fields = h(
    "fieldset",
    { class: "rater-item", onchange: choose },
    h("legend", {}, item.name),
    h(
      "div",
      { class: "choices" },
      offered.map((grade, index) => h("label", { class: "choice" }, inputs[index], h("span", {}, grade.name))),
    ),
    alert,
    counter,
  );
  refresh();
  return fields;
}

const alertLine = () => h("p", { class: "rater-alert", role: "alert" });

function capValues(paper, marks, item) {
  const { grade, most } = paper.cap;
  const { name } = paper.grades.find(({ code }) => code === grade);
  return { item: item.name, grade: name, most, used: used(paper, marks, item.code) };
}

const set = (rater, subject, item, mark) =>
  rater.change((now) => {
    now.marks[subject] = { ...now.marks[subject], [item]: mark };
  });

function clear(rater, at) {
  for (const item of rater.paper.items) set(rater, rater.paper.subjects[at].code, item.code, "");
  unit(rater, at);
}

// The rater's own unit: one mark for all its items, and for one unit only.
function ownButton(rater, at, own) {
  const { paper } = rater;
  const { code } = paper.subjects[at];
  const alert = alertLine();
  const mark = () => {
    const other = ownOf(paper, rater.now.marks);
    if (!own && other) {
      const { name } = paper.subjects.find((subject) => subject.code === other);
      alert.textContent = rater.say("own_another", { name });
      return;
    }
    for (const item of paper.items) set(rater, code, item.code, own ? "" : OWN);
    unit(rater, at);
  };
  return [button(rater.say(own ? "own_undo" : "own"), mark, "quiet"), alert];
}

function remarkBox(rater, subject, written) {
  const most = rater.paper.remark_most;
  const left = h("small", { id: "left", role: "status" });
  const area = h("textarea", { id: "remark", rows: "4", "aria-describedby": "warning left" });
  area.value = written;
  const keep = () => {
    const signs = [...area.value]; // as the server counts: one sign outside the first plane is one
    if (signs.length > most) area.value = signs.slice(0, most).join("");
    const room = most - Math.min(signs.length, most);
    left.textContent = room < 100 ? rater.say("remark_left", { n: room }) : "";
    rater.change((now) => {
      now.remarks[subject.code] = area.value;
    });
  };
  area.addEventListener("input", keep);
  return h(
    "div",
    { class: "field rater-remark" },
    h("label", { for: "remark" }, rater.say("remark")),
    h("p", { class: "hint", id: "warning" }, rater.say("remark_warning")),
    area,
    left,
  );
}

function jump(rater, at, marks, remarks) {
  const { paper } = rater;
  const open = new Map(blanks(paper, marks).map(({ subject, items }) => [subject.code, items.length]));
  const told = ({ code }) => {
    if (ownOf(paper, marks) === code) return rater.say("jump_own");
    if (open.has(code)) return rater.say("jump_blank", { n: open.get(code) });
    if (!paper.items.length) return rater.say(remarks[code]?.trim() ? "jump_written" : "jump_unwritten");
    return rater.say("jump_done");
  };
  const row = (subject, to) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "row", onclick: () => rater.to(to), "aria-current": to === at && "true" },
        h("span", {}, subject.name),
        h("small", {}, told(subject)),
      ),
    );
  return h(
    "details",
    { class: "rater-jump" },
    h("summary", {}, rater.say("jump")),
    h("ol", {}, paper.subjects.map(row)),
    button(rater.say("to_review"), () => rater.to(paper.subjects.length), "quiet"),
  );
}

export function review(rater) {
  rater.view = "review";
  const { paper } = rater;
  const { marks, remarks } = rater.now;
  const open = blanks(paper, marks);
  const blocked = open.length > 0 && paper.blanks !== "count";
  const waits = rater.phase !== "casting";
  rater.show(
    { title: rater.say("review_title") },
    open.length ? blankList(rater, open, blocked) : null,
    !open.length && paper.items.length ? p(rater.say("review_complete")) : null,
    h("ol", { class: "rater-review" }, paper.subjects.map((subject, at) => line(rater, subject, at, marks, remarks))),
    h("p", { class: "rater-final" }, rater.say(waits ? "submit_wait" : "review_final")),
    h("button", { type: "button", disabled: blocked || waits, onclick: () => rater.submit() }, rater.say("submit")),
    button(rater.say("previous"), () => rater.to(paper.subjects.length - 1), "quiet"),
  );
}

function blankList(rater, open, blocked) {
  const { paper } = rater;
  const rows = open.map(({ subject, items }) => {
    const label = rater.say("review_blank_line", {
      subject: subject.name,
      items: items.map(({ name }) => name).join(rater.say("comma")),
    });
    return h("li", {}, button(label, () => rater.to(paper.subjects.indexOf(subject)), "row"));
  });
  const number = open.reduce((sum, { items }) => sum + items.length, 0);
  const rule = blocked && paper.abstain ? "review_blocked_abstain" : blocked ? "review_blocked" : "review_counted";
  return h(
    "div",
    { class: blocked ? "faults" : "message", role: "status" },
    p(rater.say("review_blank", { n: number }), " ", rater.say(rule)),
    h("ul", {}, rows),
  );
}

function line(rater, subject, at, marks, remarks) {
  const { paper } = rater;
  const names = new Map(paper.grades.map(({ code, name }) => [code, name]));
  names.set(ABSTAIN, rater.say("abstain")).set("", rater.say("blank"));
  const pairs = paper.items.map((item) =>
    rater.say("review_mark", { item: item.name, mark: names.get(markOf(marks, subject.code, item.code)) }),
  );
  const told = ownOf(paper, marks) === subject.code ? [rater.say("jump_own")] : pairs;
  const remark = remarks[subject.code]?.trim();
  if (remark) told.push(rater.say("review_remark", { remark }));
  if (!remark && !paper.items.length) told.push(rater.say("jump_unwritten"));
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "row", onclick: () => rater.to(at) },
      h("span", {}, subject.name),
      h("small", {}, told.join(rater.say("semicolon"))),
    ),
  );
}
