// rich_text blocks: sections, lists (nested by indent), preformatted text, quotes.

import { append, h } from "./dom.js";
import { slackDate } from "./dates.js";
import { emojiOf } from "./emoji.js";
import { broadcast, emojiNode, link, mentionChannel, mentionUser } from "./mrkdwn.js";

export function richText(block) {
  const root = h("div.rich");
  const elements = block.elements || [];
  for (let index = 0; index < elements.length; index += 1) {
    if (elements[index].type !== "rich_text_list") {
      root.append(part(elements[index]));
      continue;
    }
    const run = [];
    while (elements[index]?.type === "rich_text_list") run.push(elements[index++]);
    index -= 1;
    root.append(lists(run));
  }
  return root;
}

function part(element) {
  const children = (element.elements || []).map(piece);
  if (element.type === "rich_text_preformatted") return h("pre.pre", { tabindex: 0 }, children);
  if (element.type === "rich_text_quote") return h("blockquote.quote", {}, children);
  return h("div.rich-section", {}, children);
}

// Slack sends nested lists as a flat run with an indent; a deeper one hangs below the last item.
function lists(run) {
  const root = h("div.rich-lists");
  for (const list of run) {
    const indent = Math.min(list.indent || 0, 8);
    const node = h(list.style === "ordered" ? "ol.list" : "ul.list", {
      class: `indent-${indent}`, start: list.offset ? list.offset + 1 : false, "data-border": list.border ? 1 : false,
    });
    for (const item of list.elements || []) node.append(h("li", {}, (item.elements || []).map(piece)));
    root.append(node);
  }
  return root;
}

function piece(element) {
  return dress(core(element), element.style || {});
}

function core(element) {
  switch (element.type) {
    case "text": return document.createTextNode(element.text || "");
    case "link": return link(element.url, element.text || element.url);
    case "user": return mentionUser(element.user_id);
    case "usergroup": return h("span.mention", {}, `@${element.usergroup_id}`);
    case "channel": return mentionChannel(element.channel_id);
    case "broadcast": return broadcast(element.range);
    case "emoji": return emojiNode(element.name, unicode(element.unicode) || emojiOf(element.name) || `:${element.name}:`);
    case "date": return h("time", {}, slackDate(element.timestamp, element.format || "{date}", element.fallback));
    case "color": return h("code.code", {}, h("span.swatch", { style: { background: element.value } }), element.value);
    default: return document.createTextNode(element.text || "");
  }
}

const unicode = (codes) => codes && String.fromCodePoint(...codes.split("-").map((code) => parseInt(code, 16)));

const TAGS = [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]];

function dress(node, style) {
  let out = node;
  for (const [name, tag] of TAGS) {
    if (!style[name]) continue;
    const wrap = document.createElement(tag);
    if (tag === "code") wrap.className = "code";
    out = append(wrap, out);
  }
  return out;
}
