// What the pages of a class share. Texts of students go into a page as text only.
import { make } from "./cards.js";
export { button, choices, digit, make } from "./cards.js";

export const find = (id) => document.getElementById(id);
export const ordinal = (number) => ["First vote", "Second vote"][number - 1] ?? `Vote ${number}`;

// A claim in its sentence, with the words that are asked for in a box.
export function sentence({ unit, before, words, after }) {
  return make("p", { class: "kit-sentence" }, make("small", {}, unit), " ", before, make("mark", {}, words), after);
}

export function time(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

// Send something; gives what is answered. Throws what is to be said, with `status` 0 where nobody answers.
export async function send(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    throw Object.assign(new Error("The teacher's laptop does not answer. Try again in a moment."), { status: 0 });
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(told.said ?? "This did not work. Try again."), { status: answer.status });
  return told;
}

// Hear what changes, and go on by itself after the laptop was away.
export function listen(path, heard, away = (gone) => { find("away").hidden = !gone; }) {
  const source = new EventSource(path);
  source.onmessage = ({ data }) => { away(false); heard(JSON.parse(data)); };
  source.onerror = () => {
    source.close();
    setTimeout(() => listen(path, heard, away), 1000 + 2000 * Math.random());
    away(true);
  };
}
addEventListener("pageshow", (event) => event.persisted && location.reload());

// Put new content into a place only if it is another, so that nobody loses the focus, and readers hear no echo.
export function fill(place, key, ...content) {
  const shown = JSON.stringify(key);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(...content);
}
