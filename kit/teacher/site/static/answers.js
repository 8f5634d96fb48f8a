// How far a page is, read from its text as `kit.progress()` reads it (kit/setup/progress.py): nothing is run.

// What `source` assigns last to `name`: {dict: [[key, value], …]}, {list: […]}, {text: "…"} or {holds: whether it is
// an answer}; null where it assigns nothing.
export function valueOf(source, name) {
  const tokens = tokensOf(source);
  let found = null;
  for (let at = 0; at < tokens.length; at++) {
    const begins = at === 0 || tokens[at - 1].end;
    if (!begins || tokens[at].word !== name || tokens[at + 1]?.sign !== "=" || tokens[at].indented) continue;
    let until = at + 2;
    while (until < tokens.length && !tokens[until].end) until++;
    found = expression(tokens.slice(at + 2, until));
  }
  return found;
}

// For each line of a question, whether its answer holds something; one without lines has one.
export function filled(source, question) {
  const value = valueOf(source, question.name), asked = question.lines;
  if (value?.dict?.length) {
    const held = new Map(value.dict.map(([key, part]) => [key, holds(part)]));
    return (asked.length ? asked : [...held.keys()]).map((line) => held.get(line) ?? false);
  }
  return Array(Math.max(asked.length, 1)).fill(value !== null && holds(value));
}

// The source that answers a question: of the cell meant for it, else of the last of one's own that assigns its name.
export function answerOf(notebook, name) {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code").map((cell) => ({
    kit: cell.metadata.kit ?? {}, source: [].concat(cell.source).join(""),
  }));
  const meant = cells.filter(({ kit }) => kit.role === "answer" && kit.question === name);
  const own = cells.filter(({ kit, source }) => !kit.role && valueOf(source, name) !== null);
  const answer = meant.find(({ source }) => valueOf(source, name) !== null) ?? (own.length ? own : meant).at(-1);
  return answer?.source ?? "";
}

function holds(value) {
  if (value.list) return value.list.length > 0 && value.list.every(holds);
  if (value.dict) return value.dict.length > 0 && value.dict.every(([, part]) => holds(part));
  return value.text === undefined ? value.holds : value.text.trim() !== "";
}

const PIECE = /(#[^\n]*)|([rbuf]{0,2})("""|'''|["'“”„‘’])|(\.\.\.)|(\w+(?:\.\d*)?)|(\\\n)|(\n)|([^\S\n]+)|([=!<>]=|.)/giy;
const CLOSES = { "“": /[”“"]/, "”": /[”“"]/, "„": /[”“"]/, "‘": /[’‘']/, "’": /[’‘']/ };

// Words, signs and texts; after each statement a token with `end`.
function tokensOf(source) {
  const tokens = [];
  let depth = 0, start = true, indented = false, whole = true;
  PIECE.lastIndex = 0;
  for (let found; (found = PIECE.exec(source)); ) {
    const [piece, comment, , quote, dots, word, joined, line, blank, sign] = found;
    if (comment || joined) continue;
    if (blank) { indented ||= start; continue; }
    if (line) {
      if (!depth) { tokens.push({ end: true }); [start, indented] = [true, false]; }
      continue;
    }
    start = false;
    if (quote) {
      const said = text(source, quote, found[2]);
      whole &&= said !== null;
      tokens.push({ text: said ?? "" });
    }
    else if (dots) tokens.push({ dots: true });
    else if (word) tokens.push({ word: piece, indented });
    else if (sign === ";" && !depth) tokens.push({ end: true });
    else {
      depth += "([{".includes(sign) - ")]}".includes(sign);
      tokens.push({ sign });
    }
  }
  tokens.push({ end: true });
  return whole && !depth ? tokens : []; // else Python cannot read it
}

// The text that begins where the last piece ended, or null where it does not end; the next piece begins behind it.
function text(source, quote, prefix) {
  let at = PIECE.lastIndex, found = "";
  const closes = (place) => CLOSES[quote] ? CLOSES[quote].test(source[place]) : source.startsWith(quote, place);
  while (at < source.length && !closes(at) && (source[at] !== "\n" || quote.length > 1)) {
    if (source[at] === "\\") found += /r/i.test(prefix) ? source[at++] : (at++, "");
    found += source[at++] ?? "";
  }
  PIECE.lastIndex = at + quote.length;
  return at < source.length && source[at] !== "\n" ? found : null;
}

function expression(tokens) {
  let at = 0;
  function items(close) {
    const parts = [];
    while (at < tokens.length && tokens[at].sign !== close) {
      const part = one([",", ":", close]);
      if (tokens[at]?.sign === ":") { at++; parts.push([key(part), one([",", close])]); }
      else parts.push(part);
      if (tokens[at]?.sign === ",") at++;
    }
    at++;
    return parts;
  }
  function one(stops) {
    const from = at, token = tokens[at++];
    let made;
    if (token.text !== undefined) {
      made = { text: token.text };
      while (tokens[at]?.text !== undefined) made.text += tokens[at++].text;
    } else if (token.sign === "{") made = { dict: items("}") };
    else if (token.sign === "[") made = { list: items("]") };
    else if (token.sign === "(") {
      const comma = at;
      const parts = items(")");
      made = parts.length === 1 && !tokens.slice(comma, at - 1).some((one) => one.sign === ",") ? parts[0] : { list: parts };
    }
    if (made?.dict && !made.dict.every((pair) => Array.isArray(pair))) made = undefined; // a set
    if (made && (at >= tokens.length || stops.includes(tokens[at].sign))) return made;
    let depth = 0;
    for (at = from; at < tokens.length && (depth || !stops.includes(tokens[at].sign)); at++) {
      depth += "([{".includes(tokens[at].sign) - ")]}".includes(tokens[at].sign);
    }
    const whole = tokens.slice(from, at);
    return { holds: whole.length > 0 && !whole.some((one) => one.dots) && !(whole.length === 1 && whole[0].word === "None") };
  }
  return tokens.length ? one([]) : null;
}

function key(part) {
  return part.text ?? "";
}
