// Slack's mrkdwn to DOM nodes: entities, code, quotes, bold, italics, strike, emoji. Never through HTML.

import { append, h } from "./dom.js";
import { slackDate } from "./dates.js";
import { EMOJI_PATTERN, emojiOf } from "./emoji.js";
import { t } from "./i18n.js";
import { channelName, personName, store } from "./store.js";

const decode = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export const emojiNode = (name, char) => h("span.emoji", { role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, char);

export function mrkdwn(text = "") {
  const root = document.createDocumentFragment();
  String(text).split(/```\n?([\s\S]+?)\n?```\n?/).forEach((part, index) => {
    if (index % 2) root.append(preformatted(part));
    else if (part) quotes(part).forEach((node) => root.append(node));
  });
  return root;
}

export function plain(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return object.emoji === false ? [object.text] : emojiOnly(object.text || "");
}

const preformatted = (text) => h("pre.pre", { tabindex: 0 }, entities(text, (piece) => [piece]));

function quotes(text) {
  const lines = text.split("\n");
  const out = [];
  let plainLines = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) out.push(h("blockquote.quote", {}, inline(quoted.join("\n"))));
    if (plainLines.length) out.push(h("span.lines", {}, inline(plainLines.join("\n"))));
    quoted = [];
    plainLines = [];
  };
  lines.forEach((line, index) => {
    const match = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (match && /^(?:&gt;){3}/.test(line)) {
      flush();
      quoted = [line.replace(/^(?:&gt;){3} ?/, ""), ...lines.slice(index + 1)];
      lines.length = index + 1; // ">>>" quotes everything that follows
      return;
    }
    if (match ? plainLines.length : quoted.length) flush();
    (match ? quoted : plainLines).push(match ? match[1] : line);
  });
  flush();
  return out;
}

function inline(text) {
  return text.split(/(`[^`\n]+`)/).flatMap((part, index) =>
    index % 2 ? [h("code.code", {}, entities(part.slice(1, -1), (piece) => [piece]))] : styled(part),
  );
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
// A marker opens after a boundary and closes before one, and hugs what it marks.
const STYLED = /(^|[\s([{„“"'‚‘–—/.,;:!?*_~-])([*_~])(?=\S)((?:<[^>]*>|(?!\2)[^\n])*?[^\s])\2(?=$|[\s)\]}“”"'’‘–—/.,;:!?*_~-])/u;

function styled(text) {
  const match = STYLED.exec(text);
  if (!match || insideEntity(text, match.index + match[1].length)) return entities(text, emojiAndLinks);
  const [whole, before, mark, inner] = match;
  return [
    ...entities(text.slice(0, match.index) + before, emojiAndLinks),
    append(document.createElement(STYLES[mark]), styled(inner)),
    ...styled(text.slice(match.index + whole.length)),
  ];
}

function insideEntity(text, index) {
  return text.lastIndexOf("<", index) > text.lastIndexOf(">", index) && text.indexOf(">", index) >= 0;
}

// Splits at <…>, hands the text between to `rest`.
function entities(text, rest) {
  return text.split(/(<[^<>\n]+>)/).flatMap((part, index) => {
    if (!part) return [];
    return index % 2 ? [entity(part.slice(1, -1))] : rest(decode(part));
  });
}

function entity(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : decode(body.slice(bar + 1));
  if (target.startsWith("@")) return mentionUser(target.slice(1), label);
  if (target.startsWith("#")) return mentionChannel(target.slice(1), label);
  if (target.startsWith("!date^")) return dateNode(target, label);
  if (target.startsWith("!subteam^")) return h("span.mention", {}, label || `@${target.slice(9)}`);
  if (target.startsWith("!")) return broadcast(target.slice(1));
  return link(decode(target), label || decode(target));
}

export function mentionUser(id, label = "") {
  const mine = id === store.me;
  return h("span.mention", { class: mine && "mention-me", "data-user": id }, `@${personName(id, label)}`);
}

export function mentionChannel(id, label = "") {
  return h("button.mention", { type: "button", "data-open-channel": id }, `#${channelName(id, label)}`);
}

export const broadcast = (range) => h("span.mention.mention-me", {}, `@${range === "everyone" ? t("everyone") : range}`);

export function link(url, label) {
  const safe = /^(https?:|mailto:|tel:)/i.test(url);
  if (!safe) return h("span", {}, label);
  return h("a.link", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function dateNode(target, fallback) {
  const [, seconds, pattern = "", url] = target.split("^");
  const words = slackDate(seconds, pattern, fallback);
  return h("time", { datetime: new Date(Number(seconds) * 1000 || 0).toISOString(), title: fallback || false }, url ? link(url, words) : words);
}

function emojiAndLinks(text) {
  return text.split(/(https?:\/\/[^\s<>|"„“]*[^\s<>|"„“.,;:!?)\]])/).flatMap((part, index) =>
    index % 2 ? [link(part, part)] : emojiOnly(part),
  );
}

export function emojiOnly(text) {
  const out = [];
  let rest = text;
  for (let match = EMOJI_PATTERN.exec(rest); match; match = EMOJI_PATTERN.exec(rest)) {
    const char = emojiOf(match[1]);
    out.push(rest.slice(0, match.index), char ? emojiNode(match[1], char) : match[0]);
    rest = rest.slice(match.index + match[0].length);
  }
  return [...out, rest].filter((piece) => piece !== "");
}
