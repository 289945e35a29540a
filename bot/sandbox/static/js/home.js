// The app's Home tab and its "About" tab.

import { renderBlocks } from "./blocks.js";
import { avatar, fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";
import { perform } from "./sync.js";

const values = {};
let shown = "";

export function renderHome(node) {
  const view = store.home;
  const signature = JSON.stringify([store.me, view, document.documentElement.lang]);
  if (signature === shown && node.firstChild) return;
  const scrolled = shown ? node.scrollTop : 0;
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.actionId : "";
  shown = signature;
  const ctx = {
    surface: "home",
    kept: (block, action) => values[block]?.[action],
    keep: (block, action, value) => ((values[block] ||= {})[action] = value),
    press: (action) => perform("press", { view_id: view.id, action, state: { values } }),
  };
  fill(node, h("div.home-inner", {}, view
    ? renderBlocks(view.blocks, ctx)
    : h("div.beginning", {}, avatar({ bot: true }, "large"), h("p", {}, t("emptyHome")))));
  node.scrollTop = scrolled;
  if (focused) node.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus();
}

export function renderAbout(node) {
  fill(node, h("div.home-inner", {},
    h("div.beginning", {}, avatar({ bot: true }, "large"), h("h2", {}, store.bot.name), h("p", {}, store.bot.app_id)),
    h("h3.about-title", {}, t("aboutCommands")),
    store.commands.map((one) => h("div.about-command", {},
      h("div", {}, h("code.code", {}, one.name), " ", h("span.muted", {}, one.usage_hint || "")), h("p", {}, one.description || "")))));
}
