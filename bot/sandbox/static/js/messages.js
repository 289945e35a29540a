// The list of a conversation and the panel of a thread. Nodes of unchanged messages stay: focus and typing survive pushes.

import { dayKey, dayLabel, fromTs } from "./dates.js";
import { avatar, fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { authorOf, messageNode } from "./message.js";
import { channelName, changed, conversation, store, visibleMessages } from "./store.js";
import { markRead } from "./sync.js";

const GROUP_SECONDS = 300; // messages of one author within five minutes share one picture
const NEAR_PX = 80; // this close to the end counts as "at the newest message"

// A scrolled list. `read()` gives its messages, `before` a node or null for its beginning.
export function messageList({ inThread, read, opening, label }) {
  const inner = h("div.list-inner");
  const scroller = h("div.list", { tabindex: 0, role: "region", "aria-label": label(), "data-testid": inThread ? "thread-list" : "message-list" }, inner);
  const jump = h("button.jump", { type: "button", hidden: true, "data-testid": "jump", onClick: () => toEnd() });
  const nodes = new Map();
  let atEnd = true;
  let owner = "";
  let known = new Set();

  const toEnd = () => {
    atEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
    jump.hidden = true;
  };
  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    if (atEnd) jump.hidden = true;
    if (atEnd && !inThread) markRead();
  });
  const keepEnd = new ResizeObserver(() => atEnd && toEnd());
  keepEnd.observe(inner);
  keepEnd.observe(scroller);

  function render() {
    const here = `${store.me} ${store.place.channel} ${inThread ? store.thread : ""}`;
    const moved = here !== owner;
    if (moved) nodes.clear();
    owner = here;
    const messages = read();
    scroller.setAttribute("aria-label", label());
    fill(jump, icon("chevron", 16), t("newer")); // the person, and with it the language, may have changed
    const first = opening();
    const beginning = first && kept(nodes, "beginning", first.outerHTML, () => first);
    reconcile(inner, [beginning, ...rows(messages, inThread, nodes)].filter(Boolean));
    const fresh = messages.filter((one) => !known.has(one.ts));
    known = new Set(messages.map((one) => one.ts));
    if (moved || fresh.some((one) => one.user === store.me)) atEnd = true;
    if (atEnd) toEnd();
    else if (fresh.length) jump.hidden = false;
    if (!moved) announce(fresh.filter((one) => one.user !== store.me));
    if (atEnd && !inThread) markRead();
  }
  return { node: h("div.list-frame", {}, scroller, jump), render, toEnd };
}

// Replaces only what differs, in place.
function reconcile(parent, wanted) {
  wanted.forEach((node, index) => {
    const there = parent.childNodes[index];
    if (there === node) return;
    if (there?.dataset?.key && there.dataset.key === node.dataset?.key) succeed(there, node);
    else parent.insertBefore(node, there || null);
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

// Who walks by keyboard goes on from here: the focus is not thrown back to the page's beginning.
function succeed(old, node) {
  const focused = old.querySelector(":focus-visible");
  old.replaceWith(node);
  if (!focused) return;
  const same = focused.dataset.actionId && node.querySelector(`[data-action-id="${CSS.escape(focused.dataset.actionId)}"]`);
  (same || node).focus({ preventScroll: true });
}

function rows(messages, inThread, nodes) {
  const out = [];
  let before = null;
  for (const message of messages) {
    const date = fromTs(message.ts);
    const newDay = !before || dayKey(fromTs(before.ts)) !== dayKey(date);
    const isNew = !inThread && message.ts === store.newFrom;
    if (newDay && !inThread) out.push(kept(nodes, `day ${dayKey(date)}`, dayLabel(date), () => dayLine(date)));
    if (isNew) out.push(kept(nodes, "new", message.ts, () => h("div.new-line", { role: "separator" }, h("span", {}, t("newLine")))));
    const compact = !newDay && !isNew && goesOn(before, message);
    const replies = inThread ? [] : store.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
    const signature = JSON.stringify([message, compact, replies.map((one) => one.ts), document.documentElement.lang]);
    out.push(kept(nodes, `m ${message.ts}`, signature, () => messageNode(message, { compact, inThread, replies })));
    if (inThread && before === null && messages.length > 1) {
      const count = messages.length - 1;
      const words = count === 1 ? t("reply1") : t("replies", count);
      out.push(kept(nodes, "replies", words, () => h("div.reply-line", {}, words)));
    }
    before = message;
  }
  return out;
}

function kept(nodes, key, signature, make) {
  const old = nodes.get(key);
  if (old?.signature === signature) return old.node;
  const node = make();
  node.dataset.key = key;
  nodes.set(key, { signature, node });
  return node;
}

const goesOn = (before, message) => before && before.user === message.user && !before.ephemeral && !message.ephemeral
  && !before.reply_count && !message.broadcast && Number(message.ts) - Number(before.ts) < GROUP_SECONDS;

const dayLine = (date) => h("div.day-line", { role: "separator", "aria-label": dayLabel(date) }, h("span", {}, dayLabel(date)));

function announce(fresh) {
  const live = document.getElementById("live");
  for (const one of fresh) live.append(h("p", {}, `${authorOf(one).name}: ${one.text || ""}`));
  while (live.childNodes.length > 20) live.firstChild.remove();
}

// The words at the very beginning of a conversation.
export function beginning() {
  const here = conversation(store.place.channel);
  if (!here || store.messagesOf !== here.id) return null;
  const dm = here.kind === "dm";
  const name = channelName(here.id);
  const command = store.commands[0]?.name || "";
  return h("div.beginning", {},
    dm ? avatar({ bot: true }, "large") : h("span.beginning-icon", {}, icon(here.private ? "lock" : "hash", 28)),
    h("h2", {}, dm ? name : `#${name}`),
    h("p", {}, dm ? t("emptyDm", name) : t("emptyChannel", name), " ", store.messages.length ? "" : dm && command ? t("dmHint", h("code.code.command", {}, command)) : t("channelHint")));
}

export const conversationMessages = () => visibleMessages(t("slackbot")).filter((one) => !one.thread_ts || one.thread_ts === one.ts || one.broadcast);
export const threadMessages = () => visibleMessages(t("slackbot")).filter((one) => one.ts === store.thread || one.thread_ts === store.thread);

export function threadPanel(list, composer) {
  const close = () => {
    const from = store.thread;
    store.thread = null;
    changed("thread");
    document.querySelector(`.main [data-ts="${CSS.escape(from)}"] .thread-link`)?.focus();
  };
  const place = h("span.panel-place");
  const node = h("aside.panel", {
    "aria-label": t("thread"), "data-testid": "thread",
    onKeydown: (event) => event.key === "Escape" && !event.defaultPrevented && close(),
  },
  h("header.panel-head", {}, h("h2", {}, t("thread")), place,
    h("button.icon-button", { type: "button", "aria-label": t("close"), "data-testid": "thread-close", onClick: close }, icon("close"))),
  list.node, composer.node);
  return { node, render: () => {
    node.setAttribute("aria-label", t("thread"));
    fill(node.querySelector("h2"), t("thread"));
    fill(place, conversation(store.place.channel)?.kind === "dm" ? channelName(store.place.channel) : `#${channelName(store.place.channel)}`);
  } };
}
