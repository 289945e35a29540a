// Elements without a framework. `h("button.primary", {onClick, "aria-label": …}, child, …)`.
// Text only ever becomes a text node: nothing a person or a bot wrote is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props || {})) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    node.addEventListener(name.slice(2).toLowerCase(), value);
  } else if (name === "class") {
    node.className = [node.className, value].filter(Boolean).join(" ");
  } else if (name === "style") {
    for (const [rule, to] of Object.entries(value)) node.style.setProperty(rule, to);
  } else if (name === "value" || name === "checked" || name === "disabled" || name === "indeterminate") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

// Line icons on a 20 × 20 grid, drawn for this page.
const PATHS = {
  hash: "M7.5 3.5 6 16.500M14 3.500l-1.5 13M3.5 7.500h13.500M3 12.500h13.5",
  lock: "M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  home: "M3.5 9.5 10 3.500l6.5 6v7h-4.500v-4.500H8v4.500H3.500z",
  chat: "M3.5 4.500h13v9H9l-3.5 3v-3h-2z",
  info: "M10 9v4.500M10 6.200v.1M10 17.500a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  send: "M3.5 3.5 17 10 3.5 16.5 5.5 10zM5.5 10H11",
  sun: "M10 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.800v1.700M10 16.500v1.700M1.8 10h1.700M16.5 10h1.700M4.2 4.200l1.2 1.200M14.6 14.600l1.2 1.200M15.8 4.200l-1.2 1.200M5.4 14.600l-1.2 1.2",
  moon: "M16.5 11.800A6.8 6.8 0 1 1 8.2 3.500a5.4 5.4 0 0 0 8.3 8.300z",
  restart: "M4 10a6 6 0 1 0 2-4.500M6.5 2.500V6H10",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600z",
  reply: "M3.5 4.500h13v9H11l-3.5 3v-3h-4zM7 8h6M7 10.800h3.5",
  more: "M10 4.500v.1M10 10v.1M10 15.500v.1",
  trash: "M4 5.500h12M8 5.500v-2h4v2M5.5 5.500l.8 11h7.400l.8-11M8.5 8.500v5M11.5 8.500v5",
  chevron: "M5.5 8l4.5 4.500L14.5 8",
  check: "M4 10.500l4 4 8-9",
  play: "M6 4l10 6-10 6z",
  clock: "M10 5.800V10l2.8 2M10 17.500a7.5 7.500 0 1 0 0-15 7.5 7.500 0 0 0 0 15z",
  key: "M8.200 11.800a3.500 3.500 0 1 1 0-.1M8.200 11.800 16.500 3.500M13 7l2.500 2.500",
  warn: "M10 3 1.8 17h16.400zM10 8v4.500M10 14.600v.1",
  bold: "M6 3.500h4.500a3 3 0 0 1 0 6H6zM6 9.500h5.200a3.4 3.4 0 0 1 0 7H6z",
  italic: "M8.5 3.500h6M5.5 16.500h6M11.5 3.500l-3 13",
  strike: "M3 10h14M14 6.500c-.4-2-2-3-4-3s-4 1-4 3c0 1.5 1 2.6 2.5 3.200M6 13.500c.4 2 2 3 4 3s4-1 4-3c0-.8-.2-1.4-.6-1.9",
  code: "M7 5.5 2.5 10 7 14.500M13 5.500l4.5 4.5-4.5 4.5",
  pre: "M3.5 3.500h13v13h-13zM7 8l2 2-2 2M11 12.500h2.5",
  copy: "M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7",
  plus: "M10 4v12M4 10h12",
  file: "M5 2.500h6.500L15 6v11.500H5zM11.5 2.500V6H15",
};

export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 20 20", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": name === "more" ? 2.6 : 1.6, "stroke-linecap": "round", "stroke-linejoin": "round",
    "aria-hidden": "true", class: `icon icon-${name}`,
  })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] || "");
  svg.append(path);
  return svg;
}

export function spinner(label) {
  return h("span.spinner", { role: "img", "aria-label": label, "data-testid": "spinner" });
}

// A round-cornered square with initials; the bot gets a drawn face instead.
export function avatar(who, size = "") {
  const node = h("span.avatar", { class: size && `avatar-${size}`, "aria-hidden": "true" });
  if (who.bot) return append(node, botFace(node));
  if (who.color) node.style.setProperty("background", who.color);
  return append(node, who.initials || initialsOf(who.name));
}

function botFace(node) {
  node.classList.add("avatar-bot");
  const svg = icon("", 20);
  svg.setAttribute("viewBox", "0 0 36 36");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("stroke-width", "2.6");
  svg.lastChild.setAttribute(
    "d",
    "M10 13.500h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM18 13.500V9M18 8.300v.1M14 18.500v1.200M22 18.500v1.200M14.5 23h7",
  );
  return svg;
}

export function initialsOf(name = "") {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map((part) => part[0].toUpperCase()).join("");
}

const FOCUSABLE =
  "a[href],button:not([disabled]),input:not([disabled]),textarea:not([disabled]),select:not([disabled]),[tabindex='0']";

export function focusable(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.getClientRects().length > 0);
}
