import type {
  Answering,
  Comparison,
  ComparisonCase,
  ModelCard,
  ModelCheck,
  ModelVersion,
  ModelVersionBrief,
  VersionEvent,
} from "@/api/types";
import type { Modality } from "@/lib/taxonomy";

/** Example objects of the registry and of comparisons. */
export function aModelVersion(
  modality: Modality,
  change: Partial<ModelVersion> = {},
): ModelVersion {
  return {
    id: `version-${modality}`,
    name: `demo-${modality}`,
    modality,
    architecture: "resnet152",
    state: "active",
    synthetic: true,
    input_size: 192,
    created_at: "2026-11-20T09:00:00Z",
    activated_at: "2026-11-20T09:01:00Z",
    retired_at: null,
    check_passed: true,
    uploaded_by: null,
    ...change,
  };
}

type Three = [number, number, number];
const score = (value: number, low: number, high: number) => ({ value, low, high });

const FINDINGS = [
  ["file_readable", "The file is a whole safetensors file."],
  ["manifest_complete", "The manifest holds every field."],
  ["class_order", "The classes are benign, lymphoma, metastatic, in this order."],
  ["weights_hash", "The weights are those the manifest was written for."],
  ["weights_finite", "Every weight is a finite number."],
  ["architecture_shapes", "The weights fit the architecture resnet152."],
  ["golden_present", "The file carries 3 golden images."],
  ["golden_answers", "The golden images give the stored answers within 0.001."],
  ["map_follows_class", "The map changes with the class that is asked for."],
  ["map_needs_weights", "With random weights the map is another one."],
] as const;

/** A check that passed, with its measurements. */
export function aCheck(change: Partial<ModelCheck> = {}): ModelCheck {
  return {
    state: "passed",
    attempt: 1,
    started_at: "2026-11-20T09:00:05Z",
    finished_at: "2026-11-20T09:00:19Z",
    findings: [
      ...FINDINGS.map(([code, detail]) => ({
        code,
        detail,
        passed: true,
        blocking: true,
        measured: null,
      })),
      {
        code: "latency",
        detail:
          "One image took 212 ms on this machine's processor, 408 ms of its time in 2 threads.",
        passed: true,
        blocking: false,
        measured: { ms: 212 },
      },
      {
        code: "map_audit",
        detail: "Do the maps follow the weights? Yes.",
        passed: true,
        blocking: false,
        measured: null,
      },
      {
        code: "memory",
        detail: "Loaded it holds 223 MiB; the whole check needed 981 MiB at most.",
        passed: true,
        blocking: false,
        measured: { loaded_mib: 223 },
      },
    ],
    ...change,
  };
}

type MapAudit = NonNullable<ModelCard["map_audit"]>;

/** An audit of maps on phantoms in which everything went well. */
export function aMapAudit(change: Partial<MapAudit> = {}): MapAudit {
  const part = (name: MapAudit["parts"][number]["name"], figure: string, ...at: Three) => ({
    name,
    verdict: "passed" as const,
    images: 90,
    figures: { [figure]: score(...at) },
    reason: null,
  });
  return {
    verdict: "passed",
    images: 90,
    source: "90 synthetic phantoms (phantoms-v1:seeds-3000000000-3000000089), none trained on",
    synthetic: true,
    caveat: null,
    parts: [
      part("randomisation", "rank_correlation_all", 0.08, -0.02, 0.19),
      part("curves", "gain", 0.121, 0.094, 0.15),
      part("occlusion", "rank_correlation", 0.46, 0.38, 0.53),
      part("planted_text", "probability_change", 0.008, 0.002, 0.015),
    ],
    ...change,
  };
}

/** The same where the answer follows text in the image. */
export function aTextAudit(): MapAudit {
  const audit = aMapAudit();
  const parts = audit.parts.map((part) =>
    part.name === "planted_text"
      ? {
          ...part,
          verdict: "failed" as const,
          figures: { probability_change: score(0.76, 0.68, 0.83) },
        }
      : part,
  );
  return { ...audit, verdict: "failed", parts };
}

