// Names of emoji as Slack knows them; one that is missing here stays as it was typed, as in Slack.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rolling_on_the_floor_laughing 🤣
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘
stuck_out_tongue 😛 zany_face 🤪 thinking_face 🤔 zipper_mouth_face 🤐 neutral_face 😐 expressionless 😑 no_mouth 😶
smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷
face_with_thermometer 🤒 nauseated_face 🤢 sneezing_face 🤧 hot_face 🥵 cold_face 🥶 dizzy_face 😵 exploding_head 🤯
partying_face 🥳 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯
astonished 😲 flushed 😳 pleading_face 🥺 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓
weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠 skull 💀 poop 💩 hankey 💩 ghost 👻 alien 👽 robot_face 🤖
see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙
purple_heart 💜 black_heart 🖤 broken_heart 💔 100 💯 anger 💢 boom 💥 collision 💥 dizzy 💫 sweat_drops 💦 dash 💨
speech_balloon 💬 thought_balloon 💭 zzz 💤 wave 👋 raised_hand ✋ hand ✋ vulcan_salute 🖖 ok_hand 👌 v ✌️
crossed_fingers 🤞 call_me_hand 🤙 point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 point_up ☝️
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏
muscle 💪 eyes 👀 eye 👁️ brain 🧠 shrug 🤷 face_palm 🤦 technologist 🧑‍💻 detective 🕵️ construction_worker 👷
dog 🐶 cat 🐱 mouse 🐭 fox_face 🦊 bear 🐻 panda_face 🐼 monkey_face 🐵 chicken 🐔 penguin 🐧 owl 🦉 bug 🐛 bee 🐝 snail 🐌
turtle 🐢 snake 🐍 octopus 🐙 crab 🦀 whale 🐳 dolphin 🐬 unicorn_face 🦄 elephant 🐘 seedling 🌱 evergreen_tree 🌲
four_leaf_clover 🍀 maple_leaf 🍁 sunflower 🌻 rose 🌹 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏
globe_with_meridians 🌐 full_moon 🌕 new_moon 🌑 crescent_moon 🌙 sunny ☀️ sun_with_face 🌞 star ⭐ star2 🌟 sparkles ✨
cloud ☁️ partly_sunny ⛅ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ rainbow 🌈 umbrella ☂️ zap ⚡ snowflake ❄️ fire 🔥
droplet 💧 ocean 🌊 apple 🍎 banana 🍌 pizza 🍕 hamburger 🍔 cookie 🍪 cake 🍰 birthday 🎂 coffee ☕ tea 🍵 beer 🍺 beers 🍻
wine_glass 🍷 popcorn 🍿 soccer ⚽ basketball 🏀 football 🏈 baseball ⚾ tennis 🎾 rugby_football 🏉 ice_hockey_stick_and_puck 🏒
golf ⛳ trophy 🏆 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 medal 🏅 stadium 🏟️ checkered_flag 🏁
dart 🎯 game_die 🎲 video_game 🎮 art 🎨 clapper 🎬 microphone 🎤 headphones 🎧 musical_note 🎵 guitar 🎸 ticket 🎫
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 car 🚗 bus 🚌 train 🚆 airplane ✈️ rocket 🚀 ship 🚢 anchor ⚓ construction 🚧
rotating_light 🚨 vertical_traffic_light 🚦 traffic_light 🚥 satellite_antenna 📡 satellite 🛰️ house 🏠 office 🏢 factory 🏭
watch ⌚ iphone 📱 computer 💻 keyboard ⌨️ desktop_computer 🖥️ printer 🖨️ floppy_disk 💾 cd 💿 movie_camera 🎥 film_frames 🎞️
film_projector 📽️ tv 📺 camera 📷 video_camera 📹 telephone_receiver 📞 phone ☎️ radio 📻 stopwatch ⏱️ alarm_clock ⏰
timer_clock ⏲️ hourglass ⌛ hourglass_flowing_sand ⏳ battery 🔋 electric_plug 🔌 bulb 💡 flashlight 🔦 moneybag 💰
gem 💎 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ link 🔗 chains ⛓️ toolbox 🧰 magnet 🧲 test_tube 🧪 microscope 🔬
telescope 🔭 pill 💊 adhesive_bandage 🩹 door 🚪 broom 🧹 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 shield 🛡️
bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 email ✉️ envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦
mailbox 📫 memo 📝 pencil 📝 pencil2 ✏️ file_folder 📁 open_file_folder 📂 date 📅 calendar 📆 spiral_calendar_pad 🗓️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎
scissors ✂️ wastebasket 🗑️ book 📖 books 📚 bookmark 🔖 label 🏷️ newspaper 📰 scroll 📜 page_facing_up 📄 mag 🔍 mag_right 🔎
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 x ❌ o ⭕ heavy_check_mark ✔️ white_check_mark ✅ ballot_box_with_check ☑️
heavy_multiplication_x ✖️ negative_squared_cross_mark ❎ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗
grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ information_source ℹ️ recycle ♻️ sos 🆘 ok 🆗 new 🆕 up 🆙 cool 🆒 free 🆓
octagonal_sign 🛑 radioactive_sign ☢️ biohazard_sign ☣️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️
arrow_upper_right ↗️ arrow_lower_right ↘️ left_right_arrow ↔️ arrow_up_down ↕️ arrows_counterclockwise 🔄
arrows_clockwise 🔃 leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ back 🔙 soon 🔜 top 🔝 repeat 🔁
twisted_rightwards_arrows 🔀 arrow_forward ▶️ arrow_backward ◀️ fast_forward ⏩ rewind ⏪ double_vertical_bar ⏸️
black_square_for_stop ⏹️ black_circle_for_record ⏺️ heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_division_sign ➗
signal_strength 📶 cinema 🎦 low_brightness 🔅 high_brightness 🔆 mute 🔇 speaker 🔈 sound 🔉 loud_sound 🔊
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣
white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩
large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛ small_red_triangle 🔺 small_orange_diamond 🔸
small_blue_diamond 🔹 zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
waving_white_flag 🏳️ waving_black_flag 🏴 triangular_flag_on_post 🚩 crossed_flags 🎌 crown 👑 eyeglasses 👓 nazar_amulet 🧿
`;
const TONES = ["🏻", "🏼", "🏽", "🏾", "🏿"];

const words = TABLE.trim().split(/\s+/);
const known = new Map();
for (let at = 0; at < words.length; at += 2) known.set(words[at], words[at + 1]);

/** The sign for a name such as "warning" or "wave::skin-tone-3"; null where there is none. */
export function emoji(name) {
  const [base, tone] = name.split("::skin-tone-");
  const sign = known.get(base);
  if (!sign) return null;
  return tone ? sign.replace("\ufe0f", "") + (TONES[Number(tone) - 2] || "") : sign;
}
