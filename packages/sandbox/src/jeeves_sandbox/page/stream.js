// Live: server-sent events, which the browser takes up again by itself from the last one that it got.

import * as api from "./api.js";
import { key, store, tell } from "./store.js";

const RETRY = 1500; // milliseconds
const STATUS = 120_000; // milliseconds that Slack shows a status at most
const fading = new Map();
let source = null;

const handlers = {
  posted: (post) => {
    store.posts.set(key(post), post);
    tell("posted", post);
  },
  changed: (post) => {
    store.posts.set(key(post), post);
    tell("posts");
  },
  gone: (post) => {
    store.posts.delete(key(post));
    tell("posts");
  },
  status: ({ channel, thread, status }) => {
    const where = `${channel}/${thread}`;
    clearTimeout(fading.get(where));
    if (status) {
      store.statuses.set(where, status);
      fading.set(where, setTimeout(() => handlers.status({ channel, thread, status: "" }), STATUS));
    } else store.statuses.delete(where);
    tell("posts");
  },
  entry: (entry) => {
    store.entries = [entry, ...store.entries.slice(0, 499)];
    tell("entry", entry);
  },
  trouble: (trouble) => {
    store.trouble = trouble;
    tell("trouble");
  },
  reached: ({ taken }) => tell("reached", taken),
};

/** Follow what happens, from `store.last` on. `anew` loads everything again, and follows that. */
export function follow(anew) {
  source?.close();
  const mine = new EventSource(api.streamUrl(store.me, store.last));
  source = mine;
  mine.addEventListener("open", () => tell("live", "live"));
  mine.addEventListener("reset", anew);
  for (const [kind, handle] of Object.entries(handlers)) {
    mine.addEventListener(kind, (event) => {
      store.last = event.lastEventId;
      handle(JSON.parse(event.data));
    });
  }
  mine.addEventListener("error", () => {
    if (source !== mine) return;
    tell("live", mine.readyState === EventSource.CLOSED ? "gone" : "lost");
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => source === mine && comeBack(mine, anew), RETRY);
  });
}

/** The server refused the stream: it is another run. Get its session, and begin again. */
async function comeBack(mine, anew) {
  try {
    await api.knock();
    await anew();
  } catch {
    setTimeout(() => source === mine && comeBack(mine, anew), RETRY);
  }
}