export function aModelCard(modality: Modality, change: Partial<ModelCard> = {}): ModelCard {
  return {
    ...aModelVersion(modality),
    notes: "The demo's own version.",
    format_version: 2,
    class_names: ["benign", "lymphoma", "metastatic"],
    intended_use: "Shows how the software works. Research use only.",
    limits: ["Trained on synthetic phantoms only.", "Its answers about real images mean nothing."],
    licence: "Apache-2.0",
    split_protocol: "fresh phantoms held out",
    dataset_fingerprint: "phantoms-1:7f3a9c",
    training_commit: "1ba71d8",
    trained_at: "2026-11-20T08:50:00Z",
    seed: 17,
    preprocessing_version: "1",
    storage_dtype: "float16",
    metrics: { images: 300, held_out_phantoms: { auc_ovr: 0.944, accuracy: 0.86 } },
    class_scores: [
      {
        name: "benign",
        auc: score(0.96, 0.93, 0.98),
        precision: score(0.9, 0.84, 0.95),
        recall: score(0.92, 0.86, 0.96),
        is_weak: false,
      },
      {
        name: "lymphoma",
        auc: score(0.91, 0.87, 0.94),
        precision: score(0.81, 0.71, 0.89),
        recall: score(0.64, 0.54, 0.73),
        is_weak: true,
      },
      {
        name: "metastatic",
        auc: score(0.96, 0.94, 0.98),
        precision: score(0.83, 0.77, 0.88),
        recall: score(0.94, 0.9, 0.97),
        is_weak: false,
      },
    ],
    known_weaknesses: ["Misses many lymphoma nodes: recall 0.64 (0.54 to 0.73)."],
    calibration:
      "Not calibrated: the numbers are a bare softmax, not how often the answer is right.",
    calibration_figures: null,
    map_audit: aMapAudit(),
    fusion: null,
    check: aCheck(),
    markdown: `/api/v1/models/version-${modality}/card.md`,
    config: { epochs: 12, optimiser: "AdamW" },
    file_bytes: 117_000_000,
    file_sha256: "9c0f".repeat(16),
    tensor_sha256: "17ab".repeat(16),
    ...change,
  };
}

export function aVersionEvent(change: Partial<VersionEvent> = {}): VersionEvent {
  return {
    id: "event-1",
    created_at: "2026-11-20T09:01:00Z",
    action: "activated",
    modality: "2d",
    version: aBrief("demo-2d"),
    from_version: null,
    actor: "m.admin",
    reason: "The first version of the demo.",
    ...change,
  };
}

export function aBrief(name: string, synthetic = true): ModelVersionBrief {
  return { id: `version-${name}`, name, architecture: "resnet152", synthetic };
}

export function anAnswering(at = "2026-11-24T14:00:00Z"): Answering {
  const version = (modality: Modality) => ({
    id: `version-${modality}`,
    name: `demo-${modality}`,
    architecture: "resnet152",
    synthetic: true,
    since: "2026-11-20T09:01:00Z",
    reason: "The first version of the demo.",
  });
  return {
    at,
    versions: {
      "2d": version("2d"),
      cdfi: version("cdfi"),
      elastography: version("elastography"),
      fusion: null,
    },
  };
}

export const COMPARISON_ID = "5b1d6f0e-3f9b-4f60-8f0e-9a5a3a3b0001";

export function aComparison(change: Partial<Comparison> = {}): Comparison {
  return {
    id: COMPARISON_ID,
    state: "finished",
    candidate: aBrief("demo-2d-b"),
    baseline: aBrief("demo-2d"),
    modality: "2d",
    requested_by: "m.admin",
    reason: "Second recipe: is lymphoma found more often?",
    created_at: "2026-11-24T13:00:00Z",
    finished_at: "2026-11-24T13:02:10Z",
    counts: { total: 50, done: 49, failed: 1, agree: 45, changed: 4 },
    agreement: 45 / 49,
    shift: {
      benign: { mean: -0.01, p5: -0.09, p95: 0.06 },
      lymphoma: { mean: 0.05, p5: -0.04, p95: 0.31 },
      metastatic: { mean: -0.04, p5: -0.28, p95: 0.05 },
    },
    latency_ms: { baseline: { median: 212, p95: 260 }, candidate: { median: 228, p95: 301 } },
    confusion: {
      benign: { benign: 17, lymphoma: 1, metastatic: 0 },
      lymphoma: { benign: 0, lymphoma: 8, metastatic: 0 },
      metastatic: { benign: 0, lymphoma: 3, metastatic: 20 },
    },
    outcome: null,
    ...change,
  };
}

export function aComparedCase(change: Partial<ComparisonCase> = {}): ComparisonCase {
  const address = `/api/v1/comparisons/${COMPARISON_ID}/cases/case-1`;
  const cams = (side: string) => ({
    benign: null,
    lymphoma: `${address}/cam/${side}/lymphoma.png`,
    metastatic: `${address}/cam/${side}/metastatic.png`,
  });
  return {
    id: "case-1",
    case_label: "N-17",
    created_at: "2026-11-24T12:02:11Z",
    state: "succeeded",
    answered: {
      class: "metastatic",
      probabilities: { benign: 0.05, lymphoma: 0.4, metastatic: 0.55 },
      version: aBrief("demo-2d"),
    },
    candidate: {
      class: "lymphoma",
      probabilities: { benign: 0.03, lymphoma: 0.71, metastatic: 0.26 },
    },
    changed: true,
    outcome: null,
    image: `${address}/image.png`,
    width: 256,
    height: 192,
    region: null,
    cams: { answered: cams("answered"), candidate: cams("candidate") },
    failure: null,
    ...change,
  };
}
