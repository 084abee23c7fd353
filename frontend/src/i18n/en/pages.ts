export const pages = {
  analyses: {
    title: "My analyses",
    empty_title: "No analyses yet",
    empty_text: "Your analyses appear here with their answers.",
    anonymous_note:
      "Without an account they belong to this browser and are deleted after 24 hours.",
    nothing_matches: "No analysis is in this state.",
    column: { case: "Case", when: "When", images: "Images", answer: "Answer", state: "State" },
    separator: ", ",
    filter: "State",
    search: "Search a label",
    nothing_found: "No label contains “{{label}}”.",
    all: "all",
    more: "Show more",
    failed: "The list could not be loaded.",
    conflict: "they disagree",
  },
  about: {
    title: "About",
    lead: "CV4LymphNode reads up to three ultrasound images of one enlarged cervical lymph node and says how likely it is benign, lymphoma or metastatic, with a map of what in the image speaks for each.",
    not_device:
      "It is a research tool, not a medical device. It must not be used to diagnose or treat.",
    how_title: "How it works",
    how: {
      upload: "Each image is decoded, freed of all metadata and stored under a random number.",
      model: "A ResNet152 for its kind of image computes features and three probabilities.",
      map: "Grad-CAM shows for each class which parts of the picture speak for it.",
      case: "The case answer averages the images' log-probabilities; each image's own answer stays beside it.",
    },
    map_title: "What a map can and cannot tell",
    map_text:
      "A map shows where this model found support for one class. It is as coarse as the model's last layer, it is not an outline of the node, and a convincing map does not make an answer right.",
    demo_title: "The demo models",
    demo_text:
      "The versions made by the demo are trained on synthetic phantoms only and marked SYNTHETIC everywhere. What they say about a real image has no meaning.",
    paper_title: "The paper",
    paper_text: "This software is an independent implementation of the method of:",
    paper_numbers:
      "586 patients of three hospitals (164 benign, 122 lymphoma, 300 metastatic); mean AUC with pre-training 0.883 (2D), 0.862 (CDFI) and 0.920 (elastography), as the paper reports.",
    links: {
      paper: "Paper (open access)",
      dataset: "Lymph-node data set on Zenodo",
      code: "The authors' code",
      api: "REST documentation",
    },
    sets_title: "Pre-training sets of the paper",
    sets: {
      auli: "AULI: liver, 735 images (200 benign, 435 malignant, 100 normal)",
      ocau: "OCAU: six abdominal organs, 360 images",
      busi: "BUSI: breast, 780 images (437 benign, 210 malignant, 133 normal)",
      ddti: "DDTI: thyroid, 301 images (193 malignant, 108 normal)",
      edcu: "EDCU: heart, 218 images (80 closed, 138 open)",
    },
    privacy_title: "Your images",
    privacy_text:
      "Without an account, images and answers belong to this browser session and are deleted after 24 hours. With an account they are yours until you delete them. Nobody else can open them.",
  },
  errors: {
    network: "The server cannot be reached.",
    server: "The server made a mistake. Nothing was lost; try again.",
    throttled: "Too many requests. Try again in {{seconds}} s.",
    forbidden: "Your account may not do this.",
    unknown: "That did not work: {{detail}}",
  },
};
