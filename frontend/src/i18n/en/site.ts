/** The site's settings, for its admins; the first read as each user's choice. */
export const site = {
  title: "Settings",
  lead: "What holds for everybody here. A change acts at once and is written down below.",
  save: "Save the settings",
  saved: "The settings are saved.",
  first_read: {
    title: "First read, then reveal",
    text: "The clinician's own call is written down before the model's answer is shown. The server keeps the answer back until then.",
    off: "Off",
    off_text: "The answer is shown as soon as it is there.",
    choice: "Each user's choice",
    choice_text: "Whoever wants it turns it on in their account.",
    all: "For everybody",
    all_text: "Nobody sees an answer, a map or an export before the read is saved.",
  },
  anonymous_use: {
    title: "Use without an account",
    text_one: "Such work belongs to the browser session and is deleted after {{count}} hour.",
    text_other: "Such work belongs to the browser session and is deleted after {{count}} hours.",
    switch: "Images are taken without an account",
    closed_by_server:
      "The server's own configuration (ALLOW_ANONYMOUS) has closed this: it can't be opened here.",
  },
  images: {
    title: "What is stored",
    text: "Without storing, an image is deleted from the server as soon as it is answered, and no browser keeps a copy in its cache. Answers and maps stay; the page that sent an image shows it until it is closed. What was stored before stays.",
    switch: "Images are kept after the answer",
    mask_text:
      "Text in an image (names, dates, numbers) is covered before anyone can see the image; no other copy is kept. It takes about a second an image.",
    mask_switch: "Text in images is covered",
    mask_closed: "The server's own configuration (MASK_TEXT) has turned this off.",
  },
  retention: {
    title: "How long cases are kept",
    text: "Older cases are deleted with their images, maps, reads and pathology, whoever they belong to. The server looks once an hour.",
    days: "Days",
    zero: "0: cases stay until somebody deletes them.",
    confirm_title_one: "Delete what is older than {{count}} day?",
    confirm_title_other: "Delete what is older than {{count}} days?",
    confirm_text_one:
      "Within the hour every case older than {{count}} day is deleted for good, with its files.",
    confirm_text_other:
      "Within the hour every case older than {{count}} days is deleted for good, with its files.",
    confirm: "Keep no longer",
  },
  trust: {
    title: "How sure a set of classes must be",
    text: "A calibrated model names every class that it can't rule out. The higher the level, the more rarely the true class is missing, and the more often the model cannot say. It holds for answers from now on.",
    level: "{{level}} %",
  },
  gate: {
    title: "Where something speaks against an answer",
    text: "An image in the wrong field, one that does not look like ultrasound, or one unlike all that a model learned from: what the page of a case shows first. The mark stays on the answer in either case.",
    ask: "The reason first, the answer after one click",
    beside: "The reason beside the answer",
    refuse: "The reason first; what does not look like ultrasound gets no answer at all",
  },
  language: {
    title: "Language",
    text: "For whoever has chosen none in this browser.",
    browser: "As the browser asks",
    en: "English",
    zh: "简体中文",
  },
  changes: {
    title: "Changes",
    text: "Lines are added, never changed.",
    none: "Nothing has been changed yet.",
    on: "on",
    off: "off",
    kept: "kept",
    days_one: "{{count}} day",
    days_other: "{{count}} days",
  },
  own: {
    title: "First read, then reveal",
    text: "You write down your own call before the model's answer is shown. It counts for what you send from now on.",
    switch: "My own read comes first",
    decided: "This site asks everybody for it.",
  },
};
