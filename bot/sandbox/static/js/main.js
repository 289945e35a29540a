// Puts the page together and starts it.

import { people } from "./api.js";
import { composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { renderBanner, renderHeader } from "./header.js";
import { renderAbout, renderHome } from "./home.js";
import { setLocale, t } from "./i18n.js";
import { beginning, conversationMessages, messageList, threadMessages, threadPanel } from "./messages.js";
import { renderModals } from "./modals.js";
import { followAddress, goTo, openChannel, placeFromAddress } from "./navigate.js";
import { menuIsOpen } from "./popover.js";
import { practiceBar } from "./practice.js";
import { documentTitle, drawer, renderSidebar } from "./sidebar.js";
import { channelName, dmChannel, on, store } from "./store.js";
import { connectAs, markRead } from "./sync.js";

const app = document.getElementById("app");
const sidebar = h("nav.sidebar");
const header = h("header.main-head");
const banner = h("div.banner", { role: "status", hidden: true, "data-testid": "banner" });
const home = h("section.home", { "data-testid": "home-view", tabindex: 0 });
const about = h("section.home", { tabindex: 0 });
const list = messageList({ inThread: false, read: conversationMessages, opening: beginning, label: () => `${t("list")}: ${channelName(store.place.channel)}` });
const threadList = messageList({ inThread: true, read: threadMessages, opening: () => null, label: () => t("thread") });
const writer = composer({ inThread: false });
const threadWriter = composer({ inThread: true });
const panel = threadPanel(threadList, threadWriter);
const practice = practiceBar(writer.insert);
const main = h("main.main", {}, header, banner, practice.node, list.node, writer.node, home, about);

function renderPlace() {
  const { kind } = store.place;
  app.dataset.place = kind;
  for (const node of [list.node, writer.node]) node.hidden = kind !== "conversation";
  home.hidden = kind !== "home";
  about.hidden = kind !== "about";
  if (kind === "home") renderHome(home);
  if (kind === "about") renderAbout(about);
  renderHeader(header);
  renderBanner(banner);
  practice.render();
  renderSidebar(sidebar);
  document.title = documentTitle();
  if (kind === "conversation") {
    writer.render();
    list.render();
  }
  renderThread();
}

function renderThread() {
  const open = Boolean(store.thread) && store.place.kind === "conversation";
  const was = panel.node.isConnected;
  app.classList.toggle("thread-open", open);
  if (!open) return void panel.node.remove();
  if (!was) app.append(panel.node);
  panel.render();
  threadWriter.render();
  threadList.render();
}

function renderMessages() {
  if (store.place.kind === "conversation") list.render();
  if (store.thread) threadList.render();
}

on("state", () => {
  renderPlace();
  renderModals();
});
on("messages", renderMessages);
on("reset", practice.load);
on("line", () => renderBanner(banner));
on("thread", () => {
  renderThread();
  if (store.thread) threadWriter.focus();
});
on("place", () => {
  renderPlace();
  if (store.place.kind === "conversation" && !window.matchMedia("(pointer: coarse)").matches) writer.focus();
});
on("person", () => {
  renderPlace();
  renderModals();
});

document.addEventListener("click", (event) => {
  const channel = event.target.closest?.("[data-open-channel]")?.dataset.openChannel;
  if (channel) openChannel(channel);
});
document.addEventListener("visibilitychange", () => !document.hidden && markRead());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !menuIsOpen()) drawer(false);
});

async function start() {
  const params = new URLSearchParams(location.search);
  setLocale(navigator.language);
  const answer = await people().catch(() => null);
  if (!answer) {
    fill(app, h("p.no-page", { role: "alert" }, t("noPage")));
    window.setTimeout(start, 2000);
    return;
  }
  store.people = answer.people;
  const wanted = params.get("as");
  const me = answer.people.some((one) => one.id === wanted) ? wanted : answer.default;
  store.place = placeFromAddress();
  fill(app, sidebar, h("div.drawer-veil", { onClick: () => drawer(false) }), main);
  await connectAs(me);
  const place = store.place.kind === "conversation" && !store.place.channel ? { kind: "conversation", channel: dmChannel()?.id || "" } : store.place;
  goTo(place, { push: false });
  await practice.load();
  app.dataset.ready = "yes";
}

followAddress();
start();
