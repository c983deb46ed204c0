/** What failures say in English, by code; `{name}` is a blank. */

const TYPE_OR_DROP = "You can type what the anchor is to say, or drop a sound file.";
const OTHER_SPEECH = "--install-espeak`, or choose your browser's own speech.";
const FROM_ORIGIN = "Export the anchor again, or copy it again from where it came.";
const AGAIN = "Copy or export the anchor again.";
const UPGRADE = "Upgrade it: `pip install --upgrade keras-anchor`.";

/** What only a developer can cause has no code: it is a plain `Error`. */
export const SENTENCES = {
  // Files.
  file_unreachable:
    "{url} cannot be reached. Is its server, such as `keras-anchor demo`, running?",
  file_missing: "There is no {url} (status {status}). {remedy}",
  file_not_given:
    "The server failed to give {url} (status {status}); it says why where it runs.",
  file_not_json: "{url} is not JSON. {remedy}",
  file_too_large: "{url} is larger than {limit} GB, which no anchor is. {remedy}",
  file_cut_off: "{url} arrived in part only: the connection broke. Load it again.",
  page_opened_as_file:
    "A page that was opened as a file cannot read an anchor. Open it with `keras-anchor demo`, or serve its folder: `python -m http.server`.",
  remedy_name: "Name the address of an anchor's folder, or of a zip of one.",
  remedy_make:
    "Name the address of an anchor's folder; `keras-anchor export` makes one.",
  remedy_copy: `It is missing from the anchor. ${AGAIN}`,
  remedy_listener:
    "Start `keras-anchor demo` again, or copy the folder beside the page.",
  remedy_tracker:
    "Start the page with `keras-anchor demo`, or copy the folders `tracker` and `mediapipe` beside it.",

  // Anchors.
  the_file: "The file",
  anchor_newer: `The anchor in {place} has version {version}, and this page reads versions up to {known}. ${UPGRADE}`,
  anchor_damaged: `{place}/anchor.json is damaged ({reason}). ${FROM_ORIGIN}`,
  lacks: "it has no {name}",
  json_damaged: `{place}/{path} is damaged ({reason}). ${FROM_ORIGIN}`,
  path_outside:
    "{place} names `{path}`, which lies outside the anchor. Don't use this anchor: it was not made by `keras-anchor export`.",
  hash_missing:
    "`anchor.json` in {place} lists no sha256 for `{path}`. Export the anchor again.",
  hash_differs: `\`{path}\` in {place} is not the file that was exported: its sha256 differs from \`anchor.json\`. ${AGAIN}`,
  controls_damaged:
    "{place}/controls.json is damaged: expected controls with name, low, high and neutral. Export the anchor again.",
  zip_without_anchor:
    "{place} is no anchor: it has no `anchor.json`. Make one with `keras-anchor export`.",
  zip_lacks_file: `\`{path}\` is missing from the anchor in {place}. ${AGAIN}`,
  zip_too_large:
    "{name} unpacks to more than {limit} GB, which no anchor does. Unzip it yourself if you trust it.",
  zip_damaged: `{name} is no anchor ({reason}): expected a zip or a folder with \`anchor.json\`. ${AGAIN}`,
  zip_misplaced: "`{path}` is not where its directory says",
  zip_no_zip: "File is not a zip file",
  zip_directory: "its directory is cut off",
  zip_locked: "`{path}` has a password",
  zip_method: "`{path}` is packed by method {method}",
  zip_broken: "`{path}`: {reason}",
  zip_overfull: "it holds more than it says",
  zip_cut_off: "`{path}` is cut off",

  // Rendering.
  no_format:
    "The anchor {name} has no format that this browser can run. It has {formats}; export its run again with the formats web and tfjs, or use a newer browser.",
  format_missing:
    "The anchor `{name}` has no format {format}, which this backend needs. It has {formats}. Export its run again to add it.",
  parts_newer: `{path} has version {version}, and this page reads versions up to {known}. ${UPGRADE}`,
  backend_unknown: "Unknown backend {name}. Known: {known}.",
  rendering_failed:
    "Rendering by {label} failed {count} times ({reason}) Load the page again, or choose another backend, such as litert.",
  renderer_ended: "The worker that renders ended.",
  gpu_lost: "The GPU was lost.",
  gpu_missing: "This browser has no WebGL2.",
  gpu_without_floats: "This GPU draws no float pictures.",
  backend_fails: "This browser cannot start TF.js' backend {name}.",
  no_canvas: "This browser cannot draw on this canvas.",

  // The microphone and sound.
  microphone_refused: `The microphone was refused. Allow it for this page, at the left of the browser's address, and try again. ${TYPE_OR_DROP}`,
  microphone_missing: `There is no microphone. Plug one in and try again. ${TYPE_OR_DROP}`,
  microphone_busy: `The microphone cannot be read: another program may use it, or it is switched off. Close that program and try again. ${TYPE_OR_DROP}`,
  microphone_forbidden: `This page may not use the microphone. Open it in a tab of its own. ${TYPE_OR_DROP}`,
  microphone_fails: `The microphone does not start: {reason}. ${TYPE_OR_DROP}`,
  microphone_gone: "The microphone is gone. Plug it in and start again.",
  microphone_insecure: `Browsers give the microphone only to https addresses and to localhost. Open the page there. ${TYPE_OR_DROP}`,
  microphone_rate: `This browser cannot listen at the sample rate of its loudspeakers. Set both to the same in the system's sound settings, or use Chrome. ${TYPE_OR_DROP}`,
  hearing_insecure:
    "This browser lets a page hear only at https addresses or at localhost. Open the page there.",
  hearing_fails:
    "Listening does not start ({reason}). Load the page again or use a newer browser; or type what the anchor is to say.",
  hearing_stopped: "Listening stopped working ({reason}). Load the page again.",
  worker_unloaded: "its file did not load",
  sound_needs_click:
    "The browser plays and hears sound only after a click. Click anywhere on the page and try again.",
  sound_unplayed: "The sound does not play: {reason}. Choose the file again.",
  sound_unknown:
    "{name} is no sound that this browser can play. Save it as WAV, MP3, Ogg or M4A and drop it again.",

  // The camera.
  camera_refused:
    "The camera was refused. Allow it beside the page's address, then try again.",
  camera_forbidden:
    "This browser forbids cameras here. Allow them in its settings, then try again.",
  camera_missing: "No camera was found. Plug one in, then try again.",
  camera_unplugged: "The chosen camera is gone. Choose another one.",
  camera_busy:
    "The camera is in use by another program. Close that one, then try again.",
  camera_stuck:
    "The camera did not start. Unplug it and plug it in again, then try again.",
  camera_fails:
    "The camera cannot be opened ({reason}). Try another one, or go on without a camera.",
  camera_insecure:
    "This page may not use a camera: its address is not secure. Open it by https:// or as http://localhost.",
  camera_silent:
    "The camera gives no picture. Open its cover, or close what else uses it, then try again.",
  camera_gone: "The camera is gone. Plug it in, or allow it again, then turn it on.",
  camera_off_while_starting:
    "The camera was turned off while it started. Turn it on again.",
  camera_off_meanwhile: "The camera was turned off. Turn it on, then again.",
  camera_off: "The camera is off. Turn it on, then calibrate.",
  calibration_anew: "Calibration started anew.",
  calibration_faceless:
    "No face was seen. Sit before the camera, with light on your face, then again.",
  tracker_fails: "The face tracker does not run: {reason} {remedy}",
  tracker_unloaded: "its file did not load.",
  tracker_stopped: "it was stopped.",

  // Voices.
  voice_none:
    "There is no voice here. Add one with `keras-anchor demo --install-espeak`, or open this page in a browser that has voices.",
  voice_none_server: `This page's server has no voice. Install one, \`pip install "keras-anchor[speech]"\`, and start \`keras-anchor demo\` again.`,
  voice_none_espeak: `The voice espeak-ng is not beside this page. Add it with \`keras-anchor demo ${OTHER_SPEECH}`,
  voice_none_browser:
    "Your browser has no voices of its own. Choose another engine, or add voices in your system's settings.",
  voice_unknown: "There is no voice `{name}` here. Known: {known}.",
  espeak_missing: `espeak-ng could not be loaded. Add it again with \`keras-anchor demo ${OTHER_SPEECH}`,
  espeak_broken: `espeak-ng could not be loaded. Add it again with \`keras-anchor demo ${OTHER_SPEECH} ({reason})`,
  browser_voice_silent: "Your browser's voice does not begin. Choose another engine.",
  browser_voice_fails: "Your browser's voice failed ({reason}). Choose another engine.",
  server_voice_unreachable:
    "The server's voice cannot be reached. Is `keras-anchor demo` still running?",
  server_voice_fails: "The server's voice failed (status {status}).",
  server_voice_cut_off: "The server's voice broke off. Try again.",
  speech_needs_click:
    "The browser keeps sound off until you click or press a key on this page. Do that, then speak again.",
  letter_unknown:
    "Expected English or Chinese, received the letter `{letter}`. No voice here reads its script: leave it out, or choose a voice of your browser.",
  text_without_letters:
    "Expected text with letters or digits, received {text}. Type what the anchor is to say.",
  nothing: "nothing",
  voice_finds_nothing: "The voice finds nothing to say in `{text}`.",

  // Scripts, as `keras_anchor/script/parse.py` words them.
  the_script: "script",
  script_place: "{name}, line {line}, column {column}",
  script_without_text:
    "{name} has nothing to say: expected text with letters or digits, found none.",
  script_without_letters:
    "{name} has nothing to say: expected text with letters or digits, received {text}.",
  chapter_empty:
    "{name}, line {line}: the chapter {title} holds no text. Write some, or remove it.",
  bracket_unclosed:
    "{place}: the bracket `[` is not closed on its line. A cue is written `[nod]`, a bracket that is read out `\\[`.",
  bracket_unopened:
    "{place}: the bracket `]` closes nothing. A cue is written `[nod]`, a bracket that is read out `\\]`.",
  bracket_wide:
    "{place}: found {found}. Cues stand in plain square brackets: `[{name} …]`.",
  cue_empty: "{place}: found empty brackets. {known}",
  cue_unknown: "{place}: found `[{text}]`, which is no cue.{hint} {known}",
  cue_wrong: "{place}: found `[{text}]`. {reason}",
  cues_known: "Known: {known}. A bracket that is read out is written `\\[`.",
  did_you_mean: " Did you mean `{close}`?",
  pause_wrong:
    "Expected seconds up to {limit}, such as `[pause 0.5]`, received {text}.",
  choice_wrong: "Expected {what}, received {text}.{hint} Known: {known}.",
  a_mood: "a mood",
  a_look: "where to look",
  cue_surplus: "Expected nothing more, received {text}.",
  cue_voice_unknown: "Unknown voice {text}. Known: {known}.",
  lower_third_nameless:
    "Expected `[lower-third Name, role]`, received no name in {text}.",
  chapter_untitled: "Expected a title, such as `[chapter Weather]`.",
  title_too_long: "Expected at most {limit} characters to show, received {length}.",

  // Performances.
  the_csv: "The CSV",
  csv_no_text:
    "{name} is no CSV. Expected text: control names, then one row of numbers a frame.",
  csv_no_rows:
    "{name} has no rows: expected a header and one row a frame. Received {found}.",
  header_alone: "a header alone",
  csv_unknown: "{name} has unknown controls {unknown}. Known: {known}.",
  csv_twice: "{name} has more than one column of the controls {controls}.",
  csv_rate: "Expected {low} to {high} frames a second in {name}, received {fps}.",
  csv_infinite: "{name} holds numbers that are not finite.",
  csv_no_number: "{name} holds a row that is not numbers: {found}.",
  too_few_numbers: "too few numbers",
} as const;
