import type { ReactNode } from "react";

import styles from "./Panel.module.css";

interface PanelProps {
  /** Where links lead (`#id`). */
  id?: string;
  title: string;
  text?: string;
  action?: ReactNode;
  children?: ReactNode;
}

/** One subject of a page of settings: title, a sentence, what can be done. */
export function Panel({ id, title, text, action, children }: PanelProps) {
  return (
    <section id={id} className={styles.panel}>
      <div className={styles.head}>
        <h2>{title}</h2>
        {action}
      </div>
      {text && <p className={styles.text}>{text}</p>}
      {children}
    </section>
  );
}
