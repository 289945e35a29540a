// The aubergine column: workspace, app, channels, people to be, and the two switches of the page itself.

import { avatar, fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { becomePerson, openChannel, openHome } from "./navigate.js";
import { confirmDialog } from "./popover.js";
import { channelName, changed, dmChannel, me, store } from "./store.js";
import { startAfresh } from "./sync.js";

export function renderSidebar(node) {
  const focused = node.contains(document.activeElement) && document.activeElement.dataset.testid;
  const scrolled = node.querySelector(".side-scroll")?.scrollTop || 0;
  node.setAttribute("aria-label", t("navigation"));
  fill(node, head(), h("div.side-scroll", {}, apps(), channels(), people()), foot());
  node.querySelector(".side-scroll").scrollTop = scrolled;
  if (focused) node.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function head() {
  const status = t(store.connected ? "botOnline" : "botOffline");
  return h("div.side-head", {},
    h("div.team", {},
      h("strong.team-name", {}, store.team.name || t("workspace")),
      h("span.team-status", { "data-connected": store.connected ? "yes" : "no", "data-testid": "bot-status" }, h("i.dot"), status)),
    h("button.icon-button.side-close", { type: "button", "aria-label": t("closeMenu"), onClick: () => drawer(false) }, icon("close")));
}

const section = (title, ...rows) => h("section.side-section", {}, h("h2.side-title", {}, title), rows);

function row({ testid, current, onClick, unread = 0, ...props }, ...children) {
  return h("button.side-row", {
    type: "button", "data-testid": testid, "aria-current": current ? "page" : false, class: unread && !current ? "is-unread" : "",
    onClick: () => {
      onClick();
      drawer(false);
    }, ...props,
  }, children, unread && !current ? h("span.pill", { "aria-label": t("unread", unread) }, unread) : null);
}

function apps() {
  const dm = dmChannel();
  if (!dm) return null;
  const here = store.place.kind === "conversation" && store.place.channel === dm.id;
  return section(t("apps"),
    row({ testid: `conversation-${dm.id}`, current: here, unread: dm.unread, onClick: () => openChannel(dm.id) },
      avatar({ bot: true }, "tiny"), h("span.row-name", {}, store.bot.name)),
    row({ testid: "home", current: store.place.kind === "home", onClick: openHome }, icon("home", 18), h("span.row-name", {}, t("home"))));
}

function channels() {
  return section(t("channels"), store.conversations.filter((one) => one.kind === "channel").map((one) => {
    const here = store.place.kind === "conversation" && store.place.channel === one.id;
    return row({ testid: `conversation-${one.id}`, current: here, unread: one.unread, onClick: () => openChannel(one.id) },
      icon(one.private ? "lock" : "hash", 18), h("span.row-name", {}, channelName(one.id)));
  }));
}

// Links, so that a middle click gives each person a window of their own.
function people() {
  return section(t("people"), store.people.map((one) => h("a.side-row.person", {
    href: `?as=${one.id}`, "data-testid": `person-${one.id}`, "aria-current": one.id === store.me ? "true" : false,
    onClick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      drawer(false);
      if (one.id !== store.me) becomePerson(one.id);
    },
  }, avatar(one, "tiny"), h("span.row-name", {}, one.name), h("span.role", {}, one.id === store.me ? t("you") : t(one.role)))));
}

function foot() {
  const dark = window.sandboxTheme.current() === "dark";
  return h("div.side-foot", {},
    h("button.foot-button", {
      type: "button", "data-testid": "theme-toggle", "aria-label": t("themeToggle"), "aria-pressed": String(dark),
      onClick: () => {
        window.sandboxTheme.toggle();
        changed("state");
      },
    }, icon(dark ? "sun" : "moon", 18), t(dark ? "light" : "dark")),
    h("button.foot-button", { type: "button", "data-testid": "reset", "aria-label": t("restartLong"), onClick: askReset }, icon("restart", 18), t("restart")),
    h("p.side-note", {}, t("privateNote")));
}

async function askReset() {
  const sure = await confirmDialog({ title: t("restartTitle"), text: t("restartText"), yes: t("restartYes"), no: t("cancel"), danger: true });
  if (sure) startAfresh();
}

// On a narrow window the column is a drawer.
export function drawer(open) {
  const app = document.getElementById("app");
  if (open === app.classList.contains("drawer-open")) return;
  app.classList.toggle("drawer-open", open);
  document.querySelector("[data-testid=menu]")?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".sidebar .side-close").focus();
  else if (document.querySelector(".sidebar").contains(document.activeElement)) document.querySelector("[data-testid=menu]")?.focus();
}

export const documentTitle = () => {
  const unread = store.conversations.reduce((sum, one) => sum + (one.unread || 0), 0);
  const where = store.place.kind === "conversation" ? channelName(store.place.channel) : `${store.bot.name} · ${t(store.place.kind)}`;
  return `${unread ? `(${unread}) ` : ""}${where} – ${me().name} | ${store.team.name || t("workspace")}`;
};
