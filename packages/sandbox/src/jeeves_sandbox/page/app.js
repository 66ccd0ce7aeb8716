// The page: what is shown where, and where the way leads. Everything else is in the modules that it names.

import * as api from "./api.js";
import { composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { drawIcons } from "./icons.js";
import { preview, showPosts, statusLine } from "./messages.js";
import { makeProtocol, showProtocol } from "./protocol.js";
import { showSidebar } from "./sidebar.js";
import { channel, direct, forgetOtherRuns, isReply, markRead, me, personName, placeName, repliesTo, statusOf, store, subscribe, take,
  tell, topOf } from "./store.js";
import { follow } from "./stream.js";
import { makeTrouble, showTrouble } from "./trouble.js";
import { count, fill, words } from "./words.js";

const WIDE = matchMedia("(min-width: 70rem)"); // where a thread has room beside its conversation
const NARROW = matchMedia("(max-width: 52rem)"); // where the list of conversations is a drawer
const PANELS = ["protocol", "trouble"];
const NEAR = 120; // pixels from the end that count as being there

// Where one is: #/conversation, #/conversation/thread, #/conversation/protocol --------------------------------------

function readPlace() {
  const [, place, panel] = location.hash.split("/").map(decodeURIComponent);
  store.place = channel(place) ? place : direct().id;
  store.panel = PANELS.includes(panel) ? panel : panel ? "thread" : null;
  store.thread = store.panel === "thread" ? panel : null;
  if (store.panel === "thread" && !store.posts.has(`${store.place}/${store.thread}`)) store.panel = store.thread = null;
  if (!location.hash && location.pathname.endsWith("/protocol")) store.panel = "protocol";
}

let calm = false; // the next move leaves the focus where it is

function go(place, panel = "") {
  const hash = `#/${encodeURIComponent(place)}${panel ? `/${encodeURIComponent(panel)}` : ""}`;
  if (location.hash === hash) moved();
  else location.hash = hash;
}

function moved() {
  const before = { place: store.place, panel: store.panel, thread: store.thread };
  readPlace();
  closeSidebar(false);
  show();
  if (store.place !== before.place) toEnd(byId("scroller"));
  if (store.thread && store.thread !== before.thread) toEnd(byId("thread-scroller"));
  if (calm) calm = false;
  else if (store.panel && (store.panel !== before.panel || store.thread !== before.thread)) focusPanel();
  else if (!store.panel) focusBox();
}

// Showing -----------------------------------------------------------------------------------------------------------

function show() {
  if (!store.ready) return;
  const found = channel(store.place);
  document.title = `${placeName(store.place)} · Jeeves sandbox`;
  byId("place-name").textContent = placeName(store.place);
  byId("place-topic").textContent = found.topic;
  keepAtEnd(byId("scroller"), () => {
    const posts = topOf(store.place);
    showPosts(byId("messages"), posts, (ts) => go(store.place, ts));
    byId("welcome").replaceChildren(el("img", { src: "/sandbox/files/jeeves.svg", alt: "", width: "72", height: "72" }),
      el("h2", {}, words.tryTitle), el("p", {}, found.direct ? words.tryDirect : words.tryChannel));
    byId("welcome").hidden = posts.length > 0;
  });
  showPanel();
  if (!document.hidden) markRead(store.place);
  showSidebar(go, become);
  boxes.main.refresh();
}

function showPanel() {
  byId("panel").hidden = !store.panel;
  byId("app").classList.toggle("with-panel", Boolean(store.panel));
  for (const name of ["thread", ...PANELS]) byId(name).hidden = store.panel !== name;
  for (const button of document.querySelectorAll("[data-panel]")) {
    button.setAttribute("aria-expanded", String(button.dataset.panel === store.panel));
  }
  if (store.panel === "thread") showThread();
  if (store.panel === "protocol") showProtocol();
  if (!store.panel) return;
  byId("panel-title").ariaLevel = WIDE.matches ? "2" : "1"; // alone on the page, it is its heading
  const replies = store.thread ? repliesTo(store.place, store.thread).length : 0;
  byId("panel-title").textContent = words[store.panel];
  byId("panel-topic").textContent = store.thread
    ? `${placeName(store.place)} · ${replies ? count(words.replies, replies) : words.noReplies}` : words[`${store.panel}Topic`];
}

function showThread() {
  const root = store.posts.get(`${store.place}/${store.thread}`);
  keepAtEnd(byId("thread-scroller"), () => {
    showPosts(byId("thread-messages"), [root, ...repliesTo(store.place, store.thread)], null);
    const status = statusOf(store.place, store.thread);
    byId("thread-status").hidden = !status;
    byId("thread-status").replaceChildren(...(status ? [statusLine(status)] : []));
  });
  boxes.thread.refresh();
}

const toEnd = (box) => box.scrollTo({ top: box.scrollHeight });
const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;

function keepAtEnd(box, change) {
  const before = isAtEnd(box);
  change();
  box.follows = before;
  if (before) toEnd(box);
}

/** A picture has got its room: who was at the end stays there. */
function onDrawn() {
  for (const box of [byId("scroller"), byId("thread-scroller")]) if (box.follows) toEnd(box);
}

// What happens ------------------------------------------------------------------------------------------------------

let spoken = null; // what was said last here, whose thread opens by itself once Jeeves answers in it

function onPosted(post) {
  const away = post.channel === store.place && !isReply(post) && !isAtEnd(byId("scroller")) && post.user !== store.me;
  show();
  byId("newer").hidden = !away && byId("newer").hidden;
  const mine = spoken && post.channel === spoken.place && post.thread_ts === spoken.ts && post.user !== store.me;
  if (mine && WIDE.matches && store.panel === null && store.place === spoken.place) {
    calm = true; // somebody may be typing on
    go(store.place, spoken.ts);
  }
  if (post.user === store.me) return;
  const said = fill(words.says, { name: personName(post.user), place: placeName(post.channel), text: preview(post) });
  byId("announcer").append(el("p", {}, said));
  if (byId("announcer").children.length > 20) byId("announcer").firstElementChild.remove();
}

function banner(text, { lasting = false } = {}) {
  const box = byId("banner");
  clearTimeout(box.timer);
  box.textContent = text;
  box.hidden = !text;
  if (text && !lasting) box.timer = setTimeout(() => banner(""), 8000);
}

const unsay = (text) => byId("banner").textContent === text && banner("");

let anew = false; // the run is another one than that of which the page knew

const reactions = {
  posted: onPosted,
  posts: show,
  drawn: onDrawn,
  entry: () => store.panel === "protocol" && showProtocol(),
  trouble: showTrouble,
  reached: (taken) => (taken ? unsay(words.unreached) : banner(words.unreached, { lasting: true })),
  say: (text) => banner(text),
  said: (what) => {
    unsay(words.newRun);
    spoken = what.thread ? spoken : what;
    toEnd(byId(what.thread ? "thread-scroller" : "scroller"));
  },
  live: (state) => {
    byId("live").textContent = { live: words.live, lost: words.lost, gone: words.lost }[state];
    byId("live").dataset.state = state;
    if (state !== "lost") banner(state === "gone" ? words.gone : anew ? words.newRun : "", { lasting: true });
    if (state !== "live") return;
    anew = false;
    boxes.main.forgive();
    boxes.thread.forgive();
  },
};

// Focus, drawer, person ---------------------------------------------------------------------------------------------

function focusPanel() {
  if (store.panel === "thread" && !NARROW.matches) boxes.thread.focus();
  else byId("panel-title").focus({ preventScroll: true });
}

function focusBox() {
  if (!NARROW.matches) boxes.main.focus(); // on a phone the keyboard would rise
}

function openSidebar() {
  byId("app").classList.add("sidebar-open");
  byId("open-sidebar").setAttribute("aria-expanded", "true");
  byId("sidebar").querySelector("[aria-current]")?.focus();
}

function closeSidebar(focus = true) {
  if (!byId("app").classList.contains("sidebar-open")) return;
  byId("app").classList.remove("sidebar-open");
  byId("open-sidebar").setAttribute("aria-expanded", "false");
  if (focus) byId("open-sidebar").focus();
}

async function become(person) {
  const wasDirect = channel(store.place)?.direct;
  sessionStorage.setItem("jeeves-sandbox-person", person);
  await load(person);
  calm = true; // arrows go on to the next person
  go(wasDirect ? direct().id : store.place);
}

async function load(person = store.me || sessionStorage.getItem("jeeves-sandbox-person")) {
  let found;
  try {
    found = await api.state(person);
  } catch (error) {
    if (error.status !== 422) throw error;
    found = await api.state(""); // nobody of that name is here any more
  }
  const before = store.run;
  take(found);
  anew ||= Boolean(before) && store.run !== before;
  forgetOtherRuns();
  follow(() => load());
  readPlace();
  show();
  showTrouble();
  byId("app").removeAttribute("data-loading");
}

// Making it ---------------------------------------------------------------------------------------------------------

const boxes = {
  main: composer(byId("composer"), { id: "say", where: () => ({ place: store.place, thread: null }) }),
  thread: composer(byId("thread-composer"), {
    id: "say-thread", where: () => ({ place: store.place, thread: store.thread }), label: words.sayThread,
  }),
};
drawIcons();
makeProtocol();
makeTrouble();
subscribe((what, detail) => reactions[what]?.(detail));
WIDE.addEventListener("change", () => show());
addEventListener("hashchange", () => store.ready && moved());
document.addEventListener("visibilitychange", () => store.ready && show());
setInterval(() => store.ready && !document.hidden && showSidebar(go, become), 30000); // clocks
byId("open-sidebar").addEventListener("click", openSidebar);
byId("close-sidebar").addEventListener("click", () => closeSidebar());
byId("app").addEventListener("click", (event) => event.target === byId("app") && closeSidebar()); // the shade beside it
byId("main").addEventListener("focusin", () => closeSidebar(false)); // who has tabbed out of it is done with it
byId("close-panel").addEventListener("click", () => go(store.place));
byId("newer").addEventListener("click", () => toEnd(byId("scroller")));
for (const box of [byId("scroller"), byId("thread-scroller")]) {
  box.addEventListener("scroll", () => { box.follows = isAtEnd(box); });
}
byId("scroller").addEventListener("scroll", () => {
  if (isAtEnd(byId("scroller"))) byId("newer").hidden = true;
});
for (const button of document.querySelectorAll("[data-panel]")) {
  button.addEventListener("click", () => go(store.place, button.dataset.panel === store.panel ? "" : button.dataset.panel));
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (byId("app").classList.contains("sidebar-open")) closeSidebar();
  else if (store.panel) go(store.place);
});
load().then(() => {
  toEnd(byId("scroller"));
  focusBox();
}, () => tell("live", "gone"));
