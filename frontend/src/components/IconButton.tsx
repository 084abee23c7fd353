import { Button, Tooltip } from "antd";
import type { ReactNode } from "react";

interface IconButtonProps {
  label: string;
  icon: ReactNode;
  onClick?: () => void;
}

/** A button of one sign; its word shows on hover and focus. */
export function IconButton({ label, icon, onClick }: IconButtonProps) {
  return (
    <Tooltip title={label}>
      <Button type="text" aria-label={label} icon={icon} onClick={onClick} />
    </Tooltip>
  );
}
