/** The words every part agrees on, in the order of the logits. */
export const MODALITIES = ["2d", "cdfi", "elastography"] as const;
export type Modality = (typeof MODALITIES)[number];

/** What a model version answers for: images of one modality, or the case. */
export const VERSION_MODALITIES = [...MODALITIES, "fusion"] as const;
export type VersionModality = (typeof VERSION_MODALITIES)[number];

export const CLASS_NAMES = ["benign", "lymphoma", "metastatic"] as const;
export type ClassName = (typeof CLASS_NAMES)[number];

export type Probabilities = Record<ClassName, number>;

/** The class with the highest probability; the first of CLASS_NAMES among equals. */
export function topClass(probabilities: Probabilities): ClassName {
  return CLASS_NAMES.reduce((best, name) =>
    probabilities[name] > probabilities[best] ? name : best,
  );
}
