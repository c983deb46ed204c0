/** What the page says: `key: [English, Chinese]`. */

import { NAMES } from "./name_table";

type Words = readonly [english: string, chinese: string];

function table<K extends string>(rows: Readonly<Record<K, Words>>) {
  return rows;
}

export const TABLE = table({
  ...NAMES,
  subtitle: ["Rendered on this device", "在本设备上实时生成"],
  stage: ["Stage", "舞台"],
  picture: ["The anchor", "虚拟主播"],
  controls: ["Controls", "控制面板"],
  other_language: ["中文", "English"],
  other_language_label: ["中文: switch the page to Chinese", "English：切换为英文"],
  keys: ["Keys", "快捷键"],
  close: ["Close", "关闭"],
  try_again: ["Try again", "重试"],
  other_ways: ["Other ways to render:", "其他渲染方式："],
  skip: ["Skip to the controls", "跳到控制面板"],

  loading: ["Loading …", "正在加载…"],
  waking: ["Waking the device …", "正在唤醒设备…"],
  loading_anchor: ["Loading {name} …", "正在加载 {name}…"],
  ready: ["{name} is ready.", "{name} 已就绪。"],

  tabs: ["What moves the anchor", "驱动方式"],
  tab_speak: ["Speak", "说话"],
  tab_mirror: ["Mirror", "模仿"],
  tab_listen: ["Listen", "聆听"],
  tab_face: ["Face", "表情"],
  tab_scene: ["Scene", "场景"],
  tab_record: ["Record", "录制"],

  text: ["What to say", "要说的话"],
  sample: [
    "Good evening. I am not filmed: your device draws every frame of me, while I speak.",
    "大家晚上好。我不是拍摄出来的：我说话时的每一帧画面，都由你的设备实时绘制。",
  ],
  speak: ["Speak", "朗读"],
  stop: ["Stop", "停止"],
  voice: ["Voice", "声音"],
  mood: ["Mood", "情绪"],
  voice_auto: ["Best there is", "自动选择"],
  voice_computer: ["This computer: {name}", "本机：{name}"],
  voice_server: ["Server: {name}", "服务器：{name}"],
  voice_espeak: ["espeak-ng in this page: {name}", "网页内的 espeak-ng：{name}"],
  voice_browser: ["The browser’s own: {name}", "浏览器：{name}"],
  speak_hint: [
    "Ctrl + Enter speaks. English and Mandarin may be mixed. A .txt script can be dropped anywhere.",
    "按 Ctrl + Enter 开始朗读。中英文可以混排；.txt 文稿可以拖到页面任意处。",
  ],
  voice_browser_hint: [
    "Some browsers make their own voices on the net: what you type may leave this device.",
    "有些浏览器的声音是在网上合成的：你输入的文字可能会离开本设备。",
  ],
  voice_server_hint: [
    "This voice is made on the server: what you type is sent there.",
    "这个声音在服务器上合成：你输入的文字会发送到服务器。",
  ],
  stopped: ["Stopped.", "已停止。"],
  speaking: ["Speaking.", "正在朗读。"],
  spoken: ["Spoken.", "朗读完毕。"],
  nothing_to_say: [
    "There is nothing to say: type a sentence.",
    "没有可朗读的内容，请先输入一句话。",
  ],

  camera_privacy: [
    "The camera’s picture stays on this device. It is neither sent nor kept, only looked at for as long as the camera is on.",
    "摄像头画面只留在本设备上，不会上传，也不会保存；只在打开期间用于识别表情。",
  ],
  camera_on: ["Turn the camera on", "打开摄像头"],
  camera_off: ["Turn the camera off", "关闭摄像头"],
  camera_starting: ["Starting the camera …", "正在打开摄像头…"],
  camera_is_on: [
    "The camera is on: the anchor copies your face.",
    "摄像头已打开：主播会模仿你的表情。",
  ],
  camera_is_off: ["The camera is off.", "摄像头已关闭。"],
  camera_preview: ["What the camera sees", "摄像头画面"],
  calibrate: ["Calibrate", "校准"],
  calibrating: ["Look straight ahead, at rest …", "请正视前方，表情放松…"],
  calibrated: [
    "Calibrated: this is your face at rest.",
    "校准完成：已记住你放松时的样子。",
  ],
  calibrate_hint: [
    "Calibrate once: look straight ahead with a calm face, then press the button.",
    "请校准一次：正视前方、表情放松，然后按下按钮。",
  ],
  mirror_sides: ["Like a mirror", "左右镜像"],
  no_face: ["No face is seen. Is there light on it?", "没有看到人脸，光线够亮吗？"],

  microphone_privacy: [
    "What the microphone hears stays on this device. It is neither sent nor kept; a small network turns it into lips.",
    "麦克风的声音只留在本设备上，不会上传，也不会保存；一个小型神经网络把它变成口型。",
  ],
  microphone_on: ["Turn the microphone on", "打开麦克风"],
  microphone_off: ["Turn the microphone off", "关闭麦克风"],
  microphone_starting: ["Starting the microphone …", "正在打开麦克风…"],
  microphone_is_on: ["The microphone is on: speak.", "麦克风已打开：请说话。"],
  microphone_is_off: ["The microphone is off.", "麦克风已关闭。"],
  level: ["Loudness", "音量"],
  sound_title: ["A sound file", "音频文件"],
  choose_sound: ["Choose a sound …", "选择音频…"],
  sound_hint: [
    "WAV, MP3, Ogg, M4A … or drop one anywhere. It stays on this device.",
    "支持 WAV、MP3、Ogg、M4A 等，也可以拖到页面任意处。文件不会离开本设备。",
  ],
  playing: ["Playing {name}.", "正在播放 {name}。"],
  played: ["{name} is over.", "{name} 播放完毕。"],

  idle: ["Idle", "待机动作"],
  idle_hint: ["Breathes, blinks and looks around", "呼吸、眨眼、环顾"],
  idle_on: ["Idle life is on.", "待机动作已打开。"],
  idle_off: ["Idle life is off.", "待机动作已关闭。"],
  expressions: ["Expressions", "表情"],
  emotes: ["Short expressions", "快捷表情"],
  all_controls: ["All controls", "全部控制项"],

  split: ["Move left and right on their own", "左右分开调节"],
  sides: ["L R", "左右"],
  split_label: ["{sides}, {label}: {split}", "{sides}，{label}：{split}"],
  left_of: ["{label} left", "{label}（左）"],
  right_of: ["{label} right", "{label}（右）"],
  control_help: ["{name}: {help}", "{name}：{help}"],

  backgrounds: ["Background", "背景"],
  background_studio: ["Studio", "演播室"],
  background_transparent: ["Transparent", "透明"],
  background_white: ["White", "白色"],
  background_black: ["Black", "黑色"],
  background_green: ["Green", "绿幕"],
  background_any: ["Any colour", "自选颜色"],
  background_picture: ["Picture …", "图片…"],
  background_camera: ["Blurred camera", "虚化摄像头"],
  background_hint: [
    "The anchor has real transparency. In OBS, add this page with ?obs=1 as a browser source.",
    "主播自带透明通道。在 OBS 中，把本页地址加上 ?obs=1 作为浏览器来源即可。",
  ],
  background_opaque: [
    "This anchor was trained with its background, which therefore stays.",
    "这个主播连同背景一起训练，背景无法更换。",
  ],

  picture_unreadable: [
    "{name} is no picture that this browser reads. Try a PNG or a JPEG.",
    "此浏览器无法读取图片 {name}。请换用 PNG 或 JPEG。",
  ],
  backdrop_cameraless: [
    "No camera was found. Plug one in, or choose another background.",
    "没有找到摄像头。请插上摄像头，或选择其他背景。",
  ],
  backdrop_refused: [
    "The camera cannot be used: it was refused, or another program has it. Allow it in the browser's address bar, or choose another background.",
    "无法使用摄像头：权限被拒绝，或被其他程序占用。请在地址栏中允许，或选择其他背景。",
  ],
  canvas_missing: [
    "This browser cannot draw on a canvas.",
    "此浏览器无法在画布上绘图。",
  ],

  record: ["Record", "开始录制"],
  record_stop: ["Stop and save", "停止并保存"],
  recording: ["Recording.", "正在录制。"],
  recording_silent: [
    "Recording without sound: this device lets the page play none.",
    "正在录制，但没有声音：此设备不允许页面播放声音。",
  ],
  recorded: ["Saved {name}.", "已保存 {name}。"],
  record_hint: [
    "A film with sound, kept in this browser’s memory until it is saved: about {megabytes} MB a minute.",
    "录成带声音的视频；保存前暂存在浏览器内存中，每分钟约 {megabytes}\u00a0MB。",
  ],
  record_alpha: [
    "The background is transparent, and so will the film be.",
    "当前背景透明，录出的视频也带透明通道。",
  ],
  record_no_alpha: [
    "This browser cannot record transparency: the film will be black behind the anchor.",
    "此浏览器无法录制透明通道：视频背景将为黑色。",
  ],
  record_missing: ["This browser cannot record.", "此浏览器不支持录制。"],
  record_empty: [
    "The browser recorded nothing. Try again, or record the screen instead.",
    "浏览器没有录到任何内容。请重试，或改用录屏。",
  ],
  shape: ["Shape", "画幅"],
  shape_square: ["Square", "方形"],
  shape_wide: ["Wide", "横屏"],
  shape_upright: ["Upright", "竖屏"],
  mark: ["Synthetic", "AI 合成"],
  mark_title: ["Generated, not filmed", "由程序生成，并非实拍"],
  mark_switch: ["Show the mark “Synthetic”", "显示“AI 合成”标识"],
  mark_hint: [
    "Without it, label what you publish yourself: many laws and platforms ask for it.",
    "关闭后，发布时请自行标注：许多法规和平台都有此要求。",
  ],
  screenshot: ["Save a picture", "保存截图"],
  copy_performance: ["Copy the performance", "复制表演数据"],
  seconds: ["Last seconds", "最近多少秒"],
  copied: ["Copied {count} frames as CSV.", "已复制 {count} 帧（CSV）。"],
  performance_hint: [
    "Controls over time, as CSV: drop it here again, or film it with keras-anchor render.",
    "随时间变化的控制项（CSV）：可再拖回本页，或用 keras-anchor render 渲染。",
  ],

  nothing_shown: [
    "Nothing was shown yet. Wait for the anchor to move.",
    "还没有画面，请等主播动起来。",
  ],
  clipboard_refused: [
    "The browser does not let this page use the clipboard. Allow it in the address bar, or click into the page first.",
    "浏览器不允许本页使用剪贴板。请在地址栏中允许，或先点击一下页面。",
  ],
  picture_unwritten: [
    "The browser cannot write this picture. Try again.",
    "浏览器无法写出这张图片，请重试。",
  ],

  synthetic_person: ["This person does not exist.", "此人并不存在。"],
  real_person: ["A real person, imitated by a network.", "真实人物，由神经网络模仿。"],
  consent: ["Consent: {consent}", "授权：{consent}"],
  licence: ["Licence: {licence}", "许可：\u2060{licence}"],
  who_is_shown: [" {who} {facts}", "{who}{facts}"],
  stays: [
    "Camera and microphone never leave this device.",
    "摄像头和麦克风的内容不会离开本设备。",
  ],

  rate: ["{fps} frames/s", "{fps} 帧/秒"],
  at_rest: ["at rest", "静止"],
  latency: ["{median} ms, 95 %: {slow} ms", "{median} 毫秒，95% 在 {slow} 毫秒内"],
  latency_none: ["not moving", "没有动作"],
  rate_title: [
    "Frames a second and where they are computed; press for the delay from control to picture",
    "帧率与计算方式；点击查看从控制到画面的延迟",
  ],

  drop: ["Drop it here", "拖到这里"],
  drop_hint: [
    "Sound · .csv performance · .txt script · picture · anchor (.zip)",
    "音频 · .csv\u00a0表演数据 · .txt\u00a0文稿 · 图片 · 主播（.zip）",
  ],
  script_taken: ["{name} is in the text box.", "{name} 已放入文本框。"],
  anchor_taken: ["{name} is on stage.", "{name} 已登场。"],

  expected_files: [
    "Expected a sound (.wav, .mp3, .ogg, .m4a), a performance (.csv), a script (.txt), an anchor (.anchor, .zip) or a picture for the background (.png, .jpg).",
    "可用的文件有：音频（.wav、.mp3、.ogg、.m4a）、表演数据（.csv）、文稿（.txt）、主播（.anchor、.zip）和背景图片（.png、.jpg）。",
  ],
  file_empty: ["{name} is empty. {expected}", "{name} 是空文件。{expected}"],
  file_unknown: [
    "{name} is of no kind that works here. {expected}",
    "不支持 {name} 这种文件。{expected}",
  ],
  file_misnamed: [
    "{name} is named like {named}, and holds {kind}. Rename it, or drop another file.",
    "{name} 的名称像是{named}，内容却是{kind}。请改名，或拖入其他文件。",
  ],
  kind_anchor: ["an anchor", "主播"],
  kind_performance: ["a performance", "表演数据"],
  kind_script: ["a text", "文稿"],
  kind_sound: ["a sound", "音频"],
  kind_picture: ["a picture", "图片"],

  keys_title: ["Keys", "快捷键"],
  keys_emotes: ["Expressions, for a moment", "快捷表情"],
  keys_idle: ["Idle on or off", "待机动作开关"],
  keys_camera: ["Camera on or off", "摄像头开关"],
  keys_microphone: ["Microphone on or off", "麦克风开关"],
  keys_record: ["Record, stop and save", "开始或停止录制"],
  keys_picture: ["Save a picture", "保存截图"],
  keys_say: ["Speak the text", "朗读文本"],
  keys_switch: ["Single keys", "单键快捷键"],
  performance: ["Performance", "表演数据"],
  unknown_failure: [
    "Something failed without saying what. Try again.",
    "出现未知错误，请重试。",
  ],
  keys_stop: ["Stop speaking and playing", "停止朗读和播放"],
  keys_speak: ["Speak what is typed", "朗读文本框里的内容"],
  keys_help: ["These keys", "显示快捷键"],
  keys_space: ["Space", "空格"],
});
