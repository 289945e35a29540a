// The stack of modals. Each view keeps its node and what was typed while another lies on it or the app updates it.

import { renderBlocks } from "./blocks.js";
import { fill, focusable, h, icon, spinner } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { errorText, t } from "./i18n.js";
import { closeMenu, menuIsOpen, trapTab } from "./popover.js";
import { me, store } from "./store.js";
import { perform, refreshState } from "./sync.js";

const windows = new Map(); // view id → {node, signature, values, …}
let veil = null;
let cameFrom = null;
let shownId = null;

export function renderModals() {
  const stack = store.modals || [];
  for (const id of windows.keys()) if (!stack.some((view) => view.id === id)) windows.delete(id);
  stack.forEach((view, index) => renderWindow(view, index, stack.length));
  const top = stack.at(-1);
  if (!top) return close();
  if (!veil) {
    cameFrom = document.activeElement;
    veil = h("div.veil.veil-modal", { "data-testid": "modal-veil" });
    document.getElementById("overlays").prepend(veil);
    document.getElementById("app").inert = true;
  }
  const one = windows.get(top.id);
  veil.dataset.depth = String(stack.length);
  if (veil.firstChild !== one.node || veil.childNodes.length > 1) fill(veil, one.node);
  if (shownId !== top.id) {
    closeMenu();
    shownId = top.id;
    focusFirst(one);
  }
}

function close() {
  if (!veil) return;
  closeMenu();
  veil.remove();
  veil = null;
  shownId = null;
  document.getElementById("app").inert = false;
  const back = cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : document.querySelector("[data-testid=composer]");
  if (!document.querySelector(".veil")) back?.focus();
}

// What an update by the app must not lose: values (by block and action), the focus, the scroll.
function renderWindow(view, index, depth) {
  const signature = JSON.stringify([view, index, depth, me().locale]);
  const old = windows.get(view.id);
  if (old?.signature === signature) return;
  const one = old || { values: {}, busy: false };
  const focused = one.node?.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = one.body?.scrollTop || 0;
  Object.assign(one, { view, signature, form: [], kept: one.values, values: {} });
  draw(one, index, depth);
  windows.set(view.id, one);
  if (!old || view.id !== shownId) return;
  veil?.replaceChildren(one.node);
  one.body.scrollTop = scrolled;
  if (Object.keys(view.errors || {}).length) focusError(one);
  else if (focused) again(one, focused)?.focus();
}

function again(one, focused) {
  const { actionId, blockId, testid } = focused.dataset;
  const query = testid ? `[data-testid="${testid}"]` : `[data-action-id="${CSS.escape(actionId || "")}"]${blockId ? `[data-block-id="${CSS.escape(blockId)}"]` : ""}`;
  const field = () => one.form.map((each) => focusable(each.node)[0]).find(Boolean);
  return one.node.querySelector(query) || field() || one.node.querySelector("[data-testid=modal-close]");
}

