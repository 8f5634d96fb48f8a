// One card at a time, explained at once. The kernel decides what comes next and keeps the diary; this is a view.
// Arrows only look through the choices: a digit, a click or Enter answers.

function render({ model, el }) {
  const family = `kit${Math.random().toString(36).slice(2)}`;
  let inputs = [];
  let sent = false; // whether the card in view has been answered
  let arrow = false; // whether the last key was an arrow
  let waiting = null; // a timer, while the kernel has not answered

  const place = make("span", { class: "kit-place" });
  const state = make("span", { class: "kit-state", role: "status", "aria-live": "polite" });
  const keys = make("div");
  const card = make("div", { class: "kit-card" });
  const told = make("div", { class: "kit-told", role: "status", "aria-live": "polite" });
  const note = make("p", { role: "status" });
  const next = button("Next", "n", onward);
  const check = button("Check", "Enter", () => give(inputs.find((input) => input.checked)?.value));
  const actions = make("div", { class: "kit-actions" }, check, next);
  const root = make(
    "div",
    { class: "kit-live", role: "group", "aria-label": "Practice", onkeydown: key, onpointerdown: () => { arrow = false; },
      tabindex: "-1", "data-lm-suppress-shortcuts": "true" },
    make("div", { class: "kit-head" }, place, state), keys, card, told, actions, note,
  );

  function draw() {
    const [shown] = model.get("cards");
    const over = !shown;
    const turn = over ? model.get("turns") : shown.turn;
    sent = false;
    inputs = [];
    place.textContent = over ? "Done" : `Card ${turn + 1} of ${model.get("turns")}`;
    keys.replaceChildren();
    actions.hidden = over;
    if (over) {
      card.replaceChildren(make("p", {}, "For more, run this cell again: what was hard comes back first."));
    } else {
      const [field] = model.get("fields");
      const group = choices(field, {
        legend: `${shown.id}: ${field.ask}`, family: `${family}-${turn}`, described: `${family}-words`,
        chosen: (value) => arrow || give(value),
      });
      inputs = group.inputs;
      keys.replaceChildren(keysLine(field.values.length, ", n goes on", "answer"));
      card.replaceChildren(
        make("p", { class: "kit-sentence" }, make("small", {}, shown.unit), " ", shown.before, make("mark", {}, shown.words),
          shown.after),
        make("p", { class: "kit-of" }, make("small", {}, shown.of)),
        make("p", { class: "kit-heard", id: `${family}-words` }, make("b", {}, shown.id), `, in the box: “${shown.words}”`),
        group.element,
      );
    }
    show();
  }

  function show() {
    const said = model.get("told");
    clearTimeout(waiting);
    for (const [item, name] of [[state, "progress"], [note, "note"]]) {
      if (item.textContent !== model.get(name)) item.textContent = model.get(name);
    }
    const open = Boolean(said.words);
    if (open) sent = true;
    const lines = open ? said.words.split("\n").map((line) => make("p", {}, line)) : [];
    if (open) lines.unshift(make("p", {}, make("b", {}, `${said.given}: ${said.right ? "fits" : "look again"}`)));
    told.replaceChildren(...lines);
    for (const input of inputs) {
      if (open) input.checked = input.value === said.given;
      input.disabled = open && input.value !== said.given;
    }
    enable(check, !open);
    enable(next, open);
    if (open && root.contains(root.getRootNode().activeElement)) reveal(root, actions);
  }

  function give(value) {
    if (sent) return;
    if (!value) {
      note.textContent = "Choose a label first.";
      return;
    }
    sent = true;
    model.set("chosen", [model.get("cards")[0].turn, value]);
    model.save_changes();
    waiting = setTimeout(() => {
      state.textContent = "not kept: Python is busy or has stopped. If this stays, restart the kernel and run this cell again";
    }, PATIENCE);
  }

  function onward() {
    if (!model.get("told").words || model.get("turn") > model.get("cards")[0].turn) return;
    model.set("turn", model.get("turn") + 1);
    model.save_changes();
  }

  function key(event) {
    event.stopPropagation();
    arrow = event.key.startsWith("Arrow");
    if (leave(event, root, model)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (act(event.key, event.target)) event.preventDefault();
  }

  function act(name, target) {
    if (name.toLowerCase() === "n") return onward(), true;
    if (name === "Enter" && !target.closest("button")) {
      return sent ? onward() : give(inputs.find((input) => input.checked)?.value), true;
    }
    return !sent && digit(name, target, card);
  }

  function first() {
    return card.querySelector("input:checked") ?? card.querySelector("input") ?? root;
  }

  draw();
  const heard = {
    comm_live_update: () => root.classList.add("kit-cut"),
    // The kernel sends a new card with all that belongs to it, in one message.
    "change:cards": () => redraw({ root, within: root, draw, target: first }),
    "change:told change:progress change:note": show,
  };
  const end = attach({ model, el, root, target: first, heard });
  return () => {
    clearTimeout(waiting);
    end();
  };
}

export default { render };
