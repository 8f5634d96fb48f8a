// What is projected: the address and the code, or the vote, or how far the class is.
import { fill, find, listen, make, ordinal, sentence } from "./shared.js";
import { bars, progress } from "./pictures.js";

const VIEWS = { join, vote, progress: (state) => [make("h1", {}, "How far the class is"), progress(state.progress)] };

function join({ addresses, qr, code, people }) {
  const [first, ...others] = addresses;
  const more = others.length ? [make("p", {}, `If that does not open: ${others.join(" or ")}`)] : [];
  return [
    make("div", { class: "join" },
      make("div", {}, make("h1", {}, "Open this address in your browser"), make("p", { class: "address" }, first), ...more,
        make("p", {}, "The code of the class"), make("p", { class: "code" }, code)),
      make("img", { src: qr, alt: `A QR code: it opens ${first}` })),
    make("h2", {}, people.length === 1 ? "1 is in" : `${people.length} are in`),
    make("ul", { class: "names" }, ...people.map((name) => make("li", {}, name))),
  ];
}

function vote({ vote: one, labels, people }) {
  if (!one) return [make("h1", {}, "No vote is open.")];
  const shown = one.rounds ? [bars(one.rounds, labels)] : [make("p", {}, one.state === "open"
    ? "Vote on the page of the class: which status fits the words in the box?" : "The vote is closed.")];
  const alpha = one.rounds ? [make("p", {}, `How far the class agrees (alpha: 1 is all, 0 is chance). First votes: ${one.alpha[0]}. Last votes: ${one.alpha[1]}.`)] : [];
  return [
    make("h1", {}, `${ordinal(one.number)} on ${one.card.id}`), sentence(one.card),
    make("p", { role: "status" }, `${one.votes} of ${people.length} have voted.`), ...shown, ...alpha,
  ];
}

listen("live/wall", (state) => fill(find("wall"), state, ...(VIEWS[state.view] ?? join)(state)));
