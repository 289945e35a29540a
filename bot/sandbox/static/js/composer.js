// Where people write. Enter sends, Shift+Enter breaks the line, "/" and "@" complete.

import { completionList, completionsAt, hintLine, usageHint } from "./completion.js";
import { fill, h, icon } from "./dom.js";
import { errorText, t } from "./i18n.js";
import { channelName, changed, conversation, notice, store } from "./store.js";
import { perform } from "./sync.js";
import { toast } from "./toast.js";

const drafts = new Map();
const MARKS = [["bold", "*"], ["italic", "_"], ["strike", "~"], ["code", "`"], ["pre", "```"]];

let serial = 0;

export function composer({ inThread }) {
  const id = `completion-${(serial += 1)}`;
  let found = null; // the open completion
  let at = 0;
  let dismissed = "";
  const suffix = inThread ? "-thread" : "";
  const area = h("textarea.composer-text", {
    rows: 1, "data-testid": `composer${suffix}`, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    onInput: () => changedText(), onPaste: (event) => pasted(event), onKeydown: (event) => key(event), onClick: () => complete(), onBlur: () => shut(),
  });
  const box = h("div.completion-box");
  const hint = h("p.usage-hint", { hidden: true, "data-testid": `usage-hint${suffix}` });
  const sendButton = h("button.send", { type: "button", "data-testid": `send${suffix}`, onClick: () => send() }, icon("send"));
  let files = []; // {name, type, data}: chosen and not sent yet
  const picker = h("input", { type: "file", hidden: true, multiple: true, "data-testid": `file-input${suffix}`, onChange: () => attach(picker.files) });
  const attachButton = h("button.tool", { type: "button", "data-testid": `attach${suffix}`, onClick: () => picker.click() }, icon("plus", 18));
  const attached = h("div.attached");
  const format = h("div.format", { role: "toolbar" }, MARKS.map(([name, mark]) =>
    h("button.tool", { type: "button", "data-mark": name, onMousedown: (event) => event.preventDefault(), onClick: () => wrap(mark) }, icon(name, 18))));
  const keys = h("span.composer-keys", { "aria-hidden": "true" });
  const node = h("div.composer", {}, box, h("div.composer-frame", {}, format, area, attached, hint, h("div.composer-foot", {}, attachButton, picker, keys, sendButton)));

  const draftKey = () => `${store.me} ${store.place.channel} ${inThread ? store.thread : ""}`;
  let owner = "";

  function render() {
    const here = conversation(store.place.channel);
    const label = inThread ? t("replyTo") : t("messageTo", here?.kind === "dm" ? channelName(here.id) : `#${channelName(store.place.channel)}`);
    area.setAttribute("aria-label", label);
    area.placeholder = label;
    format.setAttribute("aria-label", t("formatting"));
    for (const tool of format.children) for (const name of ["aria-label", "title"]) tool.setAttribute(name, t(tool.dataset.mark));
    for (const name of ["aria-label", "title"]) {
      sendButton.setAttribute(name, t("send"));
      attachButton.setAttribute(name, t("attach"));
    }
    fill(keys, t("newlineKeys"));
    if (owner === draftKey()) return;
    owner = draftKey();
    files = [];
    showFiles();
    put(drafts.get(owner) || "");
  }

  function put(text, caret = text.length) {
    area.value = text;
    area.setSelectionRange(caret, caret);
    changedText();
  }

  function changedText() {
    drafts.set(owner, area.value);
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 240)}px`;
    sendButton.disabled = !area.value.trim() && !files.length;
    dismissed = "";
    complete();
  }

  function pasted(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  }

  async function attach(chosen) {
    const read = (file) => new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done({ name: file.name, type: file.type || "application/octet-stream", data: String(reader.result).split(",")[1] || "" });
      reader.readAsDataURL(file);
    });
    files.push(...await Promise.all([...chosen].map(read)));
    picker.value = "";
    showFiles();
    changedText();
    area.focus();
  }

  function showFiles() {
    const drop = (file) => {
      files = files.filter((one) => one !== file);
      showFiles();
      changedText();
    };
    fill(attached, files.map((file) => h("button.attached-file", { type: "button", "aria-label": t("detach", file.name), title: t("detach", file.name), onClick: () => drop(file) }, icon("file", 16), file.name, icon("close", 14))));
  }

  function complete() {
    found = dismissed === area.value && dismissed ? null : completionsAt(area.value, area.selectionStart, { commands: !inThread });
    at = 0;
    const command = inThread ? null : usageHint(area.value);
    hint.hidden = !command || Boolean(found);
    if (command) hintLine(hint, command);
    drawList();
  }

  function drawList() {
    fill(box, found && document.activeElement === area ? completionList(id, found, at, choose) : []);
    area.setAttribute("aria-expanded", String(Boolean(box.firstChild)));
    if (box.firstChild) area.setAttribute("aria-activedescendant", `${id}-${at}`);
    else area.removeAttribute("aria-activedescendant");
  }

  function shut() {
    found = null;
    drawList();
  }

  function choose(row) {
    const rest = area.value.slice(area.selectionStart);
    const head = area.value.slice(0, found.from) + row.insert;
    put(head + rest, head.length);
    area.focus();
  }

  function key(event) {
    if (event.isComposing) return;
    if (found) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        at = (at + step + found.rows.length) % found.rows.length;
        return void drawList();
      }
      if (event.key === "Tab" || (event.key === "Enter" && !exact())) {
        event.preventDefault();
        return void choose(found.rows[at]);
      }
      if (event.key === "Escape") {
        event.preventDefault();
        dismissed = area.value;
        return void shut();
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  }

  // A command written out is sent by Enter although its completion is open.
  const exact = () => found.kind === "command" && found.rows[at].name === area.value.trim();

  function wrap(mark) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const edge = mark === "```" ? "\n" : "";
    area.focus();
    put(`${value.slice(0, from)}${mark}${edge}${value.slice(from, to)}${edge}${mark}${value.slice(to)}`, from === to ? from + mark.length + edge.length : to + 2 * (mark.length + edge.length));
  }

  async function send() {
    const text = area.value.trim();
    const channel = store.place.channel;
    const sent = files;
    if ((!text && !sent.length) || !channel) return;
    const slash = /^\/[a-z]/i.test(text);
    if (slash && inThread) return void toast(t("slashInThread"));
    const from = owner;
    if (!slash) files = [];
    showFiles();
    put("");
    const kind = slash ? "command" : "message";
    const more = { ...(inThread ? { thread_ts: store.thread } : {}), ...(slash || !sent.length ? {} : { files: sent }) };
    // Mentions and escaping are the server's business, as they are Slack's.
    const answer = await perform(kind, { channel, text, ...more }, { quiet: true });
    if (answer.ok) return;
    if (slash) return void notice(channel, t("commandFailed", text.split(/\s/)[0], errorText(answer.error)));
    toast(errorText(answer.error));
    if (owner === from && !area.value) {
      files = sent; // nothing that was written or chosen gets lost
      showFiles();
      put(text);
    }
    changed("messages");
  }
  const insert = (text) => {
    put(text);
    area.focus();
  };
  return { node, render, insert, focus: () => area.focus() };
}
