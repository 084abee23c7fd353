import { InputNumber } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { fitted, type Region, type Size } from "@/lib/region";

import styles from "./region.module.css";

interface RegionFieldsProps {
  size: Size;
  least: number;
  region: Region;
  onChange: (region: Region) => void;
}

const PARTS = ["x", "y", "width", "height"] as const;

/** The region in exact numbers. */
export function RegionFields({ size, least, region, onChange }: RegionFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const most = {
    x: size.width - region.width,
    y: size.height - region.height,
    width: size.width,
    height: size.height,
  };
  return (
    <>
      <div className={styles.fields}>
        {PARTS.map((part) => (
          <div key={part}>
            <label htmlFor={`${id}-${part}`}>{t(`upload.region.parts.${part}`)}</label>
            <InputNumber<number>
              id={`${id}-${part}`}
              className={styles.field}
              min={part === "x" || part === "y" ? 0 : Math.min(least, most[part])}
              max={most[part]}
              precision={0}
              value={region[part]}
              onChange={(value) => {
                if (value !== null) onChange(fitted({ ...region, [part]: value }, size, least));
              }}
            />
          </div>
        ))}
      </div>
      <p className={styles.seen} role="status">
        {t("upload.region.seen", {
          seen: `${region.width} × ${region.height}`,
          whole: `${size.width} × ${size.height}`,
        })}
      </p>
    </>
  );
}
