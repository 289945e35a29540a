// A select with search, for one option or many. The trigger is a combobox; the list opens beside it.

import { fill, h, icon } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { t } from "./i18n.js";
import { popover } from "./popover.js";

const SEARCH_FROM = 8; // fewer options need no search field
const word = (object) => withEmoji(object?.text || "");

let serial = 0;

export function select({ el, marks, ctx, groups, options, many, start, onChange }) {
  let picked = options.filter((one) => start.some((chosen) => chosen.value === one.value));
  const trigger = h("button.select", {
    type: "button", id: ctx.id || false, role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-labelledby": ctx.labelled || false, "aria-describedby": ctx.described || false, "aria-label": ctx.labelled ? false : word(el.placeholder) || t("choose"),
    ...marks,
    onClick: () => (trigger.getAttribute("aria-expanded") === "true" ? null : openList()),
    onKeydown: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      openList();
    },
  });
  const node = h("div.select-box", {}, trigger);
  const draw = () => {
    fill(trigger, h("span.select-word", { class: picked.length ? "" : "is-placeholder" },
      picked.length && many ? picked.map((one) => h("span.chip", {}, word(one.text))) : word(picked[0]?.text) || word(el.placeholder) || t("choose")),
    icon("chevron", 16));
  };
  const set = async (next) => {
    const before = picked;
    picked = next;
    draw();
    if ((await onChange(next)) === false) {
      picked = before;
      draw();
    }
  };
  const openList = () => {
    const list = listbox({ groups, options, many, picked: () => picked, toggle: (option) => {
      if (many) return set(picked.includes(option) ? picked.filter((one) => one !== option) : [...picked, option]);
      over.close();
      trigger.focus();
      return set([option]);
    }, done: () => {
      over.close();
      trigger.focus();
    } });
    trigger.setAttribute("aria-expanded", "true");
    const over = popover(trigger, list.node, { matchWidth: true, onClose: () => trigger.setAttribute("aria-expanded", "false") });
    list.focus();
  };
  draw();
  return node;
}

function listbox({ groups, options, many, picked, toggle, done }) {
  const id = `list-${(serial += 1)}`;
  const searches = options.length >= SEARCH_FROM;
  const rows = h("div.options", { id, role: "listbox", "aria-multiselectable": many ? "true" : false, "aria-label": t("choose"), tabindex: searches ? false : 0 });
  const field = h("input.text-input.option-search", {
    type: "text", placeholder: t("search"), "aria-label": t("search"), role: "combobox", "aria-expanded": "true", "aria-controls": id, autocomplete: "off",
    onInput: () => {
      at = 0;
      draw();
    },
  });
  let shown = options;
  let at = Math.max(0, options.indexOf(picked()[0]));

  const row = (option) => {
    const index = shown.indexOf(option);
    const on = picked().includes(option);
    return h("div.option", {
      id: `${id}-${index}`, role: "option", "aria-selected": String(on), "data-value": option.value, class: index === at ? "is-active" : "",
      onPointermove: () => index !== at && ((at = index), mark()),
      onClick: () => choose(index),
    }, h("span.option-mark", {}, on && icon("check", 16)), h("span.menu-text", {}, word(option.text), option.description && h("small", {}, word(option.description))));
  };
  const draw = () => {
    const wanted = field.value.trim().toLowerCase();
    shown = options.filter((one) => word(one.text).toLowerCase().includes(wanted));
    const body = groups
      ? groups.map((group) => [h("div.option-group", {}, word(group.label)), group.options.filter((one) => shown.includes(one)).map(row)])
      : shown.map(row);
    fill(rows, shown.length ? body : h("div.option-none", {}, t("none")));
    mark();
  };
  const mark = () => {
    for (const node of rows.querySelectorAll(".option")) node.classList.toggle("is-active", node.id === `${id}-${at}`);
    const active = rows.querySelector(".is-active");
    active?.scrollIntoView({ block: "nearest" });
    (searches ? field : rows).setAttribute("aria-activedescendant", active?.id || "");
  };
  const choose = (index) => {
    if (!shown[index]) return;
    toggle(shown[index]);
    if (many) draw();
  };
  const onKeydown = (event) => {
    const last = shown.length - 1;
    const to = { ArrowDown: Math.min(last, at + 1), ArrowUp: Math.max(0, at - 1), Home: 0, End: last }[event.key];
    if (event.key === "Enter" || (event.key === " " && !searches)) choose(at);
    else if (event.key === "Tab") done();
    else if (to !== undefined) {
      at = to;
      mark();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  draw();
  return { node: h("div.select-list", { onKeydown }, searches && field, rows), focus: () => (searches ? field : rows).focus() };
}
