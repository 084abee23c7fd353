import { Popover } from "antd";
import type { ReactNode } from "react";

import styles from "./InlineHelp.module.css";

interface InlineHelpProps {
  label: string;
  title?: string;
  children: ReactNode;
}

/** A small "why?" beside a term; opens on click or Enter. */
export function InlineHelp({ label, title, children }: InlineHelpProps) {
  return (
    <Popover
      trigger="click"
      title={title}
      content={<div className={styles.content}>{children}</div>}
    >
      <button type="button" className={styles.trigger}>
        {label}
      </button>
    </Popover>
  );
}
