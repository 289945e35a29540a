// What can be completed at the caret: a slash command at the very beginning, a person after an @.

import { avatar, fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const MENTION = /(^|[\s(])@([^@\n]{0,30})$/u;

// → {kind: "command" | "person", from, rows: [{label, …}]} or null
export function completionsAt(text, caret, { commands = true } = {}) {
  const before = text.slice(0, caret);
  if (commands && /^\/\S*$/.test(before)) {
    const rows = store.commands.filter((one) => one.name.startsWith(before)).map((one) => ({ ...one, insert: `${one.name} ` }));
    return rows.length ? { kind: "command", from: 0, rows } : null;
  }
  const match = MENTION.exec(before);
  if (!match) return null;
  const wanted = match[2].toLowerCase();
  const all = [...store.people, { ...store.bot, bot: true }];
  const rows = all.filter((one) => one.name && (one.name.toLowerCase().startsWith(wanted) || one.name.toLowerCase().split(" ").some((part) => wanted && part.startsWith(wanted))))
    .map((one) => ({ ...one, insert: `@${one.name} ` }));
  const done = rows.some((one) => one.name.toLowerCase() === wanted.trim());
  return rows.length && !done ? { kind: "person", from: match.index + match[1].length, rows } : null;
}

// The command that stands there completely, with its usage hint while nothing follows it.
export function usageHint(text) {
  const command = store.commands.find((one) => text === one.name || text === `${one.name} `);
  return command?.usage_hint ? command : null;
}

export function completionList(id, { kind, rows }, at, choose) {
  const node = h("div.completion", { "data-testid": "completion" },
    h("div.completion-title", {}, t(kind === "command" ? "commandsTitle" : "peopleTitle"), h("span.completion-keys", {}, t("keys"))),
    h("div.completion-rows", { id, role: "listbox", "aria-label": t(kind === "command" ? "commandsTitle" : "peopleTitle") }, rows.map((row, index) => h("div.completion-row", {
      id: `${id}-${index}`, role: "option", "aria-selected": String(index === at), class: index === at ? "is-active" : "",
      onMousedown: (event) => {
        event.preventDefault(); // the focus stays in the composer
        choose(row);
      },
    }, kind === "command" ? commandRow(row) : personRow(row)))));
  node.querySelector(".is-active")?.scrollIntoView?.({ block: "nearest" });
  return node;
}

const commandRow = (row) => [avatar({ bot: true }, "tiny"),
  h("span.completion-text", {}, h("span", {}, h("strong", {}, row.name), " ", h("span.muted", {}, row.usage_hint || "")), h("small", {}, row.description || ""))];

const personRow = (row) => [avatar(row, "tiny"), h("span.completion-text", {}, h("strong", {}, row.name)),
  row.role && h("span.muted", {}, t(row.role))];

export const hintLine = (node, command) => fill(node, icon("info", 16), h("code", {}, command.name), " ", command.usage_hint);
