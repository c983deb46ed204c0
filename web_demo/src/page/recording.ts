/** The sheet Record: films, pictures and performances to keep. */

import { resume } from "../hearing/resume";
import { writeCsv } from "../performance";
import type { VirtualAnchor } from "../virtual_anchor";
import {
  build,
  buildButton,
  buildField,
  buildOption,
  buildSwitch,
  describe,
  find,
  setWords,
  worded,
} from "./elements";
import type { History } from "./history";
import { attempt, complain, notify } from "./notices";
import { buildPaper, type Look, paint, type Shape, shapes, sizeOf } from "./paint";
import { BITS_PER_SECOND, findType, keepsAlpha, Recorder } from "./recorder";
import { copyText, nameFile, save, spellSeconds } from "./saving";
import type { Scene } from "./scene";
import { Complaint, onLanguage, say } from "./words";

const MEGABYTES_A_MINUTE = Math.round((BITS_PER_SECOND * 60) / 8e6);

export interface Recording {
  readonly element: HTMLElement;
  /** Starts, or stops and saves. */
  toggle(): void;
  takePicture(): void;
  /** Saves what is being recorded. */
  end(): Promise<void>;
}

export function buildRecording(
  anchor: VirtualAnchor,
  scene: Scene,
  history: History,
): Recording {
  const { name, size } = anchor.info;
  const type = findType();
  const shape = buildShapes(size);
  const buildSheet = () => buildPaper(sizeOf(shape.value as Shape, size));
  const button = buildButton("record", "primary record");
  button.id = "record";
  const note = build("p", "hint");
  const alphaNote = build("p", "hint");
  const { element: markSwitch, input: mark } = buildSwitch("mark_switch", "mark_hint");
  mark.checked = !find("mark").hidden;
  const look = (): Look => ({ canvas: anchor.canvas, scene, hasMark: mark.checked });
  let recorder: Recorder | null = null;

  mark.addEventListener("change", () => {
    find("mark").hidden = !mark.checked;
  });

  async function start() {
    if (!type) throw new Complaint("record_missing");
    const hasSound = await startsSound(anchor.sound);
    const context = buildSheet();
    recorder = new Recorder(
      anchor,
      context.canvas,
      type,
      () => paint(context, look()),
      (error) => {
        complain(error);
        end();
      },
    );
    shape.disabled = true;
    setWords(button, "record_stop");
    showTime();
    notify(hasSound ? "recording" : "recording_silent");
  }

  async function end() {
    const ending = recorder;
    recorder = null;
    if (!ending) return;
    const film = await ending.stop();
    shape.disabled = false;
    setWords(button, "record");
    find("timer").hidden = true;
    if (!film.size) return complain(new Complaint("record_empty"));
    const file = nameFile(name, film.type.includes("mp4") ? "mp4" : "webm");
    save(film, file);
    notify("recorded", { name: file });
  }

  function showTime() {
    if (!recorder) return;
    find("timer").hidden = false;
    find("timer").textContent = spellSeconds(recorder.seconds);
    setTimeout(showTime, 250);
  }

  const toggle = () => {
    attempt(button, recorder ? end : start);
  };
  const takePicture = () => {
    attempt(picture, async () => {
      const context = buildSheet();
      paint(context, look());
      const file = nameFile(name, "png");
      save(await toPng(context.canvas), file);
      notify("recorded", { name: file });
    });
  };

  // What is not saved yet is lost with the page.
  addEventListener("beforeunload", (event) => {
    if (recorder) event.preventDefault();
  });
  button.addEventListener("click", toggle);
  const picture = buildButton("screenshot");
  picture.id = "screenshot";
  picture.addEventListener("click", takePicture);
  onLanguage(() => {
    note.textContent = say("record_hint", { megabytes: String(MEGABYTES_A_MINUTE) });
  });
  scene.onChange = () => {
    alphaNote.hidden = !scene.isTransparent || !type;
    setWords(alphaNote, keepsAlpha(type ?? "") ? "record_alpha" : "record_no_alpha");
  };
  scene.onChange();
  const element = build("div", "");
  element.append(
    buildField("shape", shape),
    build("div", "actions", button, picture),
    type ? note : worded("p", "hint", "record_missing"),
    alphaNote,
    markSwitch,
    worded("h2", "", "performance"),
    ...buildCopying(anchor, history),
  );
  return { element, toggle, takePicture, end };
}

/** Firefox lets nothing sound where the device has no loudspeaker, and waits for ever. */
function startsSound(sound: AudioContext): Promise<boolean> {
  return resume(sound).then(
    () => true,
    () => false,
  );
}

function buildCopying(anchor: VirtualAnchor, history: History): HTMLElement[] {
  const seconds = build("input");
  seconds.type = "number";
  seconds.min = "1";
  seconds.max = "120";
  seconds.value = "10";
  const button = buildButton("copy_performance");
  button.id = "copy";
  button.addEventListener("click", () => {
    attempt(button, async () => {
      const now = performance.now() / 1000;
      const length = Math.min(Math.max(seconds.valueAsNumber || 1, 1), 120);
      const taken = history.take(now, length, anchor.info.fps);
      await copyText(writeCsv(taken, anchor.schema));
      notify("copied", { count: String(taken.controls.length) });
    });
  });
  const row = build("div", "fields", buildField("seconds", seconds), button);
  row.classList.add("with-button");
  return [row, describe(button, "performance_hint")];
}

function buildShapes(size: number): HTMLSelectElement {
  const select = build("select");
  select.id = "shape";
  onLanguage(() => {
    const chosen = select.value || "square";
    const options = shapes.map((name) =>
      buildOption(name, `${say(`shape_${name}`)} ${sizeOf(name, size).join(" × ")}`),
    );
    select.replaceChildren(...options);
    select.value = chosen;
  });
  return select;
}

async function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Complaint("picture_unwritten");
  return blob;
}
