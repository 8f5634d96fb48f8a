// Tables, bars of votes, and how far a class is: words and hatch beside colour.
import { make, ordinal } from "./shared.js";

export const total = ({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0);

// A cell is one thing or a list; a row that is no list is an element.
export function table(head, rows) {
  return make("table", {}, make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...rows.map((row) => Array.isArray(row)
      ? make("tr", {}, ...row.map((cell) => make("td", {}, ...[].concat(cell)))) : row)));
}

// Rounds side by side, each with a bar for every label; one scale for all of them.
export function bars(rounds, labels) {
  const most = Math.max(1, ...rounds.flatMap((one) => Object.values(one.counts)));
  return make("div", { class: "rounds" }, ...rounds.map((one) => {
    const rows = labels.flatMap(({ name, colour, hatch }) => {
      const count = one.counts[name] ?? 0, bar = make("i", { "data-hatch": hatch });
      bar.style.width = `${(75 * count) / most}%`;
      bar.style.setProperty("--colour", colour);
      return [make("span", {}, name), make("span", { class: "bar" }, bar, String(count))];
    });
    const said = labels.filter(({ name }) => one.counts[name]).map(({ name }) => `${one.counts[name]} ${name}`).join(", ");
    return make("section", {}, make("h2", {}, `${ordinal(one.number)}: ${total(one) === 1 ? "1 vote" : `${total(one)} votes`}`),
      make("div", { class: "bars", role: "img", "aria-label": `${ordinal(one.number)}: ${said || "no votes"}` }, ...rows),
      make("p", { class: "near" }, one.near ? "The class splits near half." : ""));
  }));
}

// Counts, and no names.
export function progress(pages) {
  if (!pages.length) return make("p", {}, "Nobody has run a check or handed anything in yet.");
  return table(["question", "have run its check", "handed in all right", "lines that nobody has right yet"],
    pages.flatMap(({ title, handed, questions }) => [
      make("tr", {}, make("th", { scope: "row", colspan: 4 }, `${title}: handed in by ${handed}`)),
      ...questions.map((one) => [one.title, String(one.ran), one.read ? `${one.right} of ${one.read}` : "–",
        one.read ? one.nobody.join(", ") || "none: each line is right somewhere" : "–"]),
    ]));
}
