import { useState, type ReactNode } from "react";

import styles from "./DropArea.module.css";

interface DropAreaProps {
  /** Id of the file input among the children: a click chooses. */
  htmlFor: string;
  icon: ReactNode;
  title: string;
  hint: string;
  filled?: boolean;
  missing?: boolean;
  onDrop: (transfer: DataTransfer) => void;
  /** The hidden file input. */
  children: ReactNode;
}

/** A place to drop files, or to choose them by a click or a key. */
export function DropArea({ htmlFor, icon, title, hint, onDrop, children, ...is }: DropAreaProps) {
  const [over, setOver] = useState(false);
  return (
    <label
      className={styles.drop}
      htmlFor={htmlFor}
      data-over={over || undefined}
      data-filled={is.filled || undefined}
      data-missing={is.missing || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer);
      }}
    >
      <span className={styles.sign}>{icon}</span>
      <span className={styles.words}>
        <strong>{title}</strong>
        <small>{hint}</small>
      </span>
      {children}
    </label>
  );
}
