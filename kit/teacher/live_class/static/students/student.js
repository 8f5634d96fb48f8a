// A student's page of the class: joining, the card that is voted on, and what was handed in.
import { choices, digit, fill, find, listen, make, ordinal, send, sentence, time } from "./shared.js";

let state = { name: null }, chosen = null, listening = false;

function show(told) {
  const inside = told.name !== null, first = find("join").hidden;
  if (state.name && !inside) find("said").textContent = "You are not in the class any more. Ask your teacher.";
  state = told;
  find("join").hidden = inside;
  find("in").hidden = !inside;
  if (!inside) return first && !find("code").value ? find("code").focus() : undefined;
  find("who").textContent = told.name;
  const rows = told.handed.map((one) => make("li", {}, `${one.page}: ${time(one.at)}, receipt ${one.code}`)).reverse();
  fill(find("handed"), told.handed, ...(rows.length ? rows : [make("li", {}, "Nothing yet.")]));
  vote(told.vote, told.field);
  if (!listening) listen("live", show, away);
  listening = true;
}

async function away(gone) {
  if (gone) await ask(); // whether it answers, and this browser is still in
  else find("away").hidden = true;
}

async function ask() {
  try {
    show(await (await fetch("here", { signal: AbortSignal.timeout(5000) })).json());
    find("away").hidden = true;
  } catch {
    find("away").hidden = false;
  }
}

function vote(one, field) {
  const place = find("vote");
  if (!one) return fill(place, one, make("p", {}, "No vote is open. Go on with your page; this one tells you when there is one."));
  const key = [one.id, one.state === "open"];
  if (place.dataset.shown !== JSON.stringify(key)) {
    chosen = null;
    fill(place, key, one.state === "open" ? open(one, field) : make("p", {}, "The vote is closed. Look at the board."));
  }
  if (one.state !== "open") return;
  if (chosen === null) for (const input of place.querySelectorAll("input")) input.checked = input.value === one.mine;
  if (chosen === null && one.mine) tell(`Your vote is in: ${one.mine}. You can change it while the vote is open.`);
}

function open(one, field) {
  const { id, words } = one.card;
  const group = choices(field, { legend: `${id}: ${field.ask}`, family: `vote${one.id}`, described: "words", chosen: cast });
  return make("div", { class: "kit-live", role: "group", "aria-label": "The vote", tabindex: "-1" },
    make("div", { class: "kit-head" }, make("span", { class: "kit-place" }, ordinal(one.number)),
      make("span", { class: "kit-state", id: "state", role: "status" })),
    make("p", {}, `The keys 1–${field.values.length} vote, wherever you are on this page.`),
    sentence(one.card),
    make("p", { class: "kit-heard", id: "words" }, make("b", {}, id), `, in the box: “${words}”`),
    group.element);
}

async function cast(label) {
  const { id } = state.vote;
  chosen = label;
  tell("sending …");
  try {
    const told = await send("vote", { round: id, label });
    if (chosen !== label) return; // a later choice is on its way
    chosen = null;
    show(told);
  } catch (error) {
    if (chosen !== label) return;
    if (error.status !== 0) return tell(error.message);
    tell("Not in yet: the laptop does not answer. Trying again …");
    setTimeout(() => chosen === label && state.vote?.id === id && cast(label), 2000);
  }
}

function tell(words) {
  const line = find("state");
  if (line && line.textContent !== words) line.textContent = words;
}

// The digits vote wherever the focus is, but where somebody types.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "radio") return;
  const card = find("vote").querySelector(".kit-live");
  if (card && digit(event.key, card, card)) event.preventDefault();
});

find("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [button] = event.target.querySelectorAll("button");
  if (button.disabled) return;
  button.disabled = true;
  find("said").textContent = "";
  try {
    const values = Object.fromEntries(["code", "name", "word"].map((name) => [name, find(name).value]));
    const told = await send("join", values);
    show(told);
    find("said").replaceChildren(...(told.word ? ["Your word is ", make("b", {}, told.word),
      ". Write it down: with it you get in at another computer. Whoever loses it asks the teacher."] : [`Welcome back, ${told.name}.`]));
    find("lessons").focus();
  } catch (error) {
    find("said").textContent = error.message;
    if (error.status === 409) find("known").hidden = false;
    find(error.status === 409 ? "word" : /code/.test(error.message) ? "code" : "name").focus();
  }
  button.disabled = false;
});

find("leave").addEventListener("click", async () => {
  try {
    await send("leave", {});
    location.reload();
  } catch (error) {
    find("said").textContent = error.message;
  }
});

find("code").value = decodeURIComponent(location.hash.slice(1)).slice(0, 20);
ask();
