import { Fragment, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "@/api/session";
import { formatBytes } from "@/lib/format";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { sentShares } from "../api";
import { useDraft } from "../DraftProvider";
import { useArrivals } from "../useArrivals";
import { useExamples } from "../useExamples";
import { useIncomingFiles } from "../useIncomingFiles";
import { useSubmit, type OnAccepted, type Submitter } from "../useSubmit";

import { Chooser } from "./Chooser";
import { LabelField } from "./LabelField";
import { Notice } from "./Notice";
import { SlotCard } from "./SlotCard";
import { SubmitBar } from "./SubmitBar";
import { SwapButton } from "./SwapButton";
import { Tips } from "./Tips";
import styles from "./UploadForm.module.css";

const RegionDialog = lazy(async () => ({
  default: (await import("../region/RegionDialog")).RegionDialog,
}));
const PickDialog = lazy(async () => ({ default: (await import("./PickDialog")).PickDialog }));

type Arrivals = ReturnType<typeof useArrivals>;

/** Three slots, a label, one Submit. Files may be dropped or pasted anywhere on the page. */
export function UploadForm({ onAccepted }: { onAccepted: OnAccepted }) {
  const submitter = useSubmit(onAccepted);
  const { locked, forget } = submitter;
  const arrivals = useArrivals(locked, forget);
  const examples = useExamples(forget);
  const dragging = useIncomingFiles((arrival) => void arrivals.takeAnywhere(arrival));
  const { candidates, outcome, pick, dismiss } = arrivals;
  return (
    <div className={styles.form} data-dragging={dragging || undefined}>
      <Intro dragging={dragging} locked={locked} arrivals={arrivals} />
      <Slots submitter={submitter} onArrival={arrivals.takeInSlot} />
      <Notice outcome={outcome} examplesFailed={examples.failed} locked={locked} />
      <div className={styles.details}>
        <LabelField locked={locked} />
        <Tips />
      </div>
      <SubmitBar submitter={submitter} examples={examples} />
      <Suspense>
        {candidates && <PickDialog candidates={candidates} onPick={pick} onClose={dismiss} />}
      </Suspense>
    </div>
  );
}

interface IntroProps {
  dragging: boolean;
  locked: boolean;
  arrivals: Arrivals;
}

function Intro({ dragging, locked, arrivals }: IntroProps) {
  const { t } = useTranslation();
  const { limits, keep_images: kept } = useSession();
  return (
    <header className={styles.intro}>
      <div>
        <h1>{t("upload.title")}</h1>
        <p>{dragging ? t("upload.drop_anywhere") : t("upload.lead")}</p>
        <p>{t("upload.formats", { size: formatBytes(limits.max_upload_bytes) })}</p>
        {!kept && <p>{t("upload.not_kept")}</p>}
        <Link to="/batches">{t("batches.link")}</Link>
      </div>
      <Chooser locked={locked} onArrival={(arrival) => void arrivals.takeAnywhere(arrival)} />
    </header>
  );
}

interface SlotsProps {
  submitter: Submitter;
  onArrival: Arrivals["takeInSlot"];
}

function Slots({ submitter: { state, locked }, onArrival }: SlotsProps) {
  const { draft } = useDraft();
  const [cropped, setCropped] = useState<Modality | null>(null);
  const share = { sending: 0, accepted: 1, waiting: 0, idle: null, failed: null }[state.phase];
  const sent =
    share === null ? {} : sentShares(draft, state.phase === "sending" ? state.share : share);
  return (
    <div className={styles.slots}>
      {MODALITIES.map((modality, index) => {
        const next = MODALITIES[index + 1];
        return (
          <Fragment key={modality}>
            <SlotCard
              modality={modality}
              locked={locked}
              sent={sent[modality]}
              onArrival={onArrival}
              onCrop={setCropped}
            />
            {next && <SwapButton left={modality} right={next} locked={locked} />}
          </Fragment>
        );
      })}
      <Suspense>
        {cropped && (
          <RegionDialog
            modality={cropped}
            onClose={() => {
              setCropped(null);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
