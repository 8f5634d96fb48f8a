// The first page: how far this browser's student is, read from where JupyterLite keeps files (IndexedDB, as localforage
// lays it out), and newer editions of pages that the student has changed.
import { answerOf, filled } from "./answers.js";

const PAGES = JSON.parse(document.getElementById("pages").textContent);
const BASE = new URL(".", location.href).pathname;
const said = document.getElementById("said");
const rows = new Map([...document.querySelectorAll("tr[data-path]")].map((row) => [row.dataset.path, row.cells[1]]));

// The database of files, or null where this browser has kept none yet. It must be closed, or pages would wait for it.
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(`JupyterLite Storage - ${BASE}`);
    asked.onupgradeneeded = () => asked.transaction.abort(); // there is none: leave it to JupyterLite to make one
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => (asked.error.name === "AbortError" ? resolve(null) : reject(asked.error));
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function stored() {
  const files = new Map(), base = await opened();
  if (base?.objectStoreNames.contains("files")) {
    const store = base.transaction("files").objectStore("files");
    const [names, found] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    names.forEach((name, at) => files.set(name, found[at]));
  }
  base?.close();
  return files;
}

function notebookOf(file) {
  try {
    let content = file?.content; // as JupyterLab saved it, or as Python has written it
    if (file?.format === "base64") content = new TextDecoder().decode(Uint8Array.from(atob(content), (one) => one.charCodeAt(0)));
    if (typeof content === "string") content = JSON.parse(content);
    return Array.isArray(content?.cells) ? content : null;
  } catch {
    return null;
  }
}

function stateOf(page, notebook, files) {
  const answers = page.questions.map((one) => answerOf(notebook, one.name));
  const lines = page.questions.flatMap((one, at) => filled(answers[at], one));
  const full = lines.filter(Boolean).length, name = page.path.split("/").pop();
  const copy = [...files].find(([path]) => path.startsWith("handed_in/") && path.endsWith(name));
  const handed = copy && notebookOf(copy[1]);
  const left = lines.length - full, blank = left ? `, ${left} line${left === 1 ? "" : "s"} blank` : "";
  if (handed) {
    const same = page.questions.every((one, at) => answerOf(handed, one.name) === answers[at]);
    return { words: `handed in${blank}${same ? "" : ", changed since: hand in again"}`, done: same };
  }
  if (!left) return { words: "all filled", done: true };
  const begun = full > 0 || notebook.cells.some((cell) => cell.execution_count);
  return { words: begun ? `begun: ${full} of ${lines.length} line${lines.length === 1 ? "" : "s"}` : "open", done: false };
}

// Puts the student's copy beside, under another name, so that the site's own edition is seen again.
async function renew(path) {
  const base = await opened();
  const change = base.transaction([...base.objectStoreNames].filter((name) => name !== "counters"), "readwrite");
  const files = change.objectStore("files"), names = await done(files.getAllKeys());
  let aside, number = 1;
  do aside = path.replace(/\.ipynb$/, `.mine-${number++}.ipynb`); while (names.includes(aside));
  const file = await done(files.get(path));
  files.put({ ...file, name: aside.split("/").pop(), path: aside }, aside);
  files.delete(path);
  if (base.objectStoreNames.contains("checkpoints")) change.objectStore("checkpoints").delete(path);
  await new Promise((resolve, reject) => { change.oncomplete = resolve; change.onabort = () => reject(change.error); });
  base.close();
  await show();
  said.replaceChildren("Yours is kept: ", link(aside, aside));
  said.querySelector("a").focus();
}

function link(path, words) {
  const made = document.createElement("a");
  made.href = `notebooks/index.html?path=${encodeURIComponent(path)}`;
  made.textContent = words;
  return made;
}

function offer(page) {
  const button = document.createElement("button");
  button.textContent = "Take the newer one, and keep yours beside it";
  button.setAttribute("aria-label", `${button.textContent}: ${page.title}`);
  button.onclick = () => renew(page.path).catch(failed);
  return [document.createElement("br"), "There is a newer edition of this page than yours. ", button];
}

async function show() {
  const files = await stored();
  let next = null;
  for (const page of PAGES) {
    const notebook = notebookOf(files.get(page.path));
    const state = notebook ? stateOf(page, notebook, files) : { words: "open", done: false };
    const edition = notebook?.metadata.kit?.edition;
    rows.get(page.path).replaceChildren(state.words, ...(notebook && edition !== page.edition ? offer(page) : []));
    next ??= state.done ? null : page;
  }
  document.getElementById("on").replaceChildren(...(next ? ["Go on here: ", link(next.path, next.title)] : ["Everything is done."]));
}

function failed(error) {
  said.textContent = `This browser does not show what it keeps (${error.name}). In a private window it keeps nothing.`;
}

// Where the teacher's laptop serves the site, its page of the class is there too.
async function linkClass() {
  const answer = await fetch("class/here", { cache: "no-store" });
  document.getElementById("class").hidden = !(answer.ok && "name" in (await answer.json()));
}

linkClass().catch(() => {}); // on any other server there is none
if (!isSecureContext) {
  document.getElementById("kept").textContent =
    "At this address the browser keeps your pages as you save them, but not what you choose on cards: " +
    "write it into the cell before you close a page.";
}
show().catch(failed);
addEventListener("pageshow", (event) => event.persisted && show().catch(failed)); // one has come back to it
