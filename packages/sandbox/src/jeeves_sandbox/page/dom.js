// Elements are made here, and nowhere from text that is markup: words go in as text nodes.

/** el("p.note", {id: "x", onclick: f}, "words", node) */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key in node && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Give a list these nodes in this order, and leave those alone that stand right already (so that focus stays). */
export function arrange(list, nodes) {
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
  while (list.children.length > nodes.length) list.lastElementChild.remove();
}

/** Words that only a screen reader says. */
export function unseen(words) {
  return el("span.unseen", {}, words);
}

let numbers = 0;
export function newId(prefix) {
  numbers += 1;
  return `${prefix}-${numbers}`;
}
