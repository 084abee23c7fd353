import type { ReactNode } from "react";

import styles from "./Page.module.css";
import { usePageTitle } from "./usePageTitle";

interface PageProps {
  title: string;
  lead?: string;
  /** For text and forms: a line length that reads well. */
  narrow?: boolean;
  /** Where one goes from here; at the title's right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title and one sentence. */
export function Page({ title, lead, narrow = false, actions, children }: PageProps) {
  usePageTitle(title);
  return (
    <div className={styles.page} data-narrow={narrow || undefined}>
      <div className={styles.top}>
        <h1>{title}</h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <p className={styles.lead}>{lead}</p>
      {children}
    </div>
  );
}
