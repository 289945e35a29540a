// What lies above the page: small menus at an anchor, and dialogs that ask. Both give the focus back.

import { append, focusable, h, icon } from "./dom.js";
import { t } from "./i18n.js";

const overlays = () => document.getElementById("overlays");
let open = null; // the one menu that may be open

export const closeMenu = () => open?.close();
export const menuIsOpen = () => open !== null;

// Puts `content` beside `anchor`; returns {close}. A click elsewhere, Esc, or scrolling the page closes it.
export function popover(anchor, content, { onClose = () => {}, matchWidth = false, label = "" } = {}) {
  closeMenu();
  const node = h("div.popover", { "data-testid": "popover", "aria-label": label || false, role: label ? "group" : false }, content);
  overlays().append(node);
  const rule = () => place(node, anchor, matchWidth);
  rule();
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (!node.contains(event.target)) rule();
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    anchor.focus();
  };
  const close = () => {
    if (open?.node !== node) return;
    open = null;
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", scrolled, true);
    document.removeEventListener("keydown", escape, true);
    window.removeEventListener("resize", close);
    onClose();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  document.addEventListener("keydown", escape, true);
  window.addEventListener("resize", close);
  open = { node, close };
  return { node, close, place: rule };
}

function place(node, anchor, matchWidth) {
  const box = anchor.getBoundingClientRect();
  if (matchWidth) node.style.setProperty("width", `${Math.max(box.width, 240)}px`);
  const { offsetWidth: width, offsetHeight: height } = node;
  const below = window.innerHeight - box.bottom;
  const above = below < height + 12 && box.top > below; // held at its lower edge there: it may shrink while one searches
  const left = Math.max(8, Math.min(box.left, window.innerWidth - width - 8));
  node.style.setProperty("top", above ? "auto" : `${Math.min(box.bottom + 4, Math.max(8, window.innerHeight - height - 8))}px`);
  node.style.setProperty("bottom", above ? `${window.innerHeight - box.top + 4}px` : "auto");
  node.style.setProperty("left", `${left}px`);
}

// A menu of rows {label, icon, danger, run}; arrow keys walk, Enter chooses.
export function menu(anchor, rows, label) {
  const list = h("div.menu", { role: "menu", "aria-label": label, onKeydown: (event) => walk(event, list) }, rows.map((row) =>
    h("button.menu-row", {
      type: "button", role: "menuitem", tabindex: -1, class: row.danger ? "is-danger" : "", "data-value": row.value,
      onClick: () => {
        closeMenu();
        anchor.focus();
        row.run();
      },
    }, row.icon && icon(row.icon, 18), h("span.menu-text", {}, row.label, row.description && h("small", {}, row.description)))));
  anchor.setAttribute("aria-expanded", "true");
  popover(anchor, list, { onClose: () => anchor.setAttribute("aria-expanded", "false") });
  list.firstChild?.focus();
}

function walk(event, list) {
  const rows = [...list.children];
  const at = rows.indexOf(document.activeElement);
  const to = { ArrowDown: (at + 1) % rows.length, ArrowUp: (at - 1 + rows.length) % rows.length, Home: 0, End: rows.length - 1 }[event.key];
  if (event.key === "Tab") closeMenu();
  if (to === undefined) return;
  event.preventDefault();
  rows[to].focus();
}

// Keeps Tab inside; used by every dialog.
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const stops = focusable(root);
  if (!stops.length) return;
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge && root.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

// Asks; resolves to true or false. `text` may be a string or nodes.
export function confirmDialog({ title, text, yes, no, danger = false }) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const done = (sure) => {
      veil.remove();
      before?.isConnected && before.focus();
      resolve(sure);
    };
    const yesButton = h(`button.button.${danger ? "button-danger" : "button-primary"}`, { type: "button", "data-testid": "confirm-yes", onClick: () => done(true) }, yes);
    const box = h("div.dialog.dialog-small", {
      role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", "data-testid": "confirm",
      onKeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") done(false);
        trapTab(event, box);
      },
    },
    h("div.dialog-head", {}, h("h2.dialog-title", { id: "confirm-title" }, title),
      h("button.icon-button", { type: "button", "aria-label": t("close"), onClick: () => done(false) }, icon("close"))),
    h("div.dialog-body", { id: "confirm-text" }, append(h("div.prose"), text)),
    h("div.dialog-foot", {}, h("button.button", { type: "button", "data-testid": "confirm-no", onClick: () => done(false) }, no), yesButton));
    const veil = h("div.veil.veil-confirm", { onPointerdown: (event) => event.target === veil && done(false) }, box);
    overlays().append(veil);
    yesButton.focus();
  });
}

// A picture as large as the window allows, with its words below; Esc, the button or a click beside it closes it.
export function lightbox(source, words) {
  const before = document.activeElement;
  const done = () => {
    veil.remove();
    before?.isConnected && before.focus();
  };
  const close = h("button.icon-button", { type: "button", "aria-label": t("close"), "data-testid": "lightbox-close", onClick: done }, icon("close"));
  const box = h("figure.lightbox", {
    role: "dialog", "aria-modal": "true", "aria-label": words, "data-testid": "lightbox",
    onKeydown: (event) => {
      event.stopPropagation();
      if (event.key === "Escape") done();
      trapTab(event, box);
    },
  }, close, h("img", { src: source, alt: words }), h("figcaption", { "aria-hidden": "true" }, words));
  const veil = h("div.veil.veil-confirm", { onPointerdown: (event) => event.target === veil && done() }, box);
  overlays().append(veil);
  close.focus();
}
