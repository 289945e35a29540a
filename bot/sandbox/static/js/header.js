// The line above a conversation: where one is, and for the app its tabs.

import { avatar, fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { goTo, openDm, openHome } from "./navigate.js";
import { drawer } from "./sidebar.js";
import { channelName, conversation, store } from "./store.js";

export function renderHeader(node) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
  const here = store.place.kind === "conversation" ? conversation(store.place.channel) : { kind: "dm" };
  const channel = here?.kind === "channel";
  const name = channel ? channelName(here.id) : store.bot.name;
  fill(node,
    h("div.head-line", {},
      h("button.icon-button.menu-button", {
        type: "button", "data-testid": "menu", "aria-label": t("openMenu"), "aria-expanded": "false", onClick: () => drawer(true),
      }, icon("menu"), unreadElsewhere() && h("i.menu-dot")),
      channel ? icon(here.private ? "lock" : "hash") : avatar({ bot: true }, "small"),
      h("h1.head-name", { "data-testid": "place-name" }, name),
      !channel && h("span.badge", {}, t("app"))),
    !channel && tabs());
  if (focused) node.querySelector(`[data-testid="${focused}"]`)?.focus();
}

const unreadElsewhere = () => store.conversations.some((one) => one.unread && one.id !== store.place.channel);

function tabs() {
  const tab = (kind, label, run) => h("button.tab", {
    type: "button", "data-testid": `tab-${kind === "conversation" ? "messages" : kind}`, "aria-current": store.place.kind === kind ? "page" : false, onClick: run,
  }, label);
  return h("nav.tabs", { "aria-label": store.bot.name || t("apps") },
    tab("home", t("home"), openHome), tab("conversation", t("messages"), openDm), tab("about", t("about"), () => goTo({ kind: "about" })));
}

export function renderBanner(node) {
  const words = !store.online ? t("reconnecting") : store.connected ? "" : t("botOffline");
  node.hidden = !words;
  if (node.dataset.words === words) return;
  node.dataset.words = words;
  fill(node, words && icon("warn", 18), words);
}
