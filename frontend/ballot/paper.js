// The ballot paper's rules: engines/tally/ballot.py, as far as a phone must know them. Marks are
// {subject: {item: mark}}; a mark is a grade, "abstain", "own", or "" for blank.

import { text } from "./bytes.js";

const BLOCK = 4096;
export const OWN = "own";
export const ABSTAIN = "abstain";

export const markOf = (marks, subject, item) => marks[subject]?.[item] ?? "";

export const ownOf = (paper, marks) =>
  paper.subjects.find(({ code }) => paper.items.some((item) => markOf(marks, code, item.code) === OWN))?.code;

// How often the capped grade is given: in one item, or on the whole ballot.
export function used(paper, marks, item) {
  const items = paper.cap.per === "item" ? [item] : paper.items.map(({ code }) => code);
  return paper.subjects
    .flatMap(({ code }) => items.map((one) => markOf(marks, code, one)))
    .filter((mark) => mark === paper.cap.grade).length;
}

// Would this mark be one too many?
export function overCap(paper, marks, subject, item, mark) {
  if (!paper.cap || mark !== paper.cap.grade || markOf(marks, subject, item) === mark) return false;
  return used(paper, marks, item) >= paper.cap.most;
}

// [{subject, items}] of what nobody marked.
export const blanks = (paper, marks) =>
  paper.subjects
    .map((subject) => ({
      subject,
      items: paper.items.filter((item) => markOf(marks, subject.code, item.code) === ""),
    }))
    .filter(({ items }) => items.length);

// What is sealed: one JSON object, padded so that its length does not tell how much was written.
export function encode(paper, category, marks, remarks, nonce) {
  const rows = paper.subjects.map(({ code }) => [
    code,
    Object.fromEntries(paper.items.map((item) => [item.code, markOf(marks, code, item.code)])),
  ]);
  const said = Object.entries(remarks)
    .map(([subject, remark]) => [subject, remark.trim()])
    .filter(([, remark]) => remark);
  const bytes = text(
    JSON.stringify({
      v: 1,
      category,
      marks: paper.items.length ? Object.fromEntries(rows) : {},
      remarks: Object.fromEntries(said),
      nonce,
    }),
  );
  const padded = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK).fill(0x20);
  padded.set(bytes);
  return padded;
}
