/** Why the registry says no, by the code of the problem. */
export const refusals = {
  pickle_refused: {
    what: "This is a pickle, which can run any code on the server.",
    remedy: "Export the model again as .safetensors: python -m ml export.",
  },
  not_safetensors: {
    what: "This is not a safetensors file.",
    remedy: "Choose the .safetensors file that python -m ml export wrote.",
  },
  truncated: {
    what: "The file ends too early.",
    remedy: "Copy it again, compare its size with the original, then upload it once more.",
  },
  header_too_large: {
    what: "The file's header is larger than any real one.",
    remedy: "Export the checkpoint again; if it stays so, do not trust the file.",
  },
  wrong_hash: {
    what: "The file is not the one that was meant: its sha256 differs.",
    remedy: "Copy the file and its sha256 again from where it was made.",
  },
  manifest_missing: {
    what: "The file holds weights but does not say what they are.",
    remedy: "Export it with python -m ml export, which writes the manifest.",
  },
  manifest_incomplete: {
    what: "The manifest lacks something it must say.",
    remedy: "Fill in what is missing and export the checkpoint again.",
  },
  manifest_invalid: {
    what: "The manifest says something it must not.",
    remedy: "Put it right and export the checkpoint again.",
  },
  trust_invalid: {
    what: "What the file says about calibration and likeness can't be used.",
    remedy: "Export the checkpoint again with python -m ml export.",
  },
  audit_invalid: {
    what: "What the file says about its maps can't be used.",
    remedy: "Audit it again with python -m ml audit --write, or export it anew.",
  },
  fusion_invalid: {
    what: "What the file says about joining modalities can't be used.",
    remedy: "Make the fusion again with the ml of this release.",
  },
  format_version: {
    what: "The checkpoint was written for another release.",
    remedy: "Export it again with the ml of this release.",
  },
  preprocessing_version: {
    what: "The model was trained with another preprocessing than this release does.",
    remedy: "Train or export it with this release.",
  },
  unknown_architecture: {
    what: "This release does not know the model's architecture.",
    remedy: "Use one of the known architectures, or a release that knows this one.",
  },
  unknown_modality: {
    what: "The model is for a kind of image that is not read here.",
    remedy: "Its manifest must name 2d, cdfi or elastography.",
  },
  wrong_classes: {
    what: "The model's classes are not benign, lymphoma, metastatic in this order.",
    remedy: "Answers would carry wrong names: train it with these classes in this order.",
  },
  duplicate: {
    what: "The same weights are already here.",
    remedy: "Use the version that is there; it need not be uploaded again.",
  },
  too_large: {
    what: "The file is larger than this server takes.",
    remedy: "Export it with half precision, or ask the operator to raise the limit.",
  },
  disk_full: {
    what: "The server's disk is full. Nothing was stored.",
    remedy: "Ask the operator to make room, then upload it again.",
  },
  storage_error: {
    what: "The server could not store the file. Nothing was kept.",
    remedy: "Try again; if it happens again, tell the operator.",
  },
  upload_interrupted: {
    what: "The upload broke off. Nothing was stored.",
    remedy: "Upload it again.",
  },
  not_checked: {
    what: "This version has not passed its check.",
    remedy: "Wait for the check, or have it checked again.",
  },
  active: {
    what: "This version answers now.",
    remedy: "Activate another one first.",
  },
  retired: {
    what: "This version is retired, and that is final.",
    remedy: "Upload it again if it is needed.",
  },
  check_under_way: {
    what: "This version is being checked.",
    remedy: "Wait until the check has ended.",
  },
  no_weights: {
    what: "The weights of this rejected version were deleted.",
    remedy: "Upload the corrected file as a new version.",
  },
  nothing_to_compare: {
    what: "No image of this kind has been answered yet.",
    remedy: "Compare once there are results.",
  },
  not_comparable: {
    what: "A fusion answers no image, so there is nothing to compare.",
    remedy: "Compare versions that answer images.",
  },
  already_finished: {
    what: "This comparison has ended already.",
    remedy: "Load the page again to see its figures.",
  },
};
