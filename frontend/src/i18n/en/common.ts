export const common = {
  app: "CV4LymphNode",
  skip_to_content: "Skip to content",
  main_navigation: "Main",
  classes: { benign: "benign", lymphoma: "lymphoma", metastatic: "metastatic" },
  modalities: {
    "2d": {
      name: "2D",
      long: "2D grey-scale",
      hint: "Longest section, no colour",
    },
    cdfi: {
      name: "CDFI",
      long: "Colour Doppler (CDFI)",
      hint: "Same node, colour box",
    },
    elastography: {
      name: "Elastography",
      long: "Strain elastography",
      hint: "Strain map, colour bar",
    },
  },
  states: {
    queued: "queued",
    running: "running",
    succeeded: "finished",
    partial: "partly finished",
    failed: "failed",
    cancelled: "cancelled",
  },
  nav: {
    new: "New analysis",
    analyses: "My analyses",
    models: "Models",
    about: "About",
    sign_in: "Sign in",
    account: "Account",
    sign_out: "Sign out",
    api_token: "API token",
    to_dark: "Dark theme",
    to_light: "Light theme",
    language: "中文",
    language_label: "Chinese / 中文",
  },
  actions: {
    retry: "Try again",
    cancel: "Cancel",
    delete: "Delete",
    copy: "Copy",
    copied: "Copied",
    why: "why?",
    what: "what is this?",
  },
  synthetic: "SYNTHETIC",
  synthetic_explained:
    "This model version was trained on computer-made phantoms, not on patients. It shows how the tool works; its answers about real images mean nothing.",
  research_use: "Research use only: not for diagnosis",
  synthetic_answer:
    "Demo models trained on synthetic images: the numbers show how the tool works, nothing more",
  offline:
    "No connection. What you typed and dropped stays here; the page goes on when the network is back.",
  unreachable: "The server does not answer. The page keeps trying.",
  not_found: {
    title: "There is nothing here",
    text: "The address may be mistyped, or the analysis was deleted or belongs to somebody else.",
    action: "Start a new analysis",
  },
  crash: {
    title: "This page stopped working",
    text: "Nothing on the server was lost. Load the page again; if it happens again, tell your administrator what you did.",
    action: "Load again",
  },
  loading: "Loading",
};
