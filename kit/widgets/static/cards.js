// What the widgets share. No build step, no network: the kernel sends this text before each widget's own.

const PATIENCE = 4000; // milliseconds until an unsaved change is called that

function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  // JupyterLab's keys (d d deletes a cell) must not work on what has the focus here.
  if (/^(button|input|select|summary|textarea)$/.test(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

function button(name, shortcut, action) {
  const keys = shortcut === "u" ? "u Control+z" : shortcut;
  const hint = shortcut ? [make("kbd", { "aria-hidden": "true" }, shortcut)] : [];
  return make("button", { type: "button", onclick: action, "aria-keyshortcuts": keys || false }, name, ...hint);
}

// Who holds the keys, in words: what they do here, or how to get them and what they do to the page meanwhile.
function keysLine(count, more, verb = "choose") {
  const range = `${count > 2 ? `1–${count}` : "1 and 2"} ${verb}`;
  const d = () => make("kbd", {}, "d");
  return make("p", { class: "kit-keys" },
    make("span", { class: "kit-here" }, `The keys work here: ${range}${more}.`),
    make("span", { class: "kit-away" }, make("b", {}, `Click here, then ${range}.`), " Outside, ", make("kbd", {}, "x"), " or ", d(), " ", d(),
      " deletes a cell; ", make("kbd", {}, "z"), " brings it back."),
  );
}

// A button that has the focus would lose it if it were disabled outright.
function enable(item, yes) {
  item.setAttribute("aria-disabled", String(!yes));
}

// Keys that lead out, or to the notebook; true if it was one.
function leave(event, root, model) {
  const cell = root.closest(".jp-Cell");
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    // What is chosen is kept anyway; the notebook is saved where the front end lets us.
    event.preventDefault();
    model.widget_manager?.context?.save?.();
  } else if (event.key === "Escape") {
    cell?.focus();
  } else if (event.shiftKey && event.key === "Enter") {
    // On with the notebook, for those who run it cell by cell.
    event.preventDefault();
    (cell?.nextElementSibling ?? cell)?.focus();
  } else {
    return false;
  }
  return true;
}

// Bring all of a card into sight or, where the window is not tall enough for it, the part that matters.
function reveal(root, part) {
  const room = root.closest(".jp-WindowedPanel-outer, .jp-Notebook")?.clientHeight ?? window.innerHeight;
  (root.offsetHeight <= room ? root : part)?.scrollIntoView({ block: "nearest" });
}

// Give `target` the keys if its cell has just been run by hand, and nobody is typing elsewhere.
function greet(model, root, target) {
  if (!model.get("fresh")) return;
  model.set("fresh", false);
  model.save_changes();
  const when = () => {
    if (!root.isConnected) return requestAnimationFrame(when);
    const cell = root.closest(".jp-Cell");
    const active = cell?.parentElement.querySelector(":scope > .jp-mod-active");
    const busy = document.activeElement?.closest("input, select, textarea, [contenteditable=true], .jp-Dialog, .kit-live");
    if (!active || ![cell, cell.nextElementSibling].includes(active) || busy) return;
    target().focus();
    reveal(root);
  };
  requestAnimationFrame(when);
}

// Draw anew; if the keys were `within`, `target` gets them.
function redraw({ root, within, draw, target }) {
  const inside = within.contains(root.getRootNode().activeElement);
  draw();
  if (!inside) return;
  target().focus();
  reveal(root);
}

// Lay the card into the page and hear the model: `heard` maps events to what is done. What comes back ends the hearing.
function attach({ model, el, root, target, heard }) {
  for (const [events, action] of Object.entries(heard)) model.on(events, action);
  el.append(root);
  greet(model, root, target);
  return () => {
    for (const [events, action] of Object.entries(heard)) model.off(events, action);
  };
}

// A set of radio buttons or checkboxes for one field. `chosen(value, yes)` hears of each choice.
function choices(field, { legend, family, described, chosen }) {
  const inputs = field.values.map((value, n) => make("input", {
    type: field.kind === "many" ? "checkbox" : "radio", name: `${family}-${field.name}`, value,
    "aria-labelledby": `${family}-${field.name}-${n}`,
    "aria-describedby": field.hints[n] ? `${family}-${field.name}-${n}-hint` : false,
    onchange: (event) => chosen(value, event.target.checked),
  }));
  const labels = inputs.map((input, n) => {
    const id = `${family}-${field.name}-${n}`;
    const hint = field.hints[n] ? [make("span", { class: "kit-hint", id: `${id}-hint` }, field.hints[n])] : [];
    const digit = make("kbd", { "aria-hidden": "true" }, String(n + 1));
    return make("label", {}, input, digit, make("span", { class: "kit-name", id }, input.value), ...hint);
  });
  const look = field.hints.length ? "kit-field kit-asked" : "kit-field";
  const element = make("fieldset", { class: look, "aria-describedby": described }, make("legend", {}, legend), ...labels);
  return { element, inputs };
}

// Choose by digit in the group that has the focus, else in the first one; false where there is no such choice.
function digit(name, target, card) {
  const group = target.closest("fieldset") ?? card.querySelector("fieldset");
  const input = /^[1-9]$/.test(name) && group?.querySelectorAll("input")[name - 1];
  if (!input) return false;
  input.focus();
  input.click();
  return true;
}

// For the page of a class, which takes them from here.
export { button, choices, digit, make };
