import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { SettingsShown } from "@/api/types";
import { Panel } from "@/components/Panel";
import { formatMoment } from "@/lib/format";

import styles from "./site.module.css";

type Change = SettingsShown["changes"][number];

/** Who changed which setting, from what to what; newest first. */
export function ChangesList({ changes }: { changes: Change[] }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel title={t("site.changes.title")} text={t("site.changes.text")}>
      {changes.length === 0 ? (
        <p className={styles.quiet}>{t("site.changes.none")}</p>
      ) : (
        <ol className={styles.changes} data-testid="settings-changes">
          {changes.map((change) => (
            <li key={change.id}>
              <time dateTime={change.created_at} className={styles.quiet}>
                {formatMoment(change.created_at, i18n.language)}
              </time>
              <span>{change.actor}</span>
              <span>
                {fieldText(change.field, t)}: {valueText(change.field, change.old, t)} →{" "}
                <strong>{valueText(change.field, change.new, t)}</strong>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function fieldText(field: string, t: TFunction): string {
  if (field === "retention_days") return t("site.retention.title");
  if (field === "first_read") return t("site.first_read.title");
  if (field === "anonymous_use") return t("site.anonymous_use.title");
  if (field === "set_level") return t("site.trust.title");
  if (field === "gate_policy") return t("site.gate.title");
  if (field === "keep_images") return t("site.images.switch");
  if (field === "mask_text") return t("site.images.mask_switch");
  return field === "default_language" ? t("site.language.title") : field;
}

function valueText(field: string, value: unknown, t: TFunction): string {
  if (typeof value === "boolean") return t(value ? "site.changes.on" : "site.changes.off");
  if (field === "retention_days") {
    return value === 0 ? t("site.changes.kept") : t("site.changes.days", { count: Number(value) });
  }
  if (field === "set_level") return t("site.trust.level", { level: Number(value) });
  if (value === "ask" || value === "beside" || value === "refuse")
    return t(`site.gate.${value}`);
  if (value === "off" || value === "choice" || value === "all")
    return t(`site.first_read.${value}`);
  if (value === "browser" || value === "en" || value === "zh") return t(`site.language.${value}`);
  return String(value);
}
