// Block Kit as nodes: what Jeeves sends, and what Slack would show of it.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { tell } from "./store.js";
import { link, mrkdwn, richText } from "./text.js";
import { fill, words } from "./words.js";

/** `use(block, element, value)` when somebody presses or chooses. */
export function renderBlocks(blocks, use) {
  return blocks.map((block) => (RENDERED[block.type] ?? unknown)(block, use));
}

const text = (object) => (object?.type === "mrkdwn" ? mrkdwn(object.text ?? "") : [object?.text ?? ""]);
const unknown = (block) => el("p.block.unknown", {}, fill(words.unknownBlock, { type: String(block.type) }));

const RENDERED = {
  section(block, use) {
    const fields = (block.fields ?? []).map((field) => el("div.field", {}, ...text(field)));
    return el("div.block.section", {},
      el("div.section-words", {},
        block.text ? el("div.words", {}, ...text(block.text)) : null,
        fields.length ? el("div.fields", {}, ...fields) : null),
      block.accessory ? el("div.accessory", {}, element(block, block.accessory, use)) : null);
  },
  context: (block) => el("div.block.context", {}, ...(block.elements ?? []).map((part) =>
    (part.type === "image" ? picture(part) : el("span", {}, ...text(part))))),
  actions: (block, use) => el("div.block.actions", {}, ...(block.elements ?? []).map((part) => element(block, part, use))),
  header: (block) => el("p.block.header", {}, block.text?.text ?? ""),
  divider: () => el("hr.block"),
  image: (block) => el("div.block", {}, picture(block)),
  markdown: (block) => el("div.block.words", {}, block.text ?? ""),
  rich_text: (block) => el("div.block.words", {}, ...richText(block)),
  table,
};

function element(block, part, use) {
  if (part.type === "image") return picture(part);
  if (part.type === "button") return button(block, part, use);
  const options = (part.options ?? []).map((option) => ({
    label: option.text?.text ?? "", note: option.description?.text, value: option.value,
  }));
  if (part.type === "overflow") {
    const opener = el("button.icon.overflow", { type: "button", "aria-label": words.more }, icon("dots"));
    return menu(opener, words.more, options, (value) => use(block, part, value));
  }
  const label = part.placeholder?.text ?? words.choose;
  const opener = el("button.button.select", { type: "button" }, label);
  return menu(opener, label, options, (value) => use(block, part, value));
}

function button(block, part, use) {
  const style = ["primary", "danger"].includes(part.style) ? `.${part.style}` : "";
  const label = part.text?.text ?? "";
  const pressed = el(`button.button${style}`, { type: "button", onclick: async () => {
    pressed.disabled = true;
    await use(block, part, undefined);
    pressed.disabled = false;
    const target = part.url ? link(part.url, "") : "";
    if (target.href) window.open(target.href, "_blank", "noopener,noreferrer");
  } }, label);
  return pressed;
}

/** Where the sandbox has a file of Jeeves's. */
export const fileUrl = (id) => `/sandbox/file/${encodeURIComponent(id)}`;

/** Pictures that were uploaded are here. Others come from elsewhere, and this page asks nobody elsewhere: their words, and a link. */
function picture(part) {
  if (part.slack_file) {
    const drawn = () => tell("drawn"); // only now it takes its room
    return el("img.picture", { src: fileUrl(part.slack_file.id), alt: part.alt_text ?? "", onload: drawn, onerror: drawn });
  }
  if ((part.image_url ?? "").startsWith("data:image/")) {
    return el("img.picture", { src: part.image_url, alt: part.alt_text ?? "" });
  }
  return el("span.picture-words", {}, icon("image"), part.title?.text ?? part.alt_text ?? words.image, " ",
    link(part.image_url ?? "", words.openImage));
}

function table(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const align = (at) => block.column_settings?.[at]?.align;
  const cell = (tag) => (one, at) => {
    const side = ["center", "right"].includes(align(at)) ? `.${align(at)}` : "";
    return el(`${tag}${side}`, tag === "th" ? { scope: "col" } : {}, ...(one.type === "rich_text" ? richText(one) : [one.text ?? ""]));
  };
  return el("div.block.table-box", { tabindex: "0", role: "group", "aria-label": words.table },
    el("table", {},
      el("thead", {}, el("tr", {}, ...head.map(cell("th")))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell("td")))))));
}
