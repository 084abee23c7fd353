export const upload = {
  title: "One lymph node, up to three images",
  lead: "Drop them anywhere, click a field, or paste. One is enough; more tell more.",
  drop: "Drop, click or paste",
  drop_here: "Drop here",
  drop_anywhere: "Drop the images: they are sorted into their fields",
  formats: "PNG, JPEG, TIFF, BMP, WebP or DICOM, up to {{size}}",
  choose: "Choose the {{modality}} image",
  preview_of: "The {{modality}} image you chose",
  no_preview:
    "{{format}} file, ready to send. Browsers cannot show this format: you will see it with the answer.",
  checking: "Reading the file",
  replace: "Replace",
  remove: "Remove",
  move: "Move",
  move_to: "Move to {{modality}}",
  swap_with: "Swap with {{modality}}",
  sorted:
    "Sorted by their colours. Check each field: drag an image to another field if it is in the wrong one.",
  too_many: "Only three images fit: {{count}} were left out.",
  label: "Case label",
  label_hint: "A pseudonym such as N-17. No names, no dates of birth.",
  label_warning: {
    name: "This looks like a person's name. Use a pseudonym instead.",
    date: "This looks like a date. A date of birth or examination may identify a person.",
    number: "This looks like a patient number. Use a pseudonym instead.",
  },
  tips_title: "What makes a good image",
  tips: {
    node: "The node fills about a third of the picture and lies fully inside it.",
    freeze: "The original frame from the scanner, not a photograph of its screen.",
    box: "CDFI: colour box over the whole node, gain just below noise.",
    strain: "Elastography: the strain map of the same section, quality bar steady.",
    text: "Names and dates burned into the picture are cut away before you upload.",
  },
  submit: "Submit",
  submit_some_one: "Submit the other one",
  submit_some_other: "Submit the other two",
  nothing_yet: "Add at least one image.",
  examples: "Use example images",
  examples_failed: "The example images could not be loaded.",
  sending: "Sending {{percent}} %",
  starting: "Received. Opening the answer",
  connection_lost: "The connection was lost while sending. Nothing was sent twice.",
  retrying_in: "Connection lost: trying again by itself.",
  stop_sending: "Stop",
  busy: "The server is busy. Your images are kept here: try again in {{seconds}} s.",
  format_name_unknown: "Unknown",
  problems: {
    unsupported_format: {
      what: "This file type is not accepted.",
      remedy: "Export the frame from the scanner as PNG, JPEG or DICOM.",
    },
    not_an_image: {
      what: "This file is not an image.",
      remedy: "Choose the image that the scanner exported.",
    },
    animated: {
      what: "This file holds an animation or several pages.",
      remedy: "Save the one frame that shows the node.",
    },
    empty_file: {
      what: "The file is empty.",
      remedy: "Export it again from the scanner or archive.",
    },
    truncated: {
      what: "The file ends too early.",
      remedy: "It was not copied completely: copy or export it again.",
    },
    corrupt: {
      what: "The file is damaged.",
      remedy: "Open it on the scanner or archive and export it again.",
    },
    no_pixel_data: {
      what: "This DICOM file holds no picture.",
      remedy: "Choose the image object of the study, not a report.",
    },
    too_large: {
      what: "The file is larger than the server accepts.",
      remedy: "Send a single frame instead of a whole film.",
    },
    too_many_pixels: {
      what: "The picture has more pixels than the server accepts.",
      remedy: "Export it at the scanner's own resolution.",
    },
    too_small: {
      what: "The picture is too small to be judged.",
      remedy: "Use the original frame; each side needs at least {{side}} pixels.",
    },
    too_complex: {
      what: "The file is built in a way no scanner builds it.",
      remedy: "Export it again as PNG.",
    },
    frame_out_of_range: {
      what: "The film has no such frame.",
      remedy: "Choose a frame within the film.",
    },
    frame_not_offered: {
      what: "Only a DICOM film has frames to choose from.",
      remedy: "Send the image without a frame number.",
    },
    other: {
      what: "The server could not use this file.",
      remedy: "Export it again or choose another.",
    },
  },
};
