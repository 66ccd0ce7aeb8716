// The conversations, with what is unread in them, and who one is.

import { byId, el } from "./dom.js";
import { avatar } from "./messages.js";
import { me, store, unreadIn } from "./store.js";
import * as times from "./times.js";
import { fill, words } from "./words.js";

/** `go(place)` opens a conversation, `become(person)` makes one somebody else. */
export function showSidebar(go, become) {
  const seen = store.channels.map((one) => ({ ...one, unread: one.id === store.place ? 0 : unreadIn(one.id) }));
  byId("unread-elsewhere").hidden = !seen.some((one) => one.unread);
  show("direct", seen.filter((one) => one.direct), (one) => placeNode(one, go));
  show("channels", seen.filter((one) => !one.direct), (one) => placeNode(one, go));
  show("people", store.people, (one) => personNode(one, become));
  const mine = me();
  byId("me-now").replaceChildren(...(mine ? [avatar(mine.id, "small"), el("span", {}, mine.name)] : []));
}

/** Fill a list anew where something in it has changed, and leave the focus where it was. */
function show(id, things, make) {
  const list = byId(id);
  const signature = JSON.stringify([things, store.me, store.place, Math.floor(Date.now() / 60000)]);
  if (list.signature === signature) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
  list.signature = signature;
  list.replaceChildren(...things.map(make));
  if (focused) list.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
}

function placeNode(place, go) {
  const mark = place.direct ? avatar(store.bot.id, "small") : el("span.mark", { "aria-hidden": "true" }, "#");
  const { unread } = place;
  const attributes = { type: "button", value: place.id, onclick: () => go(place.id), "aria-current": place.id === store.place ? "page" : null };
  return el("li", {}, el(`button.place${unread ? ".unread" : ""}`, attributes, mark, el("span.place-label", {}, place.name),
    unread ? el("span.count", { "aria-label": fill(words.unread, { n: unread }) }, String(unread)) : null));
}

function personNode(person, become) {
  const choice = el("input", {
    type: "radio", name: "person", value: person.id, checked: person.id === store.me, onchange: () => become(person.id),
  });
  return el("label.person", {}, choice, avatar(person.id),
    el("span.person-words", {}, el("strong", {}, person.name, person.admin ? [" ", el("span.admin", {}, words.admin)] : null),
      el("span.person-place", {}, times.hereIn(person))));
}