function draw(one, index, depth) {
  const { view } = one;
  const ctx = {
    surface: "modal", form: one.form, errors: view.errors,
    kept: (block, action) => one.kept?.[block]?.[action],
    keep: (block, action, value) => ((one.values[block] ||= {})[action] = value),
    press: async (action) => {
      const answer = await perform("press", { view_id: view.id, action, state: { values: one.values } }, { quiet: true });
      if (!answer.ok) alertIn(one, errorText(answer.error));
    },
  };
  const titleId = `modal-title-${view.id}`;
  one.alert = h("p.modal-alert", { role: "alert", hidden: true, "data-testid": "modal-alert" });
  one.body = h("div.dialog-body", {}, one.alert, renderBlocks(view.blocks, ctx));
  one.submit = view.submit && h("button.button.button-primary", { type: "submit", "data-testid": "modal-submit" }, h("span.button-word", {}, word(view.submit)));
  const cancel = () => closeView(view);
  one.node = h("form.dialog", {
    role: "dialog", "aria-modal": "true", "aria-labelledby": titleId, "data-testid": "modal", "data-view-id": view.id, novalidate: true,
    onSubmit: (event) => {
      event.preventDefault();
      submit(one);
    },
    onKeydown: (event) => {
      trapTab(event, one.node);
      if (event.key === "Escape" && !event.defaultPrevented && !menuIsOpen()) cancel();
    },
  },
  h("div.dialog-head", {},
    index > 0 && h("button.icon-button", { type: "button", "aria-label": t("back"), "data-testid": "modal-back", onClick: cancel }, icon("back")),
    h("h2.dialog-title", { id: titleId }, word(view.title)),
    depth > 1 && h("span.dialog-depth", {}, t("modalStack", index + 1)),
    h("button.icon-button", { type: "button", "aria-label": t("close"), "data-testid": "modal-close", onClick: cancel }, icon("close"))),
  one.body,
  h("div.dialog-foot", { class: one.submit ? "" : "is-lonely" },
    h("button.button", { type: "button", "data-testid": "modal-cancel", onClick: cancel }, word(view.close) || t(one.submit ? "cancel" : "close")), one.submit));
  if (one.busy) spin(one, true);
}

const word = (object) => withEmoji(object?.text || "");

function focusFirst(one) {
  const wanted = one.node.querySelector("[data-focus-on-load]") || one.form.map((field) => focusable(field.node)[0]).find(Boolean);
  (wanted || focusable(one.body)[0] || one.submit || one.node.querySelector("[data-testid=modal-cancel]")).focus();
}

function alertIn(one, text) {
  fill(one.alert, icon("warn", 18), text);
  one.alert.hidden = false;
  one.body.scrollTop = 0;
}

async function closeView(view) {
  await perform("close", { view_id: view.id });
  refreshState();
}

// What Slack's own client checks before it sends anything.
function problem({ block }, values) {
  const el = block.element;
  const value = values[block.block_id]?.[el.action_id] || {};
  const given = value.selected_options ? value.selected_options.length : value.selected_option || value.value;
  if (!given) return block.optional ? "" : t("required");
  const length = [...(value.value || "")].length;
  if (el.min_length && length < el.min_length) return t("tooShort", el.min_length);
  if (el.max_length && length > el.max_length) return t("tooLong", length - el.max_length);
  return "";
}

function showErrors(one, errors) {
  for (const field of one.form) field.setError(errors[field.block.block_id] || "");
  const homeless = Object.entries(errors).filter(([id]) => !one.form.some((field) => field.block.block_id === id));
  if (homeless.length) alertIn(one, homeless.map(([, text]) => text).join(" "));
  focusError(one);
}

function focusError(one) {
  const node = one.node.querySelector(".has-error");
  if (!node) return;
  focusable(node)[0]?.focus();
  node.scrollIntoView({ block: "nearest" });
}

async function submit(one) {
  if (one.busy || !one.submit) return;
  const { view, values } = one;
  const errors = Object.fromEntries(one.form.map((field) => [field.block.block_id, problem(field, values)]).filter(([, text]) => text));
  one.alert.hidden = true;
  showErrors(one, errors);
  if (Object.keys(errors).length) return;
  spin(one, true);
  const answer = await perform("submit", { view_id: view.id, state: { values } }, { quiet: true });
  await refreshState();
  spin(one, false);
  if (!windows.has(view.id)) return;
  if (!answer.ok && !answer.errors) alertIn(one, errorText(answer.error));
  else if (answer.errors) showErrors(one, answer.errors);
}

function spin(one, busy) {
  one.busy = busy;
  if (!one.submit) return;
  one.submit.disabled = busy;
  one.submit.classList.toggle("is-busy", busy);
  one.submit.querySelector(".spinner")?.remove();
  if (busy) one.submit.append(spinner(t("sending")));
}
