// Slack's two ways to write words, as nodes: `mrkdwn`, and rich text. A link's address is http or https, or it is no link.

import { el } from "./dom.js";
import { channel, personName, store } from "./store.js";

const EMOJI = {
  wave: "👋", "+1": "👍", thumbsup: "👍", "-1": "👎", tada: "🎉", smile: "😄", heart: "❤️", eyes: "👀", fire: "🔥", sunny: "☀️",
  umbrella: "☔", cloud: "☁️", rocket: "🚀", white_check_mark: "✅", x: "❌", warning: "⚠️", thinking_face: "🤔", pray: "🙏",
  rainbow: "🌈", snowflake: "❄️", coffee: "☕", point_up: "☝️",
};
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const TOKEN = new RegExp(
  [
    "```(?<fence>[\\s\\S]+?)```",
    "`(?<code>[^`\\n]+)`",
    "<(?<marked>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<![\\w*])\\*(?<bold>\\S(?:[^*\\n]*\\S)?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>\\S(?:[^_\\n]*\\S)?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>\\S(?:[^~\\n]*\\S)?)~(?![\\w~])",
  ].join("|"),
  "g",
);

export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (found) => ENTITIES[found]);

/** Words as Slack shows them on one line, without markup: for previews and announcements. */
export function plain(text) {
  const box = el("div", {}, ...mrkdwn(text));
  return box.textContent.replace(/\s+/g, " ").trim();
}

export function mrkdwn(text) {
  const nodes = [];
  let quote = null;
  for (const line of splitLines(text)) {
    const quoted = /^&gt; ?/.exec(line);
    if (quoted && !quote) nodes.push((quote = el("blockquote")));
    if (!quoted && quote) quote = null;
    const parts = inline(quoted ? line.slice(quoted[0].length) : line);
    if (quote) quote.append(...(quote.childNodes.length ? ["\n"] : []), ...parts);
    else nodes.push(...(needsBreak(nodes) ? ["\n"] : []), ...parts);
  }
  return nodes;
}

const needsBreak = (nodes) => nodes.length > 0 && nodes.at(-1)?.tagName !== "BLOCKQUOTE";

/** Lines; those of a fenced block stay together. */
function splitLines(text) {
  return text.split(/(```[\s\S]+?```)/).flatMap((part, at) => (at % 2 ? [part] : part.split("\n"))).reduce(glue, []);
}

function glue(lines, part) {
  const last = lines.at(-1);
  if (part.startsWith("```") || last?.endsWith("```")) return [...lines.slice(0, -1), `${last ?? ""}${part}`];
  return [...lines, part];
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    const node = token(found.groups, found[0]);
    if (node === null) continue;
    nodes.push(unescape(text.slice(end, found.index)), node);
    end = found.index + found[0].length;
  }
  nodes.push(unescape(text.slice(end)));
  return nodes.filter((node) => node !== "");
}

function token({ fence, code, marked, emoji, bold, italic, strike }, whole) {
  if (fence) return el("pre", {}, unescape(fence.replace(/^\n|\n$/g, "")));
  if (code) return el("code", {}, unescape(code));
  if (marked) return mark(marked);
  if (emoji) return EMOJI[emoji] ?? null;
  if (bold) return el("strong", {}, ...inline(bold));
  if (italic) return el("em", {}, ...inline(italic));
  return strike ? el("s", {}, ...inline(strike)) : whole;
}

function mark(inner) {
  const [target, ...rest] = inner.split("|");
  const label = unescape(rest.join("|"));
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return el("span.mention", {}, `#${channel(target.slice(1))?.name ?? (label || target.slice(1))}`);
  if (target.startsWith("!date")) return label;
  if (target.startsWith("!")) return el("span.mention", {}, `@${label.replace(/^@/, "") || target.slice(1).split("^").at(-1)}`);
  return link(unescape(target), label || unescape(target).replace(/^mailto:/, ""));
}

function mention(id, label = "") {
  const name = personName(id);
  const mine = id === store.me ? ".mine" : "";
  return el(`span.mention${mine}`, {}, `@${name === id && label ? label : name}`);
}

export function link(address, label) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return label;
  }
  if (!["http:", "https:"].includes(url.protocol)) return label;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

// Rich text ---------------------------------------------------------------------------------------------------------

export function richText(block) {
  return (block.elements ?? []).map(richPart).filter((node) => node !== null);
}

function richPart(part) {
  const elements = part.elements ?? [];
  if (part.type === "rich_text_list") {
    const items = elements.map((item) => el("li", {}, ...styled(item.elements ?? [])));
    return el(part.style === "ordered" ? "ol.rich" : "ul.rich", {}, ...items);
  }
  if (part.type === "rich_text_quote") return el("blockquote", {}, ...styled(elements));
  if (part.type === "rich_text_preformatted") return el("pre", {}, ...styled(elements));
  return part.type === "rich_text_section" ? el("div", {}, ...styled(elements)) : null;
}

function styled(elements) {
  return elements.map((element) => {
    let node = richElement(element);
    const style = element.style ?? {};
    if (style.code) node = el("code", {}, node);
    if (style.strike) node = el("s", {}, node);
    if (style.italic) node = el("em", {}, node);
    if (style.bold) node = el("strong", {}, node);
    return node;
  });
}

function richElement(element) {
  switch (element.type) {
    case "text": return element.text ?? "";
    case "link": return link((element.url ?? "").replaceAll("&amp;", "&"), element.text || element.url || "");
    case "emoji": return EMOJI[element.name] ?? `:${element.name}:`;
    case "user": return mention(element.user_id ?? "");
    case "channel": return el("span.mention", {}, `#${channel(element.channel_id)?.name ?? element.channel_id}`);
    case "broadcast": return el("span.mention", {}, `@${element.range}`);
    case "date": return element.fallback ?? "";
    case "color": return element.value ?? "";
    default: return element.text ?? "";
  }
}
