// Block Kit to DOM. `ctx` says where the blocks stand and what happens there:
//   surface "message" | "modal" | "home"; press(action) → promise; keep(block_id, action_id, value), kept(block_id, action_id);
//   errors {block_id: text}; form: the inputs of a modal, filled while rendering.

import { append, h, icon } from "./dom.js";
import { element, sentByEnter } from "./elements.js";
import { t } from "./i18n.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { lightbox } from "./popover.js";
import { richText } from "./richtext.js";
import { fileAddress } from "./store.js";

export function renderBlocks(blocks, ctx) {
  return h("div.blocks", {}, (blocks || []).map((block, index) => {
    const node = renderBlock({ ...block, block_id: block.block_id || `block-${index}` }, ctx);
    node.dataset.block = block.block_id || "";
    return node;
  }));
}

function renderBlock(block, ctx) {
  const kind = KINDS[block.type];
  if (!kind) return h("div.block.block-unknown", {}, icon("warn", 16), t("unknownBlock", block.type));
  const node = kind(block, ctx);
  node.classList.add("block", `block-${block.type.replace("_", "-")}`);
  return node;
}

function section(block, ctx) {
  const body = h("div.section-body", {},
    block.text && h("div.prose", {}, plain(block.text)),
    block.fields && h("div.fields", {}, block.fields.map((field) => h("div.field.prose", {}, plain(field)))));
  if (!block.accessory) return h("div", {}, body);
  const picture = block.accessory.type === "image";
  return h("div.with-accessory", { class: picture ? "with-picture" : "" }, body,
    h("div.accessory", {}, picture ? thumbnail(block.accessory, "accessory-image") : element(block.accessory, block, ctx)));
}

const actions = (block, ctx) => h("div", { role: "group" }, (block.elements || []).map((one) => element(one, block, ctx)));

const context = (block) => h("div", {}, (block.elements || []).map((one) =>
  one.type === "image" ? thumbnail(one, "context-image") : h("div.context-text.prose", {}, plain(one))));

const divider = () => h("hr");
const header = (block, ctx) => h(ctx.surface === "message" ? "h4" : "h3", {}, plain({ ...block.text, type: "plain_text" }));
const rich = (block) => append(h("div.prose"), richText(block));

const KINDS = { section, actions, context, divider, header, image, input, rich_text: rich };

const source = (block) => block.image_url || block.slack_file?.url || (block.slack_file?.id && fileAddress(block.slack_file.id));

function thumbnail(block, kind) {
  return h(`img.${kind}`, { src: safeSource(block), alt: block.alt_text || "", title: block.alt_text || false, loading: "lazy" });
}

const safeSource = (block) => (/^(https?:|\/|data:image\/)/i.test(source(block) || "") ? source(block) : "");

function image(block) {
  const gone = () => opener.replaceWith(h("div.image-gone", { role: "img", "aria-label": block.alt_text || "" },
    icon("file"), h("span", {}, t("imageGone"), block.alt_text && h("small", {}, block.alt_text))));
  const picture = h("img.image", { src: safeSource(block), alt: block.alt_text || "", onError: gone });
  const opener = h("button.image-open", {
    type: "button", "data-testid": "image", "aria-haspopup": "dialog", "aria-label": `${t("enlarge")}: ${block.alt_text || ""}`,
    onClick: () => lightbox(safeSource(block), block.alt_text || ""),
  }, picture);
  return h("figure", {}, block.title && h("figcaption", {}, plain(block.title)), opener);
}

let serial = 0;

// Label, element, hint and the error at the field. Groups (checkboxes, radio buttons) become a fieldset.
function input(block, ctx) {
  const kind = block.element?.type;
  const group = kind === "checkboxes" || kind === "radio_buttons";
  const id = `input-${(serial += 1)}`;
  const described = [`${id}-hint`, `${id}-error`].join(" ");
  const control = element(block.element, block, { ...ctx, inInput: true, id, described, labelled: `${id}-label` });
  const label = h(group ? "legend.label" : "label.label", { id: `${id}-label`, for: group ? false : id },
    plain({ ...block.label, type: "plain_text" }), block.optional && h("span.optional", {}, ` ${t("optional")}`));
  const error = h("p.field-error", { id: `${id}-error`, "data-testid": `error-${block.block_id}` });
  const node = h(group ? "fieldset.input" : "div.input", {}, label, control,
    error, h("p.hint", { id: `${id}-hint`, hidden: !block.hint }, block.hint && plain({ ...block.hint, type: "plain_text" })),
    sentByEnter(block) && h("p.hint", {}, t("enterSends")));
  const field = { block, node, control, setError: (text) => showError(field, error, text) };
  ctx.form?.push(field);
  field.setError(ctx.errors?.[block.block_id] || "");
  return node;
}

function showError({ node, control }, error, text) {
  error.replaceChildren();
  error.hidden = !text;
  node.classList.toggle("has-error", Boolean(text));
  const target = control.matches("[data-block-id]") ? control : control.querySelector("[data-block-id]");
  if (text) {
    error.append(icon("warn", 16), text);
    target?.setAttribute("aria-invalid", "true");
  } else target?.removeAttribute("aria-invalid");
}
