// The box in which people say things, and what helps a newcomer to begin.

import * as api from "./api.js";
import { el, newId } from "./dom.js";
import { channel, placeName, store, tell } from "./store.js";
import { fill, tries, words } from "./words.js";

const isCalled = (text) => new RegExp(`(^|\\W)${words.mention}(?!\\w)`, "i").test(text);

/** Fill a form; `where()` tells the conversation and the thread. Returns what keeps it up to date. */
export function composer(form, { id, where, label }) {
  const box = el("textarea", { id, rows: "1", maxlength: "12000", enterkeyhint: "send" });
  const hint = el("p.hint", { id: newId("hint") });
  const wrong = el("p.wrong", { role: "alert", hidden: true });
  const caption = el("label.unseen", { for: id });
  const call = el("button.chip", { type: "button", onclick: callJeeves }, words.mention);
  const send = el("button.button.primary.send", { type: "submit" }, words.send);
  const row = el("div.try-row", { role: "group", "aria-label": words.tryMore });
  box.setAttribute("aria-describedby", hint.id);
  form.append(row, el("div.box", {}, caption, box, el("div.box-foot", {}, call, hint, send)), wrong);

  box.addEventListener("input", refresh);
  box.addEventListener("keydown", (event) => {
    if (["Tab", "Enter"].includes(event.key) && !event.shiftKey && !event.isComposing && begun()) {
      event.preventDefault();
      callJeeves();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value;
    if (!text.trim()) return;
    if (text.trimStart().startsWith("/")) {
      complain(words.slash);
      return;
    }
    box.value = "";
    refresh();
    if (!(await say(text))) box.value = text;
    refresh();
  });

  /** The "@", "@j", … before the caret in a channel, of which a key makes a mention; "" where none is. */
  function begun() {
    if (channel(where().place)?.direct || box.selectionStart !== box.selectionEnd) return "";
    const word = /(?:^|\s)(@\w*)$/.exec(box.value.slice(0, box.selectionStart))?.[1].toLowerCase() ?? "";
    const whole = words.mention.toLowerCase();
    return word !== whole && whole.startsWith(word) ? word : "";
  }

  function callJeeves() {
    const word = begun();
    const end = box.selectionStart;
    if (word) box.setRangeText(`${words.mention} `, end - word.length, end, "end");
    else if (!isCalled(box.value)) box.setRangeText(`${words.mention} `, 0, 0);
    if (!word) box.setSelectionRange(box.value.length, box.value.length);
    box.focus();
    refresh();
  }

  async function say(text) {
    const { place, thread } = where();
    complain("");
    try {
      const { ts } = await api.say(store.me, place, thread, text);
      tell("said", { place, thread, ts });
      return true;
    } catch (error) {
      complain(error.detail ?? words.failed);
      return false;
    }
  }

  function complain(text) {
    wrong.textContent = text;
    wrong.hidden = !text;
  }

  function refresh() {
    const { place, thread } = where();
    const direct = channel(place)?.direct;
    box.style.height = ""; // a style set by script is no inline style of the page: the policy lets it be
    box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
    const needed = !direct && !isCalled(box.value);
    call.hidden = !needed;
    hint.textContent = begun() ? words.completes : needed ? words.mentionHint : words.keys;
    form.classList.toggle("plain", !needed);
    hint.classList.toggle("nudge", needed && Boolean(box.value.trim()));
    send.disabled = !box.value.trim();
    const name = thread ? words.sayThread : direct ? words.sayTo : fill(words.sayIn, { place: placeName(place) });
    caption.textContent = label ?? name;
    box.placeholder = name;
    showTries(thread, direct);
  }

  function showTries(thread, direct) {
    const chips = thread ? [] : tries;
    const wanted = `${direct} ${chips.length}`;
    if (row.dataset.wanted === wanted) return;
    row.dataset.wanted = wanted;
    row.replaceChildren(...chips.map((text) =>
      el("button.chip", { type: "button", onclick: () => say(direct ? text : `${words.mention} ${text}`) }, text)));
    row.hidden = !chips.length;
  }

  refresh();
  return { refresh, forgive: () => complain(""), focus: () => box.focus({ preventScroll: true }) };
}
