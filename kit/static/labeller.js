// One card per claim: a view over the kernel's plain record of answers. No build step, no network.
// The kernel owns `answers`, checks them and keeps the draft; `kept` is the last of them that is on disk.

const PATIENCE = 4000; // milliseconds until an unsaved change is called that

function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  // JupyterLab's keys (d d deletes a cell) must not work on what has the focus here.
  if (/^(button|input|select|textarea)$/.test(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

function render({ model, el }) {
  const cards = model.get("cards");
  const fields = model.get("fields");
  const family = `kit${Math.random().toString(36).slice(2)}`; // two widgets must not share names
  const uid = (...parts) => [family, ...parts].join("-");
  let shown = ""; // the claim in view, and its inputs: {field, value, input}
  let inputs = [];
  let typing = null; // a timer, while free text waits to be sent
  let waiting = null; // a timer, while the kernel has not answered
  let handed = ""; // the text that was handed in last

  const place = make("span", { class: "kit-place" });
  const state = make("span", { class: "kit-state", role: "status", "aria-live": "polite" });
  const card = make("div", { class: "kit-card" });
  const note = make("p", { role: "status" });
  const faults = make("div", { "aria-live": "polite" });
  const said = make("p", { role: "status" });
  const text = make("textarea", { readonly: true, "aria-label": "Your answer as code", rows: cards.length + 2 });
  const paste = make("div", { class: "kit-paste", hidden: true }, text, button("Copy", "", copy));
  const previous = button("Previous", "p", () => go(-1));
  const next = button("Next", "n", () => go(1));
  const undo = button("Undo", "u", takeBack);
  const handIn = button("Hand in", "", hand);
  const actions = make("div", { class: "kit-actions" }, previous, next, undo);
  if (model.get("answer")) actions.append(handIn);
  const root = make(
    "div",
    { class: "kit-live", role: "group", "aria-label": `Labels: ${model.get("title")}`, onkeydown: key,
      "data-lm-suppress-shortcuts": "true" },
    make("div", { class: "kit-head" }, place, state), card, faults, actions, said, paste, note,
  );

  function button(name, shortcut, action) {
    const keys = shortcut === "u" ? "u Control+z" : shortcut;
    const hint = shortcut ? [make("kbd", { "aria-hidden": "true" }, shortcut)] : [];
    return make("button", { type: "button", onclick: action, "aria-keyshortcuts": keys || false }, name, ...hint);
  }

  // ---- The card in view ----

  function draw() {
    const { id, unit, before, words, after } = cards[model.get("at")];
    shown = id;
    inputs = [];
    card.replaceChildren(
      make("p", { class: "kit-sentence" }, make("small", {}, unit), " ", before, make("mark", {}, words), after),
      make("p", { id: uid("words") }, make("b", {}, id), `, in the frame: “${words}”`),
      ...fields.map((field) => draw_field(field, id)),
    );
    place.textContent = `Claim ${model.get("at") + 1} of ${cards.length}`;
    show();
  }

  function ask(field, id) {
    return fields.length === 1 ? `${id}: ${field.ask}` : field.ask;
  }

  function draw_field(field, id) {
    const kinds = { one: "radio", many: "checkbox" };
    if (!kinds[field.kind]) return draw_free(field, id);
    const choices = field.values.map((value, n) => {
      const [name, hint] = [uid(field.name, n), uid(field.name, n, "hint")];
      const input = make("input", {
        type: kinds[field.kind], name: uid(field.name, id), value, "aria-labelledby": name,
        "aria-describedby": field.hints[n] ? hint : false, onchange: () => choose(field, value, input.checked),
      });
      inputs.push({ field, value, input });
      const rest = field.hints[n] ? [make("span", { class: "kit-hint", id: hint }, field.hints[n])] : [];
      const digit = make("kbd", { "aria-hidden": "true" }, String(n + 1));
      return make("label", {}, input, digit, make("span", { class: "kit-name", id: name }, value), ...rest);
    });
    const look = field.hints.length ? "kit-field kit-asked" : "kit-field";
    const legend = make("legend", {}, ask(field, id));
    return make("fieldset", { class: look, "aria-describedby": uid("words") }, legend, ...choices);
  }

  function draw_free(field, id) {
    const name = uid(field.name);
    const look = { id: name, oninput: later, onchange: flush };
    const tags = { pick: "select", lines: "textarea" };
    const input = make(tags[field.kind] ?? "input", tags[field.kind] ? look : { type: "text", ...look });
    if (field.kind === "pick") {
      input.append(make("option", { value: "" }, "choose …"));
      field.values.forEach((value, n) => input.append(make("option", { value }, `${value}: ${field.hints[n]}`)));
    }
    inputs.push({ field, input });
    return make("p", { class: "kit-field kit-free" }, make("label", { for: name }, ask(field, id)), input);
  }

  // ---- From the record to the view, and back ----

  function show() {
    const row = model.get("answers")[shown];
    for (const { field, value, input } of inputs) {
      if (value !== undefined) input.checked = [row[field.name]].flat().includes(value);
      else if (!typing && input.value !== row[field.name]) input.value = row[field.name];
    }
    tell();
    enable(previous, model.get("at") > 0);
    enable(next, model.get("at") < cards.length - 1);
    enable(undo, model.get("past").length > 0);
    const mend = (model.get("messages")[shown] ?? []).map((fault) => make("li", {}, fault));
    faults.replaceChildren(...(mend.length ? [make("ul", { "aria-label": "What to mend" }, ...mend)] : []));
    if (note.textContent !== model.get("note")) note.textContent = model.get("note");
    if (handed && handed !== literal()) {
      handed = "";
      paste.hidden = true;
      said.textContent = "You have changed labels since you handed in. Hand in again when you are done.";
    }
  }

  function saved() {
    return JSON.stringify(model.get("answers")) === JSON.stringify(model.get("kept"));
  }

  function tell(late = false) {
    const still = model.get("answer") ? ". You can still hand in" : "";
    const unsaved = late ? `not saved: Python is busy or has stopped${still}` : "saving …";
    const line = saved() ? `${model.get("progress")}, saved` : unsaved;
    if (state.textContent !== line) state.textContent = line;
    clearTimeout(waiting);
    if (!saved() && !late) waiting = setTimeout(tell, PATIENCE, true);
  }

  // A button that has the focus would lose it if it were disabled outright.
  function enable(item, yes) {
    item.setAttribute("aria-disabled", String(!yes));
  }

  function change(field, value) {
    const was = model.get("answers")[shown][field.name];
    model.set("past", [...model.get("past"), [shown, field.name, was]]);
    put(shown, field.name, value);
    show();
  }

  // All that is sent is whole states, never steps: the front end may merge what waits to be sent.
  function put(id, name, value) {
    const answers = model.get("answers");
    model.set("answers", { ...answers, [id]: { ...answers[id], [name]: value } });
    model.save_changes();
  }

  function choose(field, value, yes) {
    if (field.kind === "one") return change(field, value);
    const now = model.get("answers")[shown][field.name];
    change(field, field.values.filter((other) => (other === value ? yes : now.includes(other))));
  }

  function later() {
    clearTimeout(typing);
    typing = setTimeout(flush, 500);
  }

  function flush() {
    clearTimeout(typing);
    typing = null;
    for (const { field, value, input } of inputs) {
      if (value === undefined && input.value !== model.get("answers")[shown][field.name]) change(field, input.value);
    }
  }

  function go(step) {
    flush();
    const at = model.get("at") + step;
    if (at < 0 || at >= cards.length) return;
    model.set("at", at);
    model.save_changes();
  }

  function takeBack() {
    flush();
    const past = model.get("past");
    if (!past.length) return;
    const [id, name, was] = past.at(-1);
    model.set("past", past.slice(0, -1));
    model.set("at", cards.findIndex((other) => other.id === id));
    put(id, name, was);
  }

  // ---- Keys: they work on what is in here, and nowhere else ----

  function key(event) {
    event.stopPropagation();
    const control = event.ctrlKey || event.metaKey;
    const free = event.target.matches("select, textarea, input[type=text]");
    if (control && event.key === "s") {
      // The draft is kept anyway; the notebook is saved where the front end lets us.
      event.preventDefault();
      model.widget_manager?.context?.save?.();
    } else if (event.key === "Escape") {
      root.closest(".jp-Cell")?.focus();
    } else if (!free && !event.altKey && act(event.key.toLowerCase(), control, event.target)) {
      event.preventDefault();
    }
  }

  function act(name, control, target) {
    if (name === "u" || name === "z") return (name === "z") === control && (takeBack(), true);
    if (control) return false;
    if (name === "n" || name === "p") return go(name === "n" ? 1 : -1), true;
    const group = target.closest("fieldset") ?? card.querySelector("fieldset");
    const input = /^[1-9]$/.test(name) && group?.querySelectorAll("input")[name - 1];
    if (!input) return false;
    input.focus();
    input.click();
    return true;
  }

  // ---- Handing in: into the answer cell where that is possible, else as text to paste ----

  function hand() {
    flush();
    handed = text.value = literal();
    const blank = cards.filter(({ id }) => !model.get("answers")[id][fields[0].name]).length;
    const gaps = blank ? ` ${blank} of ${cards.length} are still blank.` : "";
    const hindrance = write(model.get("answer"), handed);
    paste.hidden = !hindrance;
    const road = `${hindrance} Copy this text into your answer cell, then run that cell.`;
    said.textContent = (hindrance ? road : "Handed in: your answer is in its cell. Now run that cell.") + gaps;
  }

  // The same as `Labeller.literal`. Made here, since it must be there when Python has stopped.
  function literal() {
    const lines = cards.map(({ id }) => `    ${JSON.stringify(id)}: "${model.get("answers")[id][fields[0].name]}",\n`);
    return `${model.get("answer")} = {\n${lines.join("")}}`;
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

  function turn() {
    flush();
    const inside = card.contains(root.getRootNode().activeElement);
    draw();
    if (inside) (card.querySelector("input:checked") ?? card.querySelector("input")).focus();
  }

  // After a restart of the kernel this view is dead: its copy to read takes its place, unless it lacks something.
  const cut = () => saved() && root.classList.add("kit-cut");
  model.on("comm_live_update", cut);
  model.on("change:at", turn);
  const watched = ["answers", "kept", "progress", "past", "note", "messages"];
  const names = watched.map((name) => `change:${name}`).join(" ");
  model.on(names, show);
  draw();
  el.append(root);
  return () => {
    flush();
    clearTimeout(waiting);
    model.off("comm_live_update", cut);
    model.off("change:at", turn);
    model.off(names, show);
  };
}

export default { render };
