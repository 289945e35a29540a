// The shortcodes people and bots use most. An unknown one stays as it was written, as in Slack.

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|raised_hands 🙌|clap 👏|pray 🙏|point_right 👉|point_left 👈|point_up 👆|point_down 👇|muscle 💪
handshake 🤝|eyes 👀|smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|wink 😉|blush 😊|joy 😂|sweat_smile 😅|thinking_face 🤔|neutral_face 😐|confused 😕
disappointed 😞|cry 😢|sob 😭|sunglasses 😎|heart ❤️|green_heart 💚|blue_heart 💙|broken_heart 💔|sparkles ✨|star ⭐|star2 🌟|tada 🎉|confetti_ball 🎊|rocket 🚀|fire 🔥
zap ⚡|boom 💥|100 💯|bulb 💡|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|x ❌|heavy_multiplication_x ✖️|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️
question ❓|exclamation ❗|heavy_exclamation_mark ❗|information_source ℹ️|sos 🆘|rotating_light 🚨|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|fast_forward ⏩|rewind ⏪|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrows_counterclockwise 🔄|repeat 🔁|back 🔙
hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|calendar 📆|date 📅|spiral_calendar_pad 🗓️|pencil ✏️|pencil2 ✏️|memo 📝|clipboard 📋|page_facing_up 📄|bookmark 🔖
paperclip 📎|link 🔗|pushpin 📌|round_pushpin 📍|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|old_key 🗝️|shield 🛡️|mag 🔍|mag_right 🔎|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️
nut_and_bolt 🔩|toolbox 🧰|package 📦|shopping_trolley 🛒|shopping_bags 🛍️|truck 🚚|euro 💶|pound 💷|dollar 💵|credit_card 💳|receipt 🧾|chart_with_upwards_trend 📈|bar_chart 📊|inbox_tray 📥|outbox_tray 📤
email ✉️|envelope ✉️|incoming_envelope 📨|telephone_receiver 📞|phone ☎️|iphone 📱|computer 💻|desktop_computer 🖥️|keyboard ⌨️|floppy_disk 💾|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬
robot_face 🤖|bust_in_silhouette 👤|busts_in_silhouette 👥|ticket 🎫|tickets 🎟️|label 🏷️|trophy 🏆|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|construction 🚧|recycle ♻️|wastebasket 🗑️
flag-de 🇩🇪|de 🇩🇪|flag-gb 🇬🇧|gb 🇬🇧|uk 🇬🇧|flag-us 🇺🇸|us 🇺🇸|flag-fr 🇫🇷|fr 🇫🇷|flag-it 🇮🇹|it 🇮🇹|flag-es 🇪🇸|es 🇪🇸|flag-eu 🇪🇺|flag-nl 🇳🇱|flag-se 🇸🇪|flag-pl 🇵🇱|flag-be 🇧🇪|earth_africa 🌍|globe_with_meridians 🌐
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|heavy_plus_sign ➕|heavy_minus_sign ➖|radio_button 🔘|small_blue_diamond 🔹|small_orange_diamond 🔸
coffee ☕|beers 🍻|sun_with_face 🌞|partly_sunny ⛅|rainbow 🌈|zzz 💤|ghost 👻|see_no_evil 🙈|shrug 🤷|facepalm 🤦|woman-shrugging 🤷‍♀️|man-shrugging 🤷‍♂️|new 🆕|ok 🆗|free 🆓|up 🆙|soon 🔜|end 🔚`;

const EMOJI = new Map(
  TABLE.trim().split(/[|\n]/).map((pair) => {
    const gap = pair.indexOf(" ");
    return [pair.slice(0, gap), pair.slice(gap + 1)];
  }),
);

export const EMOJI_PATTERN = /:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/;

export const emojiOf = (name) => EMOJI.get(name) || null;

// For places that are text only: option labels, button labels, tooltips.
export function withEmoji(text = "") {
  return text.replace(new RegExp(EMOJI_PATTERN, "g"), (whole, name) => EMOJI.get(name) || whole);
}
