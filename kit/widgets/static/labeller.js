// One card per claim: a view over the kernel's plain record of answers. No build step, no network.
// The kernel owns `answers`, checks them and keeps the draft; `kept` is the last of them that is on disk.

function render({ model, el }) {
  const cards = model.get("cards");
  const [field] = model.get("fields");
  const family = `kit${Math.random().toString(36).slice(2)}`; // two widgets must not share names
  let shown = ""; // the claim in view, and its inputs
  let inputs = [];
  let waiting = null; // a timer, while the kernel has not answered
  let written = ""; // the text that was written last
  let arrow = false; // whether the last key was an arrow, which only looks through the choices

  const place = make("span", { class: "kit-place" });
  const state = make("span", { class: "kit-state", role: "status", "aria-live": "polite" });
  const card = make("div", { class: "kit-card" });
  const note = make("p", { role: "status" });
  const said = make("p", { role: "status" });
  const text = make("textarea", { readonly: true, "aria-label": "Your answer as code", rows: cards.length + 2 });
  const paste = make("div", { class: "kit-paste", hidden: true }, text, button("Copy", "", copy));
  const previous = button("Previous", "p", () => go(-1));
  const next = button("Next", "n", () => go(1));
  const undo = button("Undo", "u", takeBack);
  const writeIn = button("Write into the cell", "", hand);
  const box = make("input", { type: "checkbox", onchange: () => { model.set("onward", box.checked); model.save_changes(); } });
  const onward = make("label", { class: "kit-onward" }, box, "Go on by itself");
  const actions = make("div", { class: "kit-actions" }, previous, next, undo, writeIn, onward);
  const root = make(
    "div",
    { class: "kit-live", role: "group", "aria-label": `Labels: ${model.get("title")}`, onkeydown: key,
      onpointerdown: () => { arrow = false; }, tabindex: "-1", "data-lm-suppress-shortcuts": "true" }, // a click gives it the keys
    make("div", { class: "kit-head" }, place, state),
    keysLine(field.values.length, ", n next, p previous, u undo"), card, actions, said, paste, note,
  );

  // ---- The card in view ----

  function draw() {
    const { id, unit, before, words, after } = cards[model.get("at")];
    shown = id;
    const group = choices(field, {
      legend: `${id}: ${field.ask}`, family: `${family}-${id}`, described: `${family}-words`, chosen: change,
    });
    inputs = group.inputs;
    card.replaceChildren(
      make("p", { class: "kit-sentence" }, make("small", {}, unit), " ", before, make("mark", {}, words), after),
      make("p", { class: "kit-heard", id: `${family}-words` }, make("b", {}, id), `, in the box: “${words}”`),
      group.element,
    );
    place.textContent = `Claim ${model.get("at") + 1} of ${cards.length}`;
    show();
  }

  // ---- From the record to the view, and back ----

  function labelled(id) {
    return model.get("answers")[id][field.name];
  }

  function show() {
    for (const input of inputs) input.checked = input.value === labelled(shown);
    tell();
    enable(previous, model.get("at") > 0);
    enable(next, model.get("at") < cards.length - 1);
    enable(undo, model.get("past").length > 0);
    box.checked = model.get("onward");
    if (note.textContent !== model.get("note")) note.textContent = model.get("note");
    if (written && written !== literal()) {
      written = "";
      paste.hidden = true;
      said.textContent = "You have changed labels since. Press “Write into the cell” again when you are done.";
    }
  }

  function saved() {
    return JSON.stringify(model.get("answers")) === JSON.stringify(model.get("kept"));
  }

  function tell(late = false) {
    const unsaved = late ? "not saved: Python is busy or has stopped. You can still write into the cell" : "saving …";
    const kept = model.get("lasting") ? "saved" : "kept until you close this page: write it into the cell";
    const line = saved() ? `${model.get("progress")}, ${kept}` : unsaved;
    if (state.textContent !== line) state.textContent = line;
    clearTimeout(waiting);
    if (!saved() && !late) waiting = setTimeout(tell, PATIENCE, true);
  }

  function change(value) {
    model.set("past", [...model.get("past"), [shown, field.name, labelled(shown)]]);
    put(shown, value);
    show();
    if (model.get("onward") && !arrow) go(1);
  }

  // All that is sent is whole states, never steps: the front end may merge what waits to be sent.
  function put(id, value) {
    model.set("answers", { ...model.get("answers"), [id]: { [field.name]: value } });
    model.save_changes();
  }

  function go(step) {
    const at = model.get("at") + step;
    if (at < 0 || at >= cards.length) return;
    model.set("at", at);
    model.save_changes();
  }

  function takeBack() {
    const past = model.get("past");
    if (!past.length) return;
    const [id, , was] = past.at(-1);
    model.set("past", past.slice(0, -1));
    model.set("at", cards.findIndex((other) => other.id === id));
    put(id, was);
  }

  // ---- Keys: they work on what is in here, and nowhere else ----

  function key(event) {
    event.stopPropagation();
    arrow = event.key.startsWith("Arrow");
    const control = event.ctrlKey || event.metaKey;
    if (leave(event, root, model)) return;
    if (event.target !== text && !event.altKey && act(event.key.toLowerCase(), control, event.target)) {
      event.preventDefault();
    }
  }

  function act(name, control, target) {
    if (name === "u" || name === "z") return (name === "z") === control && (takeBack(), true);
    if (control) return false;
    if (name === "n" || name === "p") return go(name === "n" ? 1 : -1), true;
    return digit(name, target, card);
  }

  // ---- Writing: into the answer cell where that is possible, else as text to paste ----

  function hand() {
    const blank = cards.filter(({ id }) => !labelled(id)).length;
    if (blank === cards.length) {
      said.textContent = "Nothing is labelled yet, so there is nothing to write: label a claim first.";
      return;
    }
    written = text.value = literal();
    const gaps = blank ? ` ${blank} of ${cards.length} are still blank.` : "";
    const hindrance = write(model.get("title"), written);
    paste.hidden = !hindrance;
    const road = `${hindrance} Copy this text into your answer cell, then run that cell.`;
    said.textContent = (hindrance ? road : "Written: your answer is in its cell. Now run that cell.") + gaps;
  }

  // The code for the answer cell. Made here, since it must be there when Python has stopped.
  function literal() {
    const lines = cards.map(({ id }) => `    ${JSON.stringify(id)}: "${labelled(id)}",\n`);
    return `${model.get("title")} = {\n${lines.join("")}}`;
  }

  // Returns why it could not be written, or nothing.
  function write(name, code) {
    const cells = Array.from(model.widget_manager?.context?.model?.cells ?? []).filter((c) => c.type === "code");
    const assigns = new RegExp(`^${name}\\s*=`, "m");
    const found = cells.filter((cell) => assigns.test(cell.sharedModel.getSource()));
    if (!cells.length) return "The answer cell cannot be written from here.";
    if (found.length !== 1) return `There are ${found.length || "no"} cells with “${name} = …”, where one is needed.`;
    const source = found[0].sharedModel.getSource();
    const plain = new RegExp(`^((?:[ \\t]*(?:#.*)?\\n)*)${name}\\s*=\\s*(?:\\{[^{}]*\\}|\\.\\.\\.)\\s*$`).exec(source);
    if (!plain) return `The cell with “${name} = …” holds other code, which is left alone.`;
    if (found[0].getMetadata("editable") === false) return "The answer cell is locked.";
    found[0].sharedModel.setSource(plain[1] + code);
    return "";
  }

  function copy() {
    text.select();
    const done = document.execCommand("copy");
    said.textContent = done ? "Copied. Paste it into your answer cell." : "The text is selected: press Ctrl+C.";
  }

  function first() {
    return card.querySelector("input:checked") ?? card.querySelector("input");
  }

  // After a restart of the kernel this view is dead: its copy to read takes its place, unless it lacks something.
  const cut = () => saved() && root.classList.add("kit-cut");
  const watched = ["answers", "kept", "progress", "past", "note", "onward"];
  const names = watched.map((name) => `change:${name}`).join(" ");
  draw();
  const turn = () => redraw({ root, within: card, draw, target: first });
  const end = attach({ model, el, root, target: first, heard: { comm_live_update: cut, "change:at": turn, [names]: show } });
  return () => {
    clearTimeout(waiting);
    end();
  };
}

export default { render };
