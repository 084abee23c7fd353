import { Button, Tooltip, type ButtonProps } from "antd";
import type { ReactNode } from "react";

import styles from "./IconButton.module.css";

interface IconButtonProps extends Pick<ButtonProps, "size" | "disabled"> {
  label: string;
  icon: ReactNode;
  /** For switches: whether it is on. */
  pressed?: boolean;
  onClick?: () => void;
}

/** A button of one sign; its word shows on hover and focus. */
export function IconButton({ label, icon, pressed, onClick, ...look }: IconButtonProps) {
  return (
    <Tooltip title={label}>
      <Button
        type="text"
        className={styles.button}
        aria-label={label}
        aria-pressed={pressed}
        icon={icon}
        onClick={onClick}
        {...look}
      />
    </Tooltip>
  );
}
