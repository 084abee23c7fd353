import type { Analysis, Prediction, Session, SessionUser } from "@/api/types";
import { MODALITIES, type Modality, type Probabilities } from "@/lib/taxonomy";

/** Example objects of the API for tests and for the gallery of page states. */
export const ANALYSIS_ID = "0f0e7c52-9a3b-4f7e-8a52-3f7d2f6f0a11";

export function aSession(change: Partial<Session> = {}): Session {
  return {
    user: null,
    csrf_token: "csrf-of-the-test",
    anonymous_allowed: true,
    idle_sign_out_minutes: 0,
    keep_images: true,
    gate_policy: "ask",
    first_read: { mode: "off", own: false },
    default_language: "browser",
    limits: {
      max_upload_bytes: 50 * 1024 * 1024,
      max_pixels: 40_000_000,
      min_side: 32,
      formats: ["PNG", "JPEG", "BMP", "TIFF", "WebP", "DICOM"],
    },
    modalities: [...MODALITIES],
    classes: ["benign", "lymphoma", "metastatic"],
    ...change,
  };
}

/** A clinician, unless the change says more. */
export function aUser(change: Partial<SessionUser> = {}): SessionUser {
  return {
    id: "user-1",
    username: "l.chen",
    is_staff: false,
    is_superuser: false,
    roles: ["clinician"],
    may: {
      manage_models: false,
      read_model_records: false,
      manage_users: false,
      read_everything: false,
      read_audit: false,
    },
    second_factor: { enabled: false, required: false },
    ...change,
  };
}

export function aModelAdmin(): SessionUser {
  return aUser({
    username: "m.admin",
    roles: ["model_admin"],
    may: {
      manage_models: true,
      read_model_records: true,
      manage_users: false,
      read_everything: false,
      read_audit: false,
    },
  });
}

const ANSWERS: Record<Modality, Probabilities> = {
  "2d": { benign: 0.08, lymphoma: 0.2, metastatic: 0.72 },
  cdfi: { benign: 0.05, lymphoma: 0.11, metastatic: 0.84 },
  elastography: { benign: 0.04, lymphoma: 0.13, metastatic: 0.83 },
};

export function aPrediction(modality: Modality, change: Partial<Prediction> = {}): Prediction {
  const id = `prediction-${modality}`;
  const cam = (name: string) => `/api/v1/predictions/${id}/cam/${name}.png`;
  return {
    id,
    modality,
    state: "succeeded",
    failure: null,
    probabilities: ANSWERS[modality],
    spread: null,
    calibrated: false,
    prediction_set: null,
    set_level: null,
    flags: [],
    text_check: null,
    cams: { benign: null, lymphoma: cam("lymphoma"), metastatic: cam("metastatic") },
    image: `/api/v1/predictions/${id}/image.png`,
    region: null,
    model_version: {
      id: `version-${modality}`,
      name: `demo-${modality}`,
      architecture: "resnet152",
      synthetic: true,
    },
    masking: "off",
    masked_boxes: 0,
    width: 256,
    height: 192,
    source_format: "png",
    frame: 0,
    frame_count: 1,
    scanner_region: null,
    engine: { name: "torch", mode: "exact" },
    timings_ms: { queued: 41, masking: 0, decode: 12, features: 231, cam: 6, total: 312 },
    ...change,
  };
}

export function aWaitingPrediction(modality: Modality, state: "queued" | "running"): Prediction {
  return aPrediction(modality, {
    state,
    probabilities: null,
    cams: null,
    engine: null,
    timings_ms: null,
  });
}

export function anAnalysis(change: Partial<Analysis> = {}): Analysis {
  return {
    id: ANALYSIS_ID,
    state: "succeeded",
    case_label: "N-17",
    owner: null,
    created_at: "2026-11-24T14:02:11Z",
    finished_at: "2026-11-24T14:02:12.100Z",
    queue_position: null,
    predictions: MODALITIES.map((modality) => aPrediction(modality)),
    case_answer: {
      probabilities: { benign: 0.06, lymphoma: 0.14, metastatic: 0.8 },
      method: "log_mean",
      fusion_version: null,
      conflict: false,
      prediction_set: null,
      set_level: null,
    },
    images_kept: true,
    first_read: "not_asked",
    withheld: false,
    research_use_only: true,
    ...change,
  };
}
