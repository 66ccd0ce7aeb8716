// Lists of messages: those of a conversation, and those of a thread.

import * as api from "./api.js";
import { fileUrl, renderBlocks } from "./blocks.js";
import { arrange, el, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { isReply, personName, repliesTo, statusOf, store, tell } from "./store.js";
import { mrkdwn, plain, unescape } from "./text.js";
import * as times from "./times.js";
import { count, fill, size, words } from "./words.js";

const TOGETHER = 300; // seconds within which messages of one person stand together

/** Show posts in a list. `open(ts)` opens a thread; without it they are a thread's own. */
export function showPosts(list, posts, open) {
  const kept = list.keptNodes ?? new Map();
  const nodes = [];
  let previous = null;
  let day = "";
  for (const post of posts) {
    const newDay = day !== times.day(post.ts);
    day = times.day(post.ts);
    if (newDay && open) nodes.push(node(kept, `day ${day}`, () => el("li.day", {}, el("span", {}, day))));
    const together = !newDay && isTogether(previous, post);
    const replies = open && !isReply(post) ? repliesTo(post.channel, post.ts) : [];
    const status = open ? statusOf(post.channel, post.ts) : "";
    const signature = JSON.stringify([post, together, replies.map((reply) => reply.ts), status, store.me]);
    nodes.push(node(kept, signature, () => message(post, together, { replies, status, open })));
    previous = replies.length || status ? null : post;
  }
  list.keptNodes = new Map(nodes.map((one) => [one.signature, one]));
  arrange(list, nodes);
}

function node(kept, signature, make) {
  const found = kept.get(signature) ?? make();
  found.signature = signature;
  return found;
}

const isTogether = (previous, post) => previous && previous.user === post.user && previous.ephemeral === post.ephemeral
  && Number(post.ts) - Number(previous.ts) < TOGETHER && isReply(previous) === isReply(post);

function message(post, together, { replies, status, open }) {
  const name = personName(post.user);
  const stamp = el("time", { datetime: new Date(Number(post.ts) * 1000).toISOString(), title: times.long(post.ts) }, times.clock(post.ts));
  const who = el("div.who", {}, el("span.name", {}, name), post.bot_id ? el("span.app-mark", {}, words.app) : null, stamp);
  const classes = [together ? ".together" : "", post.ephemeral ? ".ephemeral" : ""].join("");
  return el(`li.message${classes}`, { "data-ts": post.ts },
    together ? el("span.gutter", {}, stamp.cloneNode(true)) : avatar(post.user),
    el("div.body", {},
      together ? unseen(name) : who,
      post.ephemeral ? el("p.only-you", {}, icon("eye"), words.onlyYou) : null,
      el("div.content", {}, ...content(post)),
      open ? threadLine(post, replies, status, open) : null),
    open && !post.ephemeral && !isReply(post)
      ? el("button.icon.reply", { type: "button", "aria-label": words.reply, title: words.reply, onclick: () => open(post.ts) }, icon("reply"))
      : null);
}

function content(post) {
  const edited = post.edited ? [el("span.edited", {}, ` ${words.edited}`)] : [];
  const files = (post.files ?? []).map(file);
  if (!post.blocks?.length) {
    return [...(post.text || !files.length ? [el("div.block.words", {}, ...mrkdwn(post.text ?? ""), ...edited)] : []), ...files];
  }
  return [...renderBlocks(post.blocks, (block, element, value) => use(post, block, element, value)), ...edited, ...files];
}

/** A file to keep. */
function file(one) {
  return el("a.block.file", { href: fileUrl(one.id), download: one.name }, icon("file"),
    el("span.file-name", {}, one.name), el("span.file-size", {}, size(one.size)));
}

async function use(post, block, element, value) {
  const used = { channel: post.channel, ts: post.ts, block_id: block.block_id, action_id: element.action_id, value: value ?? null };
  try {
    const { taken } = await api.press(store.me, used);
    if (!taken) tell("say", words.notTaken);
  } catch (error) {
    tell("say", error.detail ?? words.failed);
  }
}

/** Below a message: what its thread holds, and what Jeeves does there. */
function threadLine(post, replies, status, open) {
  if (!replies.length && !status) return null;
  const last = replies.at(-1);
  const counted = count(words.replies, replies.length);
  return el("div.thread-line", {},
    replies.length ? el("button.thread-open", { type: "button", onclick: () => open(post.ts) },
      ...[...new Set(replies.map((reply) => reply.user))].slice(0, 3).map((user) => avatar(user, "small")),
      el("strong", {}, counted),
      el("span.preview", {}, preview(last))) : null,
    status ? statusLine(status) : null);
}

export const statusLine = (status) => el("span.status", {}, el("span.typing", { "aria-hidden": "true" }, el("i"), el("i"), el("i")),
  fill(words.isDoing, { name: store.bot.name, status: unescape(status) }));

export const preview = (post) => plain(post.text || (post.blocks ?? []).map((block) => block.text?.text ?? "").join(" ")
  || (post.files ?? []).map((one) => one.name).join(", "));

export function avatar(user, size = "") {
  if (user === store.bot.id) {
    return el(`img.avatar${size ? `.${size}` : ""}`, { src: "/sandbox/files/jeeves.svg", alt: "" });
  }
  const at = store.people.findIndex((person) => person.id === user);
  return el(`span.avatar.tint-${(at + 5) % 5}${size ? `.${size}` : ""}`, { "aria-hidden": "true" }, personName(user).slice(0, 1));
}
