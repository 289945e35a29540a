// One message as it stands in a conversation or a thread.

import { renderBlocks } from "./blocks.js";
import { clock, fromTs, fullDate, shortClock, whenLabel } from "./dates.js";
import { avatar, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { mrkdwn } from "./mrkdwn.js";
import { openThread } from "./navigate.js";
import { confirmDialog } from "./popover.js";
import { fileAddress, person, store } from "./store.js";
import { copy, perform } from "./sync.js";

export function authorOf(message) {
  if (message.slackbot) return { name: t("slackbot"), color: "#616061", initials: "S" };
  if (message.bot || message.user === store.bot.id) return { name: message.name || store.bot.name, bot: true };
  return person(message.user) || { name: message.name || message.user };
}

// `compact` leaves out picture and name (same author, shortly after); `replies` are the thread's messages, newest last.
export function messageNode(message, { compact = false, inThread = false, replies = [] } = {}) {
  const who = authorOf(message);
  const date = fromTs(message.ts);
  const small = compact && !message.ephemeral;
  const time = h("time.message-time", { datetime: date.toISOString(), title: fullDate(date) }, small ? shortClock(date) : clock(date));
  return h("article.message", {
    "data-testid": "message", "data-ts": message.ts, "data-user": message.user, "data-ephemeral": message.ephemeral ? "yes" : false, tabindex: -1,
    class: [small && "is-compact", message.ephemeral && "is-ephemeral"].filter(Boolean).join(" "), "aria-label": `${who.name}, ${whenLabel(date)}`,
  },
  message.ephemeral && h("div.only-you", {}, icon("eye", 14), t("onlyYou")),
  h("div.gutter", {}, small ? time : avatar(who)),
  h("div.message-body", {},
    !small && h("div.message-head", {}, h("strong.author", {}, who.name), who.bot && h("span.badge", {}, t("app")), time),
    !inThread && message.broadcast && fromThread(message),
    content(message),
    (message.attachments || []).filter((one) => one.is_share).map(forwarded),
    (message.files || []).map(fileChip),
    !inThread && message.reply_count > 0 && threadLink(message, replies)),
  toolbar(message, inThread));
}

const typed = new Map(); // what is in the fields of messages, by person and message: a message that changes keeps it

function content(message) {
  const edited = message.edited && h("span.edited", {}, ` ${t("edited")}`);
  if (!message.blocks?.length) return h("div.message-text.prose", {}, mrkdwn(message.text), edited);
  const key = `${store.me} ${message.ts}`;
  const before = typed.get(key);
  const values = {};
  typed.set(key, values);
  const ctx = {
    surface: "message",
    kept: (block, action) => before?.[block]?.[action],
    keep: (block, action, value) => ((values[block] ||= {})[action] = value),
    press: (action) => perform("press", { channel: store.place.channel, ts: message.ts, action, state: { values } }),
  };
  return h("div.message-text", {}, renderBlocks(message.blocks, ctx), edited);
}

// Somebody's message that came along: who wrote it, what, and where.
function forwarded(shared) {
  return h("blockquote.forwarded", { "data-testid": "forwarded" },
    h("strong.author", {}, shared.author_name),
    h("div.message-text.prose", {}, mrkdwn(shared.text || shared.fallback || "")),
    shared.footer && h("span.forwarded-from", {}, shared.footer));
}

function fileChip(file) {
  const name = file.title || file.name || "file";
  const picture = /\.(png|jpe?g|gif|webp)$/i.test(file.name || "");
  const inner = picture
    ? h("img.file-picture", { src: fileAddress(file.id), alt: name })
    : [icon("file"), h("span", {}, name)];
  return h(picture ? "a.file.is-picture" : "a.file", { href: fileAddress(file.id), target: "_blank", rel: "noopener noreferrer", "data-testid": "file", title: name }, inner);
}

// A reply that was sent to the conversation as well says where it belongs.
function fromThread(message) {
  const root = store.messages.find((one) => one.ts === message.thread_ts);
  const said = root?.text ? h("span", {}, mrkdwn(root.text)).textContent : "";
  return h("div.from-thread", {}, t("repliedTo"), " ",
    h("button.from-thread-link", { type: "button", "data-testid": "from-thread", onClick: () => openThread(message.thread_ts) }, (said || t("thread")).slice(0, 80)));
}

function threadLink(message, replies) {
  const authors = [...new Map(replies.map((one) => [one.user, authorOf(one)])).values()].slice(0, 4);
  const count = message.reply_count === 1 ? t("reply1") : t("replies", message.reply_count);
  return h("button.thread-link", { type: "button", "data-testid": "thread-link", onClick: () => openThread(message.ts) },
    authors.map((who) => avatar(who, "mini")), h("span.thread-count", {}, count),
    replies.length > 0 && h("span.thread-last", {}, t("lastReply", whenLabel(fromTs(replies.at(-1).ts)))),
    h("span.thread-view", {}, t("viewThread")));
}

function toolbar(message, inThread) {
  const tool = (name, label, run, testid) => h("button.tool", { type: "button", "aria-label": label, title: label, "data-testid": testid, onClick: run }, icon(name, 18));
  return h("div.toolbar", { role: "toolbar", "aria-label": t("more") },
    !inThread && !message.ephemeral && tool("reply", t("replyInThread"), () => openThread(message.thread_ts || message.ts), "reply"),
    tool("copy", t("copyText"), () => copy(message.text || ""), "copy"),
    message.user === store.me && !message.ephemeral && tool("trash", t("deleteMessage"), () => remove(message), "delete"));
}

async function remove(message) {
  const sure = await confirmDialog({ title: t("deleteTitle"), text: t("deleteText"), yes: t("deleteYes"), no: t("cancel"), danger: true });
  if (sure) perform("delete", { channel: store.place.channel, ts: message.ts });
}
