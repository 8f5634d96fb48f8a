// The claims of a file, one card each. What is sent are steps, in order; what is shown is what the kernel holds,
// and the kernel holds what is in the file. `done` is the last step that it has dealt with.

const FREE = "select, textarea, input[type=text]";

function render({ model, el }) {
  const family = `kit${Math.random().toString(36).slice(2)}`; // two widgets must not share names
  const uid = (...parts) => [family, ...parts].join("-");
  let at = model.get("at"); // the claim in view here
  let drawn = {}; // what the card was drawn from
  let inputs = []; // of the card: {field, input}
  let touched = new Set(); // those that were typed in and not sent yet
  let typing = null; // a timer, while free text waits to be sent
  let edited = null; // the input that is being typed in: one sitting is one step to undo
  let count = 0; // of the steps sent
  let latest = ""; // the last of them
  let waiting = null; // a timer, while the kernel has not answered
  let from = at; // the claim that was in view when it was sent
  let accepting = false; // whether the last step was to accept

  const place = make("span", { class: "kit-place", "aria-live": "polite" });
  const state = make("span", { class: "kit-state", role: "status" });
  const card = make("div", { class: "kit-card", role: "group", tabindex: "-1", "data-lm-suppress-shortcuts": "true",
    "aria-labelledby": uid("words") });
  const top = make("div", {});
  const faults = make("div", { "aria-live": "polite" });
  const reasonWords = make("p", {});
  const take = button("Take it", "y", () => step("change", { claim: at, field: "why", value: here().reason }));
  const own = button("My own words", "i", () => body.querySelector('[data-spot="why"]').focus());
  const reason = make("div", { class: "kit-reason", hidden: true }, reasonWords,
    make("div", { class: "kit-actions" }, take, own));
  const body = make("div", {});
  const rareBody = make("div", {});
  const rare = make("details", { class: "kit-more" },
    make("summary", {}, "More fields ", make("kbd", { "aria-hidden": "true" }, "f")), rareBody);
  const panel = make("div", { class: "kit-panel" });
  card.append(top, faults, reason, body, rare);
  const said = make("p", { class: "kit-said", role: "status" });
  const note = make("p", {});
  const trouble = make("p", { role: "alert" });
  const askWhich = make("div", { class: "kit-actions" },
    button("Read the file again and put my change on top", "", () => reload(true)),
    button("Read the file again without my change", "", () => reload(false)));
  const warning = make("div", { class: "kit-trouble", hidden: true }, trouble, askWhich);
  const accept = button("Accept", "a", () => step("accept", { claim: at }));
  const open = button("Next not accepted", "o", () => jump((one) => !one.accepted));
  const mend = button("Next to mend", "m", () => jump((one) => one.mend.length));
  const previous = button("Previous", "p", () => move(-1));
  const next = button("Next", "n", () => move(1));
  const undo = button("Undo", "u", takeBack);
  const split = button("Split", "s", () => openPanel(splitPanel));
  const like = button("Same as above", "k", () => step("same", { claim: at }));
  const join = button("Join with the next", "j", () => step("merge", { claim: at }));
  const words = button("Change its words", "w", () => openPanel(wordsPanel));
  const add = button("Add a claim", "c", () => openPanel(addPanel));
  const remove = button("Remove", "r", () => step("remove", { claim: at }));
  add.addEventListener("mousedown", (event) => event.preventDefault()); // else what is selected would be lost
  const register = make("div", {});
  const sources = make("details", { class: "kit-more" },
    make("summary", {}, "Sources ", make("kbd", { "aria-hidden": "true" }, "e")), register);
  const about = make("div", {});
  const matter = make("details", { class: "kit-more" },
    make("summary", {}, "What it is about: propositions and matrix ", make("kbd", { "aria-hidden": "true" }, "g")), about);
  const advice = make("p", { class: "kit-context" });
  const end = make("p", { class: "kit-end", role: "status" });
  const article = make("div", { class: "kit-article", role: "region", tabindex: "0", "aria-label": "The whole article",
    "data-lm-suppress-shortcuts": "true" });
  const text = make("details", { class: "kit-more", open: true },
    make("summary", {}, "The article ", make("kbd", { "aria-hidden": "true" }, "t")), article);
  const filter = make("select", { "aria-label": "Show which claims", onchange: () => drawList() });
  const list = make("select", { size: "8", "aria-label": "All claims", onchange: () => go(list.value, true) });
  const overview = make("details", { class: "kit-more" },
    make("summary", {}, "All claims ", make("kbd", { "aria-hidden": "true" }, "l")), filter, list);
  const side = make("div", { class: "kit-side" }, text, overview);
  const head = make("div", { class: "kit-head" }, place, state);
  const root = make(
    "div",
    { class: "kit-live kit-annotator", role: "group", "aria-label": `Annotation: ${model.get("title")}`, onkeydown: key,
      "data-lm-suppress-shortcuts": "true" },
    make("div", { class: "kit-main" }, head, end, warning,
      make("div", { class: "kit-actions" }, accept, open, mend, previous, next, undo), said, card,
      make("div", { class: "kit-actions" }, split, join, like, words, add, remove), panel),
    side, make("div", { class: "kit-foot" }, sources, matter, note, advice),
  );
  card.addEventListener("focus", () => bring(top, head), { once: true });

  // ---- What there is ----

  const cards = () => model.get("cards");
  const here = () => cards().find((one) => one.id === at) ?? cards()[0];
  const unitOf = (id) => model.get("units").find((unit) => unit.id === id);

  // ---- The card in view ----

  function drawTop(claim) {
    const units = model.get("units");
    const index = units.findIndex((unit) => unit.id === claim.unit);
    top.replaceChildren(
      ...context(units[index - 1]), sentence(units[index]), ...context(units[index + 1]),
      make("p", { id: uid("words") }, make("b", {}, at), `, in the box: “${claim.words}”`),
      siblings(units[index]),
    );
  }

  function drawFields() {
    flush();
    const fields = model.get("fields");
    inputs = [];
    touched = new Set();
    body.replaceChildren(...fields.filter((field) => !field.rare).map(drawField));
    rareBody.replaceChildren(...fields.filter((field) => field.rare).map(drawField));
  }

  function context(unit) {
    return unit ? [make("p", { class: "kit-context" }, make("small", {}, unit.id), " ", unit.text)] : [];
  }

  function sentence({ id, pieces }) {
    const mark = make("mark");
    const parts = pieces.map(([text, claims]) => {
      if (!claims.includes(at)) return claims.length ? make("span", { class: "kit-other" }, text) : text;
      mark.append(text);
      return mark;
    });
    return make("p", { class: "kit-sentence" }, make("small", {}, id), " ", ...parts.filter((part, n) => part !== parts[n - 1]));
  }

  // The claims of the unit, to see where one stands and to go to another.
  function siblings({ id }) {
    const all = cards().filter((one) => one.unit === id);
    const buttons = all.map((one) => {
      return make("button", { type: "button", "aria-current": one.id === at ? "true" : false, onclick: () => go(one.id) },
        `${one.id}: ${condition(one)}`);
    });
    return make("div", { class: "kit-actions kit-siblings", role: "group", "aria-label": `Claims of ${id}` }, ...buttons);
  }

  function drawField(field) {
    if (field.kind === "one" || field.kind === "many") {
      const group = choices(field, {
        legend: field.ask, family: uid(at), described: uid("words"), chosen: (value, yes) => choose(field, value, yes),
      });
      inputs.push(...group.inputs.map((input) => ({ field, input })));
      group.inputs.forEach((input, n) => (input.dataset.spot = `${field.name} ${n}`));
      return group.element;
    }
    const name = uid(field.name);
    const live = field.kind === "words" || field.kind === "lines";
    const touch = () => touched.add(input);
    const look = { id: name, "data-spot": field.name, onblur: () => (edited = null) };
    if (field.kind === "lines") look.onkeydown = back; // a reason is one line: Enter ends it
    look.onchange = () => (touch(), flush());
    look.oninput = () => (touch(), live && later());
    const tag = { pick: "select", lines: "textarea" }[field.kind] ?? "input";
    const input = make(tag, tag === "input" ? { type: "text", ...look } : look);
    if (tag === "select") {
      input.append(make("option", { value: "" }, "choose …"));
      field.values.forEach((value, n) =>
        input.append(make("option", { value }, field.hints[n] ? `${value}: ${field.hints[n]}` : value)));
    }
    inputs.push({ field, input });
    return make("p", { class: "kit-field kit-free" }, make("label", { for: name }, field.ask), input);
  }

  function back(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    card.focus();
  }

  // ---- Beside the card: the whole article, and all claims ----

  const condition = (one) => (one.accepted ? "accepted" : one.mend.length ? "to mend" : "proposed");

  function drawArticle() {
    const paragraphs = new Map();
    for (const { kind, paragraph, pieces } of model.get("units")) {
      const words = pieces.map(([words, claims]) => {
        const mine = claims.map((id) => cards().find((one) => one.id === id));
        if (!mine.length) return words;
        const shown = mine.find((one) => one.id === at) ?? mine[mine.length - 1];
        const look = shown.id === at ? "kit-now" : `kit-is-${condition(shown).replace(" ", "-")}`;
        return make("span", { class: look, title: `${shown.id}: ${condition(shown)}`, onclick: () => go(shown.id) }, words);
      });
      const whole = paragraphs.get(paragraph) ?? make("p", { class: kind === "body" ? false : "kit-heading" });
      paragraphs.set(paragraph, whole);
      whole.append(...words, " ");
    }
    article.replaceChildren(...paragraphs.values());
  }

  function followArticle() {
    const now = article.querySelector(".kit-now");
    if (now) article.scrollTop += now.getBoundingClientRect().top - article.getBoundingClientRect().top - article.clientHeight / 3;
  }

  // What the list can be narrowed to: by how far a claim is, by its status, and by who vouches for it.
  function drawFilter() {
    const group = (label, field, names) => make("optgroup", { label },
      ...names.map((name) => make("option", { value: `${field} ${name}` }, name)));
    const used = (field) => [...new Set(cards().map((one) => one.values[field]))].filter(Boolean).sort();
    const now = filter.value;
    filter.replaceChildren(make("option", { value: "" }, "all"),
      ...["proposed", "to mend", "accepted"].map((name) => make("option", { value: `is ${name}` }, name)),
      group("status", "status", used("status")), group("source", "source", used("source")));
    filter.value = now;
    if (filter.selectedIndex < 0) filter.value = "";
  }

  function drawList() {
    const [field, ...name] = filter.value.split(" ");
    const fits = (one) => !field || (field === "is" ? condition(one) : one.values[field]) === name.join(" ");
    const options = cards().filter(fits).map((one) => {
      const { status, source, layer } = one.values;
      const labels = [condition(one), status, layer === "act" ? "act" : source].filter(Boolean).join(", ");
      return make("option", { value: one.id }, `${one.id} (${labels}): ${one.words}`);
    });
    list.replaceChildren(...options);
    list.value = at;
  }

  // ---- What it is about ----

  function drawMatter() {
    const spot = about.contains(focused()) && focused().dataset.spot;
    const rows = model.get("propositions").map(({ id, text, mind }) => {
      const words = make("input", { type: "text", value: text, "aria-label": `Words of ${id}`, "data-spot": `${id} text`,
        onchange: (event) => step("change_proposition", { proposition: id, text: event.target.value }) });
      const drop = button("Remove", "", () => step("remove_proposition", { proposition: id }));
      drop.setAttribute("aria-label", `Remove ${id}`);
      const row = make("li", {}, make("b", {}, id), words, drop);
      if (mind) row.append(make("small", { class: "kit-mind" }, mind));
      return row;
    });
    const fresh = make("input", { type: "text", id: uid("about"), "data-spot": "new text" });
    const send = () => step("add_proposition", { text: fresh.value, claim: at });
    fresh.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), send()));
    about.replaceChildren(make("p", { class: "kit-hint" }, model.get("polarity")),
      make("ul", { class: "kit-sources" }, ...rows),
      make("p", { class: "kit-field kit-free" }, make("label", { for: uid("about") }, "New proposition"), fresh,
        button("Add, with this claim", "", send)), ...matrix());
    if (spot !== false) (about.querySelector(`[data-spot="${spot}"]`) ?? matter.firstChild).focus();
  }

  function matrix() {
    const { columns, rows } = model.get("matrix");
    if (!columns.length) return [];
    const head = make("tr", {}, make("th", {}, "source"), ...columns.map((name) => make("th", { scope: "col" }, name)));
    const cells = rows.map(([name, ...told]) =>
      make("tr", {}, make("th", { scope: "row" }, name), ...told.map((one) => make("td", {}, one || "–"))));
    return [make("div", { class: "kit-matrix", role: "region", tabindex: "0", "aria-label": "The matrix",
      "data-lm-suppress-shortcuts": "true" }, make("table", {}, make("caption", {}, "The matrix, as the lessons will show it"),
      make("thead", {}, head), make("tbody", {}, ...cells)))];
  }

  // ---- From the record to the view ----

  function show() {
    const claim = here();
    at = claim.id;
    const spot = card.contains(focused()) ? focused().dataset.spot ?? "" : null;
    const above = JSON.stringify([at, claim.words, unitOf(claim.unit),
      cards().map((one) => one.unit === claim.unit && [one.id, one.accepted, one.mend.length > 0])]);
    const below = JSON.stringify([at, model.get("fields")]);
    if (above !== drawn.above) drawTop(claim);
    const redrawn = below !== drawn.below;
    if (redrawn) drawFields();
    const same = drawn.at === at;
    drawn = { ...drawn, at, above, below };
    if (spot !== null && !card.contains(focused())) {
      ((same && spot && card.querySelector(`[data-spot="${spot}"]`)) || card).focus();
    }
    fill(claim, !same || redrawn);
    showSources();
    put(reasonWords, claim.reason ? `A new “why” is needed. Write your own, or take this one: “${claim.reason}”`
      : "A new “why” is needed: say in one plain sentence what makes it so.");
    reason.hidden = !claim.unreasoned;
    take.hidden = !claim.reason;
    const beside = JSON.stringify([at, model.get("units"), cards().map((one) => [one.id, condition(one), one.values])]);
    if (beside !== drawn.beside) drawArticle(), drawFilter(), drawList();
    const matters = JSON.stringify([model.get("propositions"), model.get("matrix")]);
    if (matters !== drawn.matters) drawMatter();
    drawn = { ...drawn, beside, matters };
    if (!same) followArticle();
    put(advice, model.get("advice").join(" "));
    put(end, model.get("end") && `All is accepted, nothing is to mend. Next, make the course: ${model.get("end")}`);
    const number = cards().indexOf(claim);
    const sure = claim.proposed ? `proposed, ${claim.proposed}` : claim.accepted ? "accepted" : "not accepted";
    put(place, `Claim ${number + 1} of ${cards().length}, ${claim.id}: ${sure}`);
    put(said, model.get("said"));
    put(note, model.get("note"));
    put(trouble, model.get("trouble"));
    warning.hidden = !model.get("trouble");
    enable(open, cards().some((one) => !one.accepted && one !== claim));
    enable(mend, cards().some((one) => one.mend.length && one !== claim));
    enable(previous, number > 0);
    enable(next, number < cards().length - 1);
    enable(undo, model.get("steps") > 0);
    enable(join, claim.next);
    enable(like, claim.like);
    tell();
    if (!same) bring(top, head);
  }

  // Into view, the last one for certain: the page is longer than the screen, and the hands are elsewhere on it.
  function bring(...parts) {
    for (const part of parts) part.scrollIntoView({ block: "nearest" });
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  const through = () => model.get("done") === latest || !latest;

  function fill(claim, fresh) {
    for (const { field, input } of inputs) {
      const value = claim.values[field.name];
      if (field.kind === "one" || field.kind === "many") {
        // What was chosen while an earlier step is on its way is not set back by the answer to that one.
        if (fresh || through()) input.checked = [value].flat().includes(input.value);
      } else if (!kept(field, input) && input.value !== shown(value)) input.value = shown(value);
    }
    const items = claim.mend.map((fault) => make("li", {}, fault));
    const list = items.length ? [make("ul", { "aria-label": "What to mend" }, ...items)] : [];
    if (faults.textContent !== claim.mend.join("")) faults.replaceChildren(...list);
    const names = model.get("fields").filter((field) => field.rare).map((field) => `“${field.name.replace("_", " ")}”`);
    if (claim.mend.some((fault) => names.some((name) => fault.includes(name)))) rare.open = true;
  }

  function shown(value) {
    return Array.isArray(value) ? value.join(" > ") : value;
  }

  function tell(late = false) {
    clearTimeout(waiting);
    let line = `${model.get("progress")}, ${model.get("trouble") ? "not saved" : "saved"}`;
    if (!through()) line = late ? "not saved: Python is busy or has stopped" : "saving …";
    put(state, line);
    if (!through() && !late) waiting = setTimeout(tell, PATIENCE, true);
  }

  const focused = () => root.getRootNode().activeElement;

  // ---- Steps ----

  function send(name, given = {}, more = false) {
    accepting = name === "accept";
    latest = `${family} ${(count += 1)}`;
    from = at;
    try {
      model.send({ n: latest, do: name, given, more, at });
    } catch {
      // Python has stopped: `tell` says so.
    }
    tell();
  }

  function step(name, given, more) {
    flush();
    send(name, given, more);
  }

  function takeBack() {
    step("undo");
  }

  function reload(keep) {
    flush();
    send("reload", { keep });
    card.focus();
  }

  function choose(field, value, yes) {
    if (field.kind === "one") return step("change", { claim: at, field: field.name, value });
    const now = here().values[field.name];
    const all = field.values.filter((other) => (other === value ? yes : now.includes(other)));
    if (field.name === "bears") return step("bear", { claim: at, propositions: all });
    step("change", { claim: at, field: field.name, value: all });
  }

  function given(field, input) {
    return field.kind === "ids" ? input.value.split(/[>,\s]+/).filter(Boolean) : input.value;
  }

  // Whether what was typed stays: it is not sent, or not answered, or was refused and can be mended.
  function kept(field, input) {
    return touched.has(input) || (input === edited && input === focused());
  }

  function later() {
    clearTimeout(typing);
    typing = setTimeout(flush, 500);
  }

  function flush() {
    clearTimeout(typing);
    typing = null;
    const [claim, mine] = [drawn.at, inputs.filter(({ input }) => touched.has(input))];
    touched = new Set();
    for (const { field, input } of mine) {
      const more = edited === input;
      edited = input;
      send("change", { claim, field: field.name, value: given(field, input) }, more);
    }
  }

  // The kernel has dealt with a step. After the last one the view follows it, unless it has been moved meanwhile.
  function dealt() {
    if (model.get("done") !== latest) return;
    if (!model.get("said")) closePanel();
    if (at === from) at = model.get("at");
    show();
    if (model.get("trouble")) return bring(warning);
    if (!model.get("said")) return;
    if (accepting && here().unreasoned && !here().reason && card.contains(focused())) own.click();
    const below = panel.firstChild ? panel : [sources, matter].find((part) => part.contains(focused())) ?? card;
    if (below !== card && focused().closest(".kit-free")) below.after(said); // the end of the list
    else below.before(said);
    bring(...(below === panel ? [panel, said] : [said]));
  }

  // ---- From claim to claim ----

  function go(id, stay = false) {
    if (!id || id === at) return;
    flush();
    closePanel();
    const inside = root.contains(focused());
    at = id;
    model.send({ do: "go", at }); // so that the next view of it starts there
    show();
    if (inside && !stay) card.focus();
  }

  function move(by) {
    const to = cards()[cards().indexOf(here()) + by];
    if (to) go(to.id);
  }

  function jump(wanted) {
    const now = cards().indexOf(here());
    const found = [...cards().slice(now + 1), ...cards().slice(0, now)].find(wanted);
    if (found) go(found.id);
  }

  // ---- Panels: where words are selected, by mouse, by Shift and the arrow keys, or by typing them ----

  let close = null;
  function openPanel(kind) {
    flush();
    const selection = document.getSelection(); // it goes when the focus moves
    const selected = top.contains(selection.anchorNode) ? String(selection).trim() : "";
    panel.replaceChildren(kind(selected));
    panel.querySelector("textarea").focus();
    close = focused();
  }

  function closePanel() {
    const inside = panel.contains(focused());
    panel.replaceChildren();
    close = null;
    if (inside) card.focus();
  }

  // A text to move in and select from, not to change. (One that is `readonly` shows no cursor.)
  function still(value, attributes) {
    const area = make("textarea", { rows: Math.min(6, Math.ceil(value.length / 60) + 1), "aria-readonly": "true",
      ...attributes });
    area.addEventListener("beforeinput", (event) => event.preventDefault());
    area.value = value;
    return area;
  }

  function form(title, done, ...inside) {
    const act = button(title, "", done);
    const cancel = button("Cancel", "", closePanel);
    const enter = (event) => {
      if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea, input")) {
        event.preventDefault();
        done();
      }
    };
    return make("div", { class: "kit-field kit-form", role: "group", "aria-label": title, onkeydown: enter },
      ...inside, make("div", { class: "kit-actions" }, act, cancel));
  }

  function splitPanel() {
    const claim = at;
    const whole = here().words;
    const cut = make("p", { id: uid("cut"), "aria-live": "polite" });
    const area = still(whole, { id: uid("split"), "aria-describedby": uid("cut") });
    const both = () => [whole.slice(0, area.selectionStart), whole.slice(area.selectionStart)];
    const preview = () => put(cut, `First: “${both()[0].trim()}”. Second: “${both()[1].trim()}”.`);
    for (const name of ["keyup", "mouseup", "select", "focus"]) area.addEventListener(name, preview);
    area.setSelectionRange(0, 0);
    const ask = "Put the cursor where the second claim begins (the arrow keys work), then press Enter.";
    return form("Split here", () => step("split", { claim, first: both()[0], second: both()[1] }),
      make("label", { for: uid("split") }, ask), area, cut);
  }

  function selector(unit, start) {
    const typed = make("input", { type: "text", id: uid("typed") });
    const area = still(unit.text, { id: uid("select") });
    const take = () => {
      if (area.selectionEnd > area.selectionStart) typed.value = area.value.slice(area.selectionStart, area.selectionEnd);
    };
    for (const name of ["keyup", "mouseup", "select"]) area.addEventListener(name, take);
    const from = start ? unit.text.indexOf(start) : -1;
    if (from >= 0) typed.value = start;
    area.setSelectionRange(Math.max(from, 0), from < 0 ? 0 : from + start.length);
    const ask = "Select its words (by mouse, or with Shift and the arrow keys), then press Enter.";
    return { typed, parts: [make("label", { for: uid("select") }, ask), area,
      make("label", { for: uid("typed") }, "Or type them, exactly as they stand there"), typed] };
  }

  function wordsPanel() {
    const claim = at;
    const { typed, parts } = selector(unitOf(here().unit), here().words);
    return form("Take these words", () => step("change", { claim, field: "quote", value: typed.value }), ...parts);
  }

  function addPanel(selected) {
    const box = make("div", { class: "kit-box" });
    let typed = null;
    const choice = make("select", { id: uid("unit"), onchange: () => fillBox("") });
    for (const unit of model.get("units")) {
      const short = unit.text.length > 60 ? `${unit.text.slice(0, 60)} …` : unit.text;
      choice.append(make("option", { value: unit.id }, `${unit.id}: ${short}`));
    }
    const fillBox = (start) => {
      const made = selector(unitOf(choice.value), start);
      typed = made.typed;
      box.replaceChildren(...made.parts);
    };
    choice.value = here().unit;
    fillBox(selected);
    return form("Add this claim", () => step("add", { unit: choice.value, quote: typed.value }),
      box, make("label", { for: uid("unit") }, "In another sentence?"), choice);
  }

  // ---- Sources ----

  let registered = "";
  function showSources() {
    const all = model.get("sources");
    const wanted = JSON.stringify([all, model.get("propositions")]);
    if (registered === wanted) return;
    registered = wanted;
    const accepts = () => [...register.querySelectorAll(".kit-accept")];
    const spot = register.contains(focused()) && focused().dataset.spot;
    const nth = accepts().indexOf(focused()); // one that was pressed goes, and the next one takes its place
    register.replaceChildren(make("ul", { class: "kit-sources" }, ...all.map(sourceRow)), newSource(),
      ...(all.length > 1 ? [joinSources(all)] : []));
    const again = () => register.querySelector(`[data-spot="${spot}"]`) ?? accepts()[nth] ?? sources.firstChild;
    if (spot !== false) again().focus();
  }

  function kindChoice(attributes, value) {
    const options = model.get("kinds").map((kind) => make("option", { value: kind, selected: kind === value }, kind));
    return make("select", attributes, ...options);
  }

  function sourceRow({ id, name, kind, accused, proposed, reply, on, mend }) {
    const change = (field, value) => step("change_source", { source: id, field, value });
    const named = make("input", { type: "text", value: name, "aria-label": `Name of ${id}`, "data-spot": `${id} name`,
      onchange: (event) => change("name", event.target.value) });
    const kinds = kindChoice({ "aria-label": `Kind of ${id}`, "data-spot": `${id} kind`,
      onchange: (event) => change("kind", event.target.value) }, kind);
    const box = make("input", { type: "checkbox", checked: accused, "data-spot": `${id} accused`,
      onchange: (event) => change("accused", event.target.checked) });
    const drop = button("Remove", "", () => step("remove_source", { source: id }));
    drop.setAttribute("aria-label", `Remove ${id}`);
    const parts = [make("b", {}, id), named, kinds, make("label", {}, box, " accused"), drop];
    if (proposed) {
      const yes = button(`Accept (${proposed})`, "", () => step("accept_source", { source: id }));
      yes.setAttribute("aria-label", `Accept ${id}, proposed: ${proposed}`);
      yes.classList.add("kit-accept");
      parts.push(yes);
    }
    if (accused || reply) parts.push(replyRow({ id, reply, on }));
    parts.push(...mend.map((fault) => make("small", { class: "kit-mind" }, fault)));
    return make("li", {}, ...parts);
  }

  // What the article tells of an accused party's answer, and on which propositions.
  function replyRow({ id, reply, on }) {
    const change = (field, value) => step("change_reply", { source: id, field, value });
    const told = make("select", { "aria-label": `Reply of ${id}`, "data-spot": `${id} reply`,
      onchange: (event) => change("reply", event.target.value) }, make("option", { value: "" }, "not noted"),
      ...model.get("replies").map((one) => make("option", { value: one, selected: one === reply }, one)));
    const boxes = !reply ? [] : model.get("propositions").map((row, n, all) => make("label", { title: row.text },
      make("input", { type: "checkbox", checked: on.includes(row.id), "data-spot": `${id} on ${row.id}`,
        onchange: (event) => change("on", all.map((one) => one.id).filter((one) => (one === row.id ? event.target.checked : on.includes(one)))) }),
      ` ${row.id}`));
    return make("span", { class: "kit-reply" }, " reply: ", told, ...(boxes.length ? [" on ", ...boxes] : []));
  }

  function newSource() {
    const name = make("input", { type: "text", id: uid("name"), "data-spot": "new name" });
    const kind = kindChoice({ "aria-label": "Kind of the new source", "data-spot": "new kind" }, "named");
    const act = button("Add a source", "", () => step("add_source", { name: name.value, kind: kind.value }));
    return make("p", { class: "kit-field kit-free" }, make("label", { for: uid("name") }, "New source"), name, kind, act);
  }

  // Two entries that are one: what names the first names the second then, and the first is gone.
  function joinSources(all) {
    const pick = (name) => make("select", { id: uid(name), "data-spot": name }, make("option", { value: "" }, "choose …"),
      ...all.map(({ id, name }) => make("option", { value: id }, `${id}: ${name}`)));
    const [goes, stays] = [pick("goes"), pick("stays")];
    const act = button("Join them", "", () => step("join_source", { source: goes.value, into: stays.value }));
    act.dataset.spot = "join";
    return make("p", { class: "kit-field kit-free" }, make("label", { for: uid("goes") }, "Join: this source"), goes,
      make("label", { for: uid("stays") }, "is the same as"), stays, act);
  }

  // ---- Keys: they work on what is in here, and nowhere else ----

  const keys = {
    a: accept, o: open, m: mend, p: previous, n: next, u: undo, s: split, j: join, k: like, w: words, c: add, r: remove,
    y: take, i: own,
  };
  const parts = { f: rare, e: sources, g: matter, t: text, l: overview };

  function key(event) {
    event.stopPropagation();
    const control = event.ctrlKey || event.metaKey;
    const aside = side.contains(event.target);
    if (event.key === "Escape" && (close || aside)) {
      event.preventDefault();
      aside ? card.focus() : closePanel();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === list) {
      event.preventDefault();
      card.focus();
    } else if (leave(event, root, model)) {
      flush();
    } else if (!event.target.matches(FREE) && !event.altKey && act(event.key.toLowerCase(), control, event.target)) {
      event.preventDefault();
    }
  }

  function act(name, control, target) {
    if (control) return name === "z" && (takeBack(), true);
    if (parts[name]) return reveal(parts[name]), true;
    const source = name === "a" && sources.contains(target) && target.closest("li")?.querySelector(".kit-accept");
    if (source) return source.click(), true;
    if (reason.contains(keys[name] ?? null) && (reason.hidden || keys[name].hidden)) return true;
    if (keys[name]) return keys[name].getAttribute("aria-disabled") !== "true" && keys[name].click(), true;
    return digit(name, target, card);
  }

  function reveal(details) {
    details.open = !details.open;
    if (details === text) return followArticle(); // it is to be seen, not to be filled in
    if (details.open) (details === overview ? list : details.querySelector("summary")).focus();
  }

  // After a restart of the kernel this view is dead: its copy to read takes its place, unless it lacks something.
  const cut = () => model.get("done") === latest || !latest ? root.classList.add("kit-cut") : tell(true);
  const names = ["cards", "fields", "units", "sources", "propositions", "matrix", "advice", "end", "progress", "said",
    "trouble", "note", "steps"];
  const watched = names.map((name) => `change:${name}`).join(" ");
  let due = false;
  // One message from the kernel changes many things: they are shown together.
  function refresh() {
    if (!due) queueMicrotask(() => ((due = false), show()));
    due = true;
  }
  show();
  const heard = { comm_live_update: cut, "change:done": dealt, [watched]: refresh };
  const detach = attach({ model, el, root, target: () => card, heard });
  return () => {
    flush();
    clearTimeout(waiting);
    detach();
  };
}

export default { render };
