// What the page knows: the workspace as one person sees it. Whoever shows some of it subscribes.

const listeners = new Set();

export const store = {
  run: "", me: "", bot: { id: "", name: "Jeeves" }, people: [], channels: [], posts: new Map(), statuses: new Map(),
  entries: [], methods: [], trouble: { dark: false, slow: 0, pending: [], last: null }, last: "",
  place: "", panel: null, thread: null, ready: false,
};

export function subscribe(listener) {
  listeners.add(listener);
}

/** Let everybody show what has changed; `what` names it. */
export function tell(what, detail) {
  for (const listener of listeners) listener(what, detail);
}

export function take(found) {
  Object.assign(store, {
    run: found.last.split("-")[0], me: found.me, bot: found.bot, people: found.people, channels: found.channels,
    methods: found.methods, trouble: found.trouble, last: found.last, entries: found.entries.reverse(), ready: true,
  });
  store.posts = new Map(found.posts.map((post) => [key(post), post]));
  store.statuses = new Map(found.statuses.map((one) => [`${one.channel}/${one.thread}`, one.status]));
}

export const key = (post) => `${post.channel}/${post.ts}`;
export const channel = (id) => store.channels.find((one) => one.id === id);
export const direct = () => store.channels.find((one) => one.direct);
export const me = () => store.people.find((one) => one.id === store.me);
export const statusOf = (place, thread) => store.statuses.get(`${place}/${thread}`) ?? "";
export const isReply = (post) => Boolean(post.thread_ts) && post.thread_ts !== post.ts;

export function personName(id) {
  if (id === store.bot.id) return store.bot.name;
  return store.people.find((one) => one.id === id)?.name ?? id;
}

export function placeName(id) {
  const found = channel(id);
  if (!found) return id;
  return found.direct ? found.name : `#${found.name}`;
}

export function postsIn(place) {
  return [...store.posts.values()].filter((post) => post.channel === place).sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** What stands at the top level of a conversation, with those replies whose root is not known. */
export function topOf(place) {
  return postsIn(place).filter((post) => !isReply(post) || !store.posts.has(`${place}/${post.thread_ts}`));
}

export function repliesTo(place, root) {
  return postsIn(place).filter((post) => isReply(post) && post.thread_ts === root);
}

// What was read, by person and conversation; kept for this run, in this browser.
const readKey = () => `jeeves-sandbox-read-${store.run}-${store.me}`;

export function readUpTo(place) {
  return JSON.parse(localStorage.getItem(readKey()) ?? "{}")[place] ?? "0";
}

export function markRead(place) {
  const newest = postsIn(place).at(-1)?.ts;
  if (!newest || newest <= readUpTo(place)) return;
  const all = JSON.parse(localStorage.getItem(readKey()) ?? "{}");
  localStorage.setItem(readKey(), JSON.stringify({ ...all, [place]: newest }));
}

export function unreadIn(place) {
  const upTo = readUpTo(place);
  return postsIn(place).filter((post) => post.ts > upTo && post.user !== store.me).length;
}

export function forgetOtherRuns() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("jeeves-sandbox-read-") && !name.startsWith(`jeeves-sandbox-read-${store.run}-`)) {
      localStorage.removeItem(name);
    }
  }
}
