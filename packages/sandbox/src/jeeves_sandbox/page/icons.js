// Small drawings, for not every machine has a font of them.

const NAMESPACE = "http://www.w3.org/2000/svg";
const PATHS = {
  reply: "M4 5.5A1.5 1.5 0 0 1 5.5 4h9A1.5 1.5 0 0 1 16 5.5v6a1.5 1.5 0 0 1-1.5 1.5H10l-3.5 3v-3h-1A1.5 1.5 0 0 1 4 11.5z",
  eye: "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  image: "M3.5 5A1.5 1.5 0 0 1 5 3.5h10A1.5 1.5 0 0 1 16.5 5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15zM4 14l3.5-3.5 3 3L13 11l3 3M7.2 7.5h.01",
  file: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5v3.5h3.5M10 9v5M7.8 12l2.2 2.2 2.2-2.2",
  close: "M5 5l10 10M15 5L5 15",
  bars: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  wire: "M3.5 7h12l-3-3M16.5 13h-12l3 3",
  bolt: "M11 3L5 11.5h4.5L9 17l6-8.5h-4.5z",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
};

/** An icon that says nothing to a screen reader: what it stands on has words. */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  const path = document.createElementNS(NAMESPACE, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `drawn icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Put icons where the page's file asks for them. */
export function drawIcons() {
  for (const place of document.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));
}
