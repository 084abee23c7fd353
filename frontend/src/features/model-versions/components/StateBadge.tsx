import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  InboxOutlined,
  LoadingOutlined,
  PlayCircleFilled,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { VersionState } from "@/api/types";

import styles from "./StateBadge.module.css";

const ICONS: Record<VersionState, ReactNode> = {
  uploaded: <ClockCircleOutlined />,
  checking: <LoadingOutlined />,
  checked: <CheckCircleOutlined />,
  rejected: <CloseCircleOutlined />,
  active: <PlayCircleFilled />,
  retired: <InboxOutlined />,
};

/** A version's state as a sign and a word. */
export function StateBadge({ state = "uploaded" }: { state: VersionState | undefined }) {
  const { t } = useTranslation();
  return (
    <span className={styles.badge} data-state={state} data-testid="version-state">
      {ICONS[state]} {t(`models.state.${state}`)}
    </span>
  );
}
