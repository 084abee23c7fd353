import { Slider } from "antd";

import styles from "./Toolbar.module.css";

interface PercentSliderProps {
  label: string;
  value: number;
  disabled: boolean;
  onChange: (value: number) => void;
}

/** 0..1 in steps of a twentieth, named and shown in per cent. */
export function PercentSlider({ label, value, disabled, onChange }: PercentSliderProps) {
  return (
    <div className={styles.slider}>
      <span className={styles.name}>{label}</span>
      <Slider
        min={0}
        max={1}
        step={0.05}
        value={value}
        disabled={disabled}
        ariaLabelForHandle={label}
        tooltip={{ formatter: (share) => `${Math.round((share ?? 0) * 100)} %` }}
        onChange={onChange}
      />
    </div>
  );
}
