// The teacher's own page: what is on the wall, the board, hand-ins, and who is in.
import { button, fill, find, listen, make, send, time } from "./shared.js";
import { bars, progress, table, total } from "./pictures.js";

const VIEWS = { join: "Address and code", vote: "The vote", progress: "How far the class is" };
let state = null;

async function act(what, which) {
  try {
    const { said } = await send("do", { do: what, which });
    find("said").textContent = said;
  } catch (error) {
    find("said").textContent = error.message;
  }
}

// A button keeps its focus when the page is drawn anew.
function named(name, id, action) {
  const made = button(name, "", action);
  made.id = id;
  return made;
}

function draw(place, key, ...content) {
  const focus = document.activeElement?.id;
  fill(find(place), key, ...content);
  if (focus && document.activeElement?.id !== focus) find(focus)?.focus();
}

function show(told) {
  state = told;
  draw("views", told.view, ...Object.entries(VIEWS).map(([view, words]) => {
    const made = named(words, `view-${view}`, () => act("view", view));
    made.setAttribute("aria-pressed", String(told.view === view));
    return made;
  }));
  draw("vote", [told.vote, told.people.length], ...current(told));
  draw("claims", told.claims, table(["claim", "votes so far", "open a vote"], told.claims.map((one) => [
    `${one.id} “${one.words}”`,
    one.rounds.map((round) => `${round.number}: ${total(round)}${round.near ? ", near half" : ""}`).join("; "),
    named(one.rounds.length ? "Vote again" : "Open", `open-${one.id}`, () => act("open", one.id)),
  ])));
  const now = told.claims.find((one) => one.id === told.vote?.card.id);
  draw("peek", [told.vote?.id, now], now?.rounds.length ? bars(now.rounds, told.labels) : make("p", {}, "No votes yet."));
  draw("progress", told.progress, progress(told.progress));
  draw("handed", told.handed, table(["when", "who", "page", "receipt"], told.handed.map((one) => [time(one.at), one.name, one.page, one.code])));
  people(told);
}

function current({ vote, people }) {
  if (!vote) return [make("p", {}, "None is open. Open one below.")];
  const { card, number, votes } = vote;
  const words = { open: "open", closed: "closed, the bars are hidden", shown: "closed, the bars are shown" }[vote.state];
  const buttons = vote.state === "open" ? [named("Close the vote", "turn", () => act("turn", "closed"))]
    : [named(vote.state === "shown" ? "Hide the bars" : "Show the bars", "turn", () => act("turn", vote.state === "shown" ? "closed" : "shown")),
      named("Vote again", "again", () => act("open", card.id))];
  return [make("p", {}, make("b", {}, `${card.id}, vote ${number}: ${words}. `), `${votes} of ${people.length} have voted.`),
    make("p", {}, "“", card.words, "”"), make("p", {}, ...buttons.flatMap((one) => [one, " "]))];
}

function people({ people: all, joining }) {
  const rows = all.map((one) => [one.name, one.here ? "page open" : "", [
    named("Tell the word", `word-${one.id}`, () => act("word", one.id)), " ",
    named("Take out", `out-${one.id}`, () => confirm(`Take ${one.name} out of the class? Their hand-ins stay on the disk.`) && act("out", one.id))]]);
  const closed = joining === "closed";
  draw("people", [all, joining], make("p", {}, `${all.length} in all. `, named(closed ? "Let others join again" : "Nobody else may join", "joining", () => act("joining", closed ? "open" : "closed"))),
    table(["name", "page of the class", "change"], rows));
}

find("collect").addEventListener("click", () => {
  const pages = [...new Set(state.handed.map((one) => one.page))], [folder, grade] = state.folder;
  const lines = pages.map((page) => {
    const theirs = new Set(state.handed.filter((one) => one.page === page).map((one) => one.name));
    const missing = state.people.map((one) => one.name).filter((name) => !theirs.has(name));
    return make("li", {}, `${page}: ${theirs.size}. ${missing.length ? `Not yet: ${missing.join(", ")}` : "Everybody who is in."}`);
  });
  find("collected").replaceChildren(make("p", {}, `Everything is in ${folder}. To grade it: `, make("code", {}, grade)),
    make("ul", {}, ...(lines.length ? lines : [make("li", {}, "Nobody has handed anything in.")])));
});

listen("live/desk", show);
