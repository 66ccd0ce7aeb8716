// What Jeeves and the workspace said to each other.

import * as api from "./api.js";
import { arrange, byId, el } from "./dom.js";
import { store } from "./store.js";
import * as times from "./times.js";
import { words } from "./words.js";

const filter = { text: "", way: "" };

export function makeProtocol() {
  const input = el("input", { type: "search", id: "filter", placeholder: words.filterHint, oninput: () => {
    filter.text = input.value.toLowerCase();
    showProtocol();
  } });
  const ways = el("select", { "aria-label": words.allWays, onchange: () => {
    filter.way = ways.value;
    showProtocol();
  } }, ...[["", words.allWays], ["to_jeeves", words.toJeeves], ["to_slack", words.toSlack]].map(([value, label]) =>
    el("option", { value }, label)));
  byId("protocol").append(
    el("div.filters", {}, el("label.unseen", { for: "filter" }, words.filter), input, ways),
    el("div.scroller", { tabindex: "0", role: "group", "aria-label": words.protocol },
      el("ol.entries", { id: "entries" }), el("p.empty", { id: "no-entries" })));
}

export function showProtocol() {
  const found = store.entries.filter(fits);
  const list = byId("entries");
  const kept = list.keptNodes ?? new Map();
  list.keptNodes = new Map(found.map((entry) => [entry.number, kept.get(entry.number) ?? line(entry)]));
  arrange(list, [...list.keptNodes.values()]);
  byId("no-entries").hidden = found.length > 0;
  byId("no-entries").textContent = store.entries.length ? words.noMatch : words.noEntries;
}

const told = (entry) => `${entry.what} ${entry.status || words.waits} ${entry.note} ${entry.gist}`.toLowerCase();
const fits = (entry) => (!filter.way || entry.way === filter.way) && told(entry).includes(filter.text);

function line(entry) {
  const toJeeves = entry.way === "to_jeeves";
  const body = el("div.entry-body");
  const details = el("details.entry", { ontoggle: () => details.open && !body.hasChildNodes() && fillBody(entry, body) },
    el("summary", {},
      el(`span.way.${toJeeves ? "in" : "out"}`, {}, toJeeves ? words.toJeeves : words.toSlack),
      el("strong.what", {}, entry.what),
      el("span.gist", {}, entry.gist),
      el(`span.code${entry.ok ? "" : ".bad"}`, {}, entry.status ? String(entry.status) : words.waits),
      el("span.spent", {}, entry.milliseconds === null ? "" : `${entry.milliseconds} ms`),
      el("time", { datetime: entry.at }, times.exact(entry.at)),
      entry.note ? el("span.note", {}, entry.note) : null),
    body);
  return el("li", {}, details);
}

async function fillBody(entry, body) {
  try {
    const whole = await api.entry(entry.number);
    body.replaceChildren(
      ...(Object.keys(whole.headers).length ? part(words.headers, whole.headers) : []),
      ...part(words.sent, whole.sent), ...part(words.answered, whole.answered));
  } catch {
    body.replaceChildren(el("p", {}, words.forgotten));
  }
}

function part(title, value) {
  const text = value === null || value === undefined ? words.nothing
    : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return [el("p.caption", {}, title), el("pre", { tabindex: "0", role: "group", "aria-label": title }, text)];
}
