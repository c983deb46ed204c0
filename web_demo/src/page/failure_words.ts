/** What failures say in Chinese, by code; the package says them in English. */

import type { Code } from "../failures";

const TYPE_OR_DROP = "也可以直接输入主播要说的话，或拖入一个音频文件。";
const FROM_ORIGIN = "请重新导出主播，或从原处重新复制一份。";
const AGAIN = "请重新复制或导出主播。";
const UPGRADE = "请升级：`pip install --upgrade keras-anchor`。";
const OTHER_SPEECH = "`keras-anchor demo --install-espeak`，或改用浏览器自带的语音。";

export const CHINESE: Readonly<Record<Code, string>> = {
  file_unreachable: "无法访问 {url}。它的服务器（如 `keras-anchor demo`）还在运行吗？",
  file_missing: "找不到 {url}（状态码 {status}）。{remedy}",
  file_not_given:
    "服务器未能提供 {url}（状态码 {status}）；原因写在服务器的运行窗口里。",
  file_not_json: "{url} 不是 JSON 文件。{remedy}",
  file_too_large: "{url} 超过 {limit} GB，主播不会这么大。{remedy}",
  file_cut_off: "{url} 只收到一部分：连接中断了。请重新加载。",
  page_opened_as_file:
    "直接以文件方式打开的网页无法读取主播。请用 `keras-anchor demo` 打开，或用 `python -m http.server` 提供它所在的文件夹。",
  remedy_name: "请给出主播文件夹的地址，或其 zip 压缩包的地址。",
  remedy_make: "请给出主播文件夹的地址；可用 `keras-anchor export` 生成主播。",
  remedy_copy: `主播缺少这个文件。${AGAIN}`,
  remedy_listener: "请重新启动 `keras-anchor demo`，或把该文件夹复制到网页旁边。",
  remedy_tracker:
    "请用 `keras-anchor demo` 打开网页，或把 `tracker` 和 `mediapipe` 文件夹复制到网页旁边。",

  the_file: "该文件",
  anchor_newer: `{place} 中的主播版本为 {version}，本页最高支持版本 {known}。${UPGRADE}`,
  anchor_damaged: `{place}/anchor.json 已损坏（{reason}）。${FROM_ORIGIN}`,
  lacks: "缺少 {name}",
  json_damaged: `{place}/{path} 已损坏（{reason}）。${FROM_ORIGIN}`,
  path_outside:
    "{place} 引用了主播之外的文件 `{path}`。请不要使用这个主播：它不是由 `keras-anchor export` 生成的。",
  hash_missing: "{place} 的 `anchor.json` 中没有 `{path}` 的 sha256。请重新导出主播。",
  hash_differs: `{place} 中的 \`{path}\` 不是当初导出的文件：它的 sha256 与 \`anchor.json\` 不符。${AGAIN}`,
  controls_damaged:
    "{place}/controls.json 已损坏：每个控制项都应有 name、low、high 和 neutral。请重新导出主播。",
  zip_without_anchor:
    "{place} 不是主播：里面没有 `anchor.json`。可用 `keras-anchor export` 生成主播。",
  zip_lacks_file: `{place} 中的主播缺少 \`{path}\`。${AGAIN}`,
  zip_too_large:
    "{name} 解压后超过 {limit} GB，主播不会这么大。如果你信任它，请自行解压。",
  zip_damaged: `{name} 不是主播（{reason}）：应为含有 \`anchor.json\` 的 zip 压缩包或文件夹。${AGAIN}`,
  zip_misplaced: "`{path}` 不在目录所说的位置",
  zip_no_zip: "文件不是 zip 压缩包",
  zip_directory: "它的目录不完整",
  zip_locked: "`{path}` 设有密码",
  zip_method: "`{path}` 的压缩方式为 {method}，无法解压",
  zip_broken: "`{path}`：{reason}",
  zip_overfull: "内容比它声明的多",
  zip_cut_off: "`{path}` 不完整",

  no_format:
    "主播 {name} 没有此浏览器能运行的格式。它有 {formats}；请重新导出 web 和 tfjs 格式，或换用较新的浏览器。",
  format_missing:
    "主播 `{name}` 没有此渲染方式所需的 {format} 格式。它有 {formats}。请重新导出以补上该格式。",
  parts_newer: `{path} 的版本为 {version}，本页最高支持版本 {known}。${UPGRADE}`,
  backend_unknown: "没有名为 {name} 的渲染方式。可选：{known}。",
  rendering_failed:
    "用 {label} 渲染失败了 {count} 次（{reason}）。请重新加载页面，或换用其他渲染方式，例如 litert。",
  renderer_ended: "负责渲染的后台线程已终止。",
  gpu_lost: "显卡连接已丢失。",
  gpu_missing: "此浏览器不支持 WebGL2。",
  gpu_without_floats: "此显卡不支持绘制浮点图像。",
  backend_fails: "此浏览器无法启动 TF.js 的 {name} 渲染方式。",
  no_canvas: "此浏览器无法在这块画布上绘图。",

  microphone_refused: `麦克风权限被拒绝。请点击地址栏左侧，允许本页使用麦克风，然后重试。${TYPE_OR_DROP}`,
  microphone_missing: `没有找到麦克风。请插上麦克风后重试。${TYPE_OR_DROP}`,
  microphone_busy: `无法读取麦克风：可能被其他程序占用，或者已被关闭。请关闭占用它的程序后重试。${TYPE_OR_DROP}`,
  microphone_forbidden: `本页不能使用麦克风。请在单独的标签页中打开。${TYPE_OR_DROP}`,
  microphone_fails: `麦克风无法启动：{reason}。${TYPE_OR_DROP}`,
  microphone_gone: "麦克风已断开。请插好后重新打开。",
  microphone_insecure: `浏览器只允许 https 地址和 localhost 使用麦克风。请用这样的地址打开本页。${TYPE_OR_DROP}`,
  microphone_rate: `麦克风与扬声器的采样率不同，此浏览器无法聆听。请在系统声音设置中把两者设为相同，或使用 Chrome。${TYPE_OR_DROP}`,
  hearing_insecure:
    "此浏览器只允许 https 地址或 localhost 的网页聆听声音。请用这样的地址打开本页。",
  hearing_fails:
    "聆听无法启动（{reason}）。请重新加载页面，或换用较新的浏览器；也可以直接输入主播要说的话。",
  hearing_stopped: "聆听中断了（{reason}）。请重新加载页面。",
  worker_unloaded: "它的文件未能加载",
  sound_needs_click:
    "浏览器要求先点击页面，才能播放和聆听声音。请点击页面任意处，然后重试。",
  sound_unplayed: "音频无法播放：{reason}。请重新选择文件。",
  sound_unknown:
    "{name} 不是此浏览器能播放的音频。请另存为 WAV、MP3、Ogg 或 M4A，再拖进来。",

  camera_refused: "摄像头权限被拒绝。请在地址栏旁允许使用摄像头，然后重试。",
  camera_forbidden: "此浏览器禁止在这里使用摄像头。请在浏览器设置中允许，然后重试。",
  camera_missing: "没有找到摄像头。请插上摄像头后重试。",
  camera_unplugged: "所选的摄像头已不在。请另选一个。",
  camera_busy: "摄像头正被其他程序占用。请关闭那个程序后重试。",
  camera_stuck: "摄像头没有启动。请拔下后重新插好，再重试。",
  camera_fails: "无法打开摄像头（{reason}）。请换一个摄像头，或者不使用摄像头。",
  camera_insecure:
    "本页不能使用摄像头：地址不安全。请用 https:// 地址或 http://localhost 打开。",
  camera_silent: "摄像头没有画面。请打开镜头盖，或关闭其他正在使用它的程序，然后重试。",
  camera_gone: "摄像头已断开。请插好，或重新授权，然后再次打开。",
  camera_off_while_starting: "摄像头在启动时被关闭了。请重新打开。",
  camera_off_meanwhile: "摄像头被关闭了。请打开后再试。",
  camera_off: "摄像头未打开。请先打开，再校准。",
  calibration_anew: "已重新开始校准。",
  calibration_faceless: "没有看到人脸。请坐到摄像头前，让光照到脸上，再试一次。",
  tracker_fails: "表情识别无法运行：{reason} {remedy}",
  tracker_unloaded: "它的文件未能加载。",
  tracker_stopped: "它已被停止。",

  voice_none:
    "这里没有可用的声音。请用 `keras-anchor demo --install-espeak` 安装一个，或在自带语音的浏览器中打开本页。",
  voice_none_server:
    '服务器上没有声音。请安装：`pip install "keras-anchor[speech]"`，然后重新启动 `keras-anchor demo`。',
  voice_none_espeak: `网页旁没有 espeak-ng 声音。请安装：${OTHER_SPEECH}`,
  voice_none_browser: "浏览器没有自带的声音。请换一种声音，或在系统设置中添加语音。",
  voice_unknown: "这里没有名为 `{name}` 的声音。可选：{known}。",
  espeak_missing: `espeak-ng 无法加载。请重新安装：${OTHER_SPEECH}`,
  espeak_broken: `espeak-ng 无法加载（{reason}）。请重新安装：${OTHER_SPEECH}`,
  browser_voice_silent: "浏览器的声音没有开始。请换一种声音。",
  browser_voice_fails: "浏览器的声音出错了（{reason}）。请换一种声音。",
  server_voice_unreachable: "无法连接服务器的声音。`keras-anchor demo` 还在运行吗？",
  server_voice_fails: "服务器的声音出错了（状态码 {status}）。",
  server_voice_cut_off: "服务器的声音中断了。请重试。",
  speech_needs_click:
    "浏览器要求先点击页面或按任意键，才能发出声音。请先操作一下，然后再朗读。",
  letter_unknown:
    "只能朗读英文和中文，却遇到了字符 `{letter}`。这里没有能读这种文字的声音：请删去它，或改用浏览器自带的声音。",
  text_without_letters:
    "需要含有文字或数字的内容，收到的是{text}。请输入主播要说的话。",
  nothing: "空白",
  voice_finds_nothing: "`{text}` 中没有可以读出来的内容。",

  the_script: "文稿",
  script_place: "{name}第 {line} 行第 {column} 列",
  script_without_text: "{name}没有可朗读的内容：需要含有文字或数字，却什么也没有。",
  script_without_letters:
    "{name}没有可朗读的内容：需要含有文字或数字，收到的是 {text}。",
  chapter_empty: "{name}第 {line} 行：章节 {title} 没有内容。请补上内容，或删去它。",
  bracket_unclosed:
    "{place}：方括号 `[` 在这一行没有闭合。指令写作 `[nod]`，要读出的方括号写作 `\\[`。",
  bracket_unopened:
    "{place}：方括号 `]` 没有对应的开头。指令写作 `[nod]`，要读出的方括号写作 `\\]`。",
  bracket_wide: "{place}：收到的是 {found}。指令要用半角方括号：`[{name} …]`。",
  cue_empty: "{place}：方括号里是空的。{known}",
  cue_unknown: "{place}：`[{text}]` 不是指令。{hint}{known}",
  cue_wrong: "{place}：`[{text}]` 有误。{reason}",
  cues_known: "可用的指令：{known}。要读出的方括号写作 `\\[`。",
  did_you_mean: "你是想写 `{close}` 吗？",
  pause_wrong: "应为不超过 {limit} 的秒数，例如 `[pause 0.5]`，收到的是 {text}。",
  choice_wrong: "应为{what}，收到的是 {text}。{hint}可用：{known}。",
  a_mood: "一种情绪",
  a_look: "要看的方向",
  cue_surplus: "这个指令后面不应有内容，收到的是 {text}。",
  cue_voice_unknown: "没有名为 {text} 的声音。可选：{known}。",
  lower_third_nameless: "应为 `[lower-third 姓名，身份]`，但 {text} 里没有姓名。",
  chapter_untitled: "应有标题，例如 `[chapter 天气]`。",
  title_too_long: "最多显示 {limit} 个字符，收到的有 {length} 个。",

  the_csv: "该 CSV",
  csv_no_text: "{name} 不是 CSV。应为文本：第一行是控制项的名称，之后每帧一行数字。",
  csv_no_rows: "{name} 没有数据：应有一行表头，之后每帧一行。收到的是{found}。",
  header_alone: "只有表头",
  csv_unknown: "{name} 含有未知的控制项 {unknown}。可用：{known}。",
  csv_twice: "{name} 中以下控制项不止一列：{controls}。",
  csv_rate: "每秒应为 {low} 到 {high} 帧，而 {name} 是 {fps} 帧。",
  csv_infinite: "{name} 中有并非有限值的数字。",
  csv_no_number: "{name} 中有一行不是数字：{found}。",
  too_few_numbers: "数字不够",
};
