// Interactive elements. Each returns its node; a press goes through its confirm dialog first.

import { h, icon, spinner } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { t } from "./i18n.js";
import { plain } from "./mrkdwn.js";
import { followUrl } from "./navigate.js";
import { confirmDialog, menu } from "./popover.js";
import { select } from "./select.js";

export const wordOf = (object) => withEmoji(object?.text || "");

const KINDS = {
  button, overflow, static_select: selectOne, multi_static_select: selectMany, checkboxes: (...all) => choices("checkbox", ...all),
  radio_buttons: (...all) => choices("radio", ...all), plain_text_input: textInput, email_text_input: textInput,
  url_text_input: textInput, number_input: textInput,
};

export function element(el, block, ctx) {
  const kind = KINDS[el?.type];
  return kind ? kind(el, block, ctx) : h("span.block-unknown", {}, t("unknownBlock", el?.type));
}

const base = (el, block) => ({ block_id: block.block_id, action_id: el.action_id, type: el.type });
const marks = (el, block) => ({ "data-action-id": el.action_id, "data-block-id": block.block_id });

async function confirmed(confirm) {
  if (!confirm) return true;
  return confirmDialog({
    title: wordOf(confirm.title), text: plain(confirm.text), danger: confirm.style === "danger",
    yes: wordOf(confirm.confirm) || t("ok"), no: wordOf(confirm.deny) || t("cancel"),
  });
}

// Keeps a chosen value, and tells the app at once unless the element is an input that waits for the submission.
async function chosen(el, block, ctx, value) {
  const dispatches = !ctx.inInput || block.dispatch_action;
  if (dispatches && !(await confirmed(el.confirm))) return false;
  ctx.keep?.(block.block_id, el.action_id, { type: el.type, ...value });
  if (dispatches) await ctx.press({ ...base(el, block), ...value });
  return true;
}

function button(el, block, ctx) {
  let busy = false;
  const press = async () => {
    if (busy || !(await confirmed(el.confirm))) return;
    busy = true;
    node.classList.add("is-busy");
    node.setAttribute("aria-busy", "true");
    node.append(spinner(t("sending")));
    if (el.url) followUrl(el.url);
    await ctx.press({ ...base(el, block), ...(el.value === undefined ? {} : { value: el.value }) });
    busy = false;
    node.classList.remove("is-busy");
    node.removeAttribute("aria-busy");
    node.querySelector(".spinner")?.remove();
  };
  const node = h("button.button", {
    type: "button", class: { primary: "button-primary", danger: "button-danger" }[el.style] || "", "data-action-id": el.action_id,
    "aria-label": el.accessibility_label || false, title: el.url && !el.url.startsWith("slack://") ? el.url : false, onClick: press,
  }, h("span.button-word", {}, plain({ ...el.text, type: "plain_text" })));
  return node;
}

function overflow(el, block, ctx) {
  const node = h("button.button.button-icon", {
    type: "button", "data-action-id": el.action_id, "aria-label": t("moreOptions"), "aria-haspopup": "menu", "aria-expanded": "false",
    onClick: () => menu(node, el.options.map((option) => ({
      label: wordOf(option.text), description: wordOf(option.description), value: option.value,
      run: async () => {
        if (!(await confirmed(el.confirm))) return;
        if (option.url) followUrl(option.url);
        ctx.press({ ...base(el, block), selected_option: option });
      },
    })), t("moreOptions")),
  }, icon("more"));
  return node;
}

const optionsOf = (el) => el.options || (el.option_groups || []).flatMap((group) => group.options);

function selectOne(el, block, ctx) {
  const kept = ctx.kept?.(block.block_id, el.action_id);
  const start = kept ? kept.selected_option : el.initial_option;
  ctx.keep?.(block.block_id, el.action_id, { type: el.type, selected_option: start || null });
  return select({
    el, marks: marks(el, block), ctx, groups: el.option_groups, options: optionsOf(el), many: false, start: start ? [start] : [],
    onChange: ([option]) => chosen(el, block, ctx, { selected_option: option || null }),
  });
}

function selectMany(el, block, ctx) {
  const kept = ctx.kept?.(block.block_id, el.action_id);
  const start = kept ? kept.selected_options : el.initial_options || [];
  ctx.keep?.(block.block_id, el.action_id, { type: el.type, selected_options: start });
  return select({
    el, marks: marks(el, block), ctx, groups: el.option_groups, options: optionsOf(el), many: true, start,
    onChange: (options) => chosen(el, block, ctx, { selected_options: options }),
  });
}

let groups = 0;

function choices(kind, el, block, ctx) {
  const many = kind === "checkbox";
  const key = many ? "selected_options" : "selected_option";
  const kept = ctx.kept?.(block.block_id, el.action_id);
  const start = [kept ? kept[key] : el.initial_options || el.initial_option].flat().filter(Boolean).map((one) => one.value);
  const name = `group-${(groups += 1)}`;
  const boxes = el.options.map((option) => h("input", {
    type: kind, name, value: option.value, checked: start.includes(option.value), "data-action-id": el.action_id, onChange: () => change(),
  }));
  const value = () => {
    const picked = el.options.filter((_, index) => boxes[index].checked);
    return { [key]: many ? picked : picked[0] || null };
  };
  let last = boxes.map((box) => box.checked);
  const change = async () => {
    if (await chosen(el, block, ctx, value())) last = boxes.map((box) => box.checked);
    else boxes.forEach((box, index) => (box.checked = last[index]));
  };
  ctx.keep?.(block.block_id, el.action_id, { type: el.type, ...value() });
  return h("div.choices", {
    role: many ? "group" : "radiogroup", "data-block-id": block.block_id, "aria-labelledby": ctx.labelled || false, "aria-describedby": ctx.described || false,
  }, el.options.map((option, index) => h("label.choice", {}, boxes[index],
    h("span.choice-text", {}, h("span.prose", {}, plain(option.text)), option.description && h("small.prose", {}, plain(option.description))))));
}

const triggersOf = (el) => el.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];

export const sentByEnter = (block) => block.dispatch_action && KINDS[block.element?.type] === textInput && !block.element.multiline
  && triggersOf(block.element).includes("on_enter_pressed");

const INPUT_TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text" };

function textInput(el, block, ctx) {
  const kept = ctx.kept?.(block.block_id, el.action_id);
  const start = (kept ? kept.value : el.initial_value) || "";
  let busy = false;
  const keep = () => ctx.keep?.(block.block_id, el.action_id, { type: el.type, value: node.value || null });
  const tell = () => block.dispatch_action && ctx.press({ ...base(el, block), value: node.value });
  const enter = async () => {
    if (busy) return;
    busy = true;
    await tell();
    busy = false;
  };
  const node = h(el.multiline ? "textarea.text-input" : "input.text-input", {
    id: ctx.id, type: el.multiline ? false : INPUT_TYPES[el.type] || "text", rows: el.multiline ? 4 : false, value: start,
    placeholder: wordOf(el.placeholder) || false, autocomplete: "off", "aria-describedby": ctx.described || false, ...marks(el, block),
    onInput: () => {
      keep();
      if (triggersOf(el).includes("on_character_entered")) tell();
    },
    onKeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || !block.dispatch_action || el.multiline) return;
      event.preventDefault();
      if (sentByEnter(block)) enter();
    },
  });
  keep();
  if (el.focus_on_load) node.dataset.focusOnLoad = "yes";
  return node;
}
