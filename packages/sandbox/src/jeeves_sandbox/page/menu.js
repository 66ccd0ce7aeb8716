// A button that opens a menu: Slack's select and its ⋯. Arrow keys, Home, End, first letters and Escape work.

import { el, newId } from "./dom.js";

let open = null; // closes what is open

document.addEventListener("pointerdown", (event) => {
  if (open && !event.target.closest(".menu-box")) open();
});

/** `options`: [{label, note, value}]; `choose(value)` when one is chosen. */
export function menu(button, label, options, choose) {
  const list = el("div.menu", { role: "menu", id: newId("menu"), "aria-label": label, hidden: true });
  const items = options.map((option) =>
    el("button.menu-item", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => take(option) },
      el("span", {}, option.label), option.note ? el("span.menu-note", {}, option.note) : null));
  list.append(...items);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", list.id);

  function show(at) {
    open?.();
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    open = () => hide(false);
    place(list, button);
    items.at(at)?.focus();
  }
  function hide(focus = true) {
    list.hidden = true;
    open = null;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  }
  function take(option) {
    hide();
    choose(option.value);
  }
  function move(event) {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape") hide();
    else if (event.key === "Tab") return hide(false);
    else if (event.key.length === 1 && event.key !== " ") {
      const next = [...items.slice(at + 1), ...items].find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
      next?.focus();
    } else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }

  button.addEventListener("click", () => (list.hidden ? show(0) : hide()));
  button.addEventListener("keydown", (event) => {
    if (!list.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    show(event.key === "ArrowUp" ? -1 : 0);
  });
  list.addEventListener("keydown", move);
  return el("span.menu-box", {}, button, list);
}

/** Above the button where there is no room below it, and to the left where there is none to the right. */
function place(list, button) {
  list.classList.remove("above", "left");
  const room = button.closest(".scroller")?.getBoundingClientRect() ?? document.body.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  if (box.bottom > room.bottom && button.getBoundingClientRect().top - room.top > box.height) list.classList.add("above");
  if (box.right > room.right) list.classList.add("left");
}
