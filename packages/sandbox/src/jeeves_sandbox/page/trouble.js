// What Slack does on a bad day: single calls that go wrong, darkness, slowness.

import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { store, tell } from "./store.js";
import { fill, words } from "./words.js";

const WITH = { limited: "seconds", refused: "code" };
let parts = null;

export function makeTrouble() {
  const dark = el("input", { type: "checkbox", id: "dark", role: "switch", onchange: () => set({ dark: dark.checked }) });
  const slow = el("input", { type: "number", id: "slow", min: "0", max: "30", step: "0.5", value: "0",
    onchange: () => slow.reportValidity() && set({ slow: Number(slow.value) }) });
  const method = el("select", { id: "method" });
  const kind = el("select", { id: "kind", onchange: () => showExtras() },
    ...Object.entries(words.kinds).map(([value, label]) => el("option", { value }, label)));
  const times = el("input", { type: "number", id: "times", min: "1", max: "50", value: "1" });
  const seconds = el("input", { type: "number", id: "seconds", min: "0", max: "3600", value: "5" });
  const code = el("input", { type: "text", id: "code", value: "channel_not_found", pattern: "[a-z0-9_]{1,80}" });
  const list = el("ul.pending");
  const last = el("p.hint");
  const calm = el("button.button", { type: "button", onclick: () => set({ calm: true }) }, words.calm);
  const extras = { seconds: field(words.seconds, seconds), code: field(words.code, code) };
  parts = { dark, slow, method, list, last, calm };
  setInterval(() => store.panel === "trouble" && showLast(), 1000);

  const form = el("form.card", { onsubmit: async (event) => {
    event.preventDefault();
    await ask(() => api.trouble({ method: method.value, kind: kind.value, times: Number(times.value),
      seconds: Number(seconds.value), code: code.value }));
  } }, el("h2", {}, words.nextCalls), field(words.method, method), field(words.kind, kind), extras.seconds, extras.code,
  field(words.times, times), el("button.button.primary", { type: "submit" }, words.makeIt));

  function showExtras() {
    for (const [name, row] of Object.entries(extras)) {
      row.hidden = WITH[kind.value] !== name;
      row.querySelector("input").disabled = row.hidden; // what is not shown is not checked either
    }
  }
  showExtras();

  byId("trouble").append(el("div.scroller.troubles", { tabindex: "0", role: "group", "aria-label": words.trouble },
    el("div.card", {},
      el("div.switch-row", {}, el("label", { for: "dark" }, words.dark, el("span.hint", {}, words.darkHint)), dark),
      el("div.switch-row", {}, el("label", { for: "slow" }, words.slow, el("span.hint", {}, words.slowHint)), slow)),
    form,
    el("div.card", {}, el("h2", {}, words.pending), list, last, calm)));
}

export function showTrouble() {
  const { dark, slow, pending } = store.trouble;
  const wrong = dark || slow > 0 || pending.length > 0;
  byId("trouble-mark").hidden = !wrong;
  byId("trouble-mark").textContent = wrong ? String(pending.reduce((sum, one) => sum + one.times, Number(dark) + Number(slow > 0))) : "";
  parts.dark.checked = dark;
  if (document.activeElement !== parts.slow) parts.slow.value = String(slow);
  if (!parts.method.options.length) {
    const methods = [...store.methods].sort((a, b) => Number(b.startsWith("chat.post")) - Number(a.startsWith("chat.post")));
    parts.method.append(...["*", ...methods].map((name) => el("option", { value: name }, name === "*" ? words.anyMethod : name)));
    parts.method.value = "chat.postMessage";
  }
  const lines = [dark ? words.isDark : "", slow > 0 ? fill(words.isSlow, { slow }) : "",
    ...pending.map((one) => fill(words.pendingLine, one))].filter(Boolean);
  parts.list.replaceChildren(...(wrong ? lines.map((line) => el("li", {}, line)) : [el("li.none", {}, words.noPending)]));
  parts.calm.disabled = !wrong;
  showLast();
}

/** What went wrong last, and how long ago; what is over for an hour is not told. */
function showLast() {
  const { last } = store.trouble;
  const seconds = last ? Math.max(0, Math.floor((Date.now() - Date.parse(last.at)) / 1000)) : Infinity;
  parts.last.hidden = seconds > 3600;
  if (parts.last.hidden) return;
  const ago = seconds < 2 ? words.now : seconds < 60 ? fill(words.ago.seconds, { n: seconds })
    : fill(words.ago.minutes, { n: Math.floor(seconds / 60) });
  parts.last.textContent = fill(words.lastLine, { ...last, ago });
}

const set = (how) => ask(() => api.weather(how));

async function ask(call) {
  try {
    store.trouble = await call();
    showTrouble();
  } catch (error) {
    tell("say", error.detail ?? words.failed);
  }
}

const field = (label, input) => el("div.field-row", {}, el("label", { for: input.id }, label), input);
