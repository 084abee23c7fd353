import { Form, InputNumber, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";

import type { SettingsShown } from "@/api/types";
import { Panel } from "@/components/Panel";

import styles from "./site.module.css";

interface Bounds {
  bounds: SettingsShown["bounds"];
}

const MODES = ["off", "choice", "all"] as const;
const POLICIES = ["ask", "beside", "refuse"] as const;
const LEVELS = [80, 85, 90, 95, 99] as const;
const LANGUAGES = ["browser", "en", "zh"] as const;

export function FirstReadPanel() {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.first_read.title")} text={t("site.first_read.text")}>
      <Form.Item name="first_read" noStyle>
        <Radio.Group className={styles.choices} aria-label={t("site.first_read.title")}>
          {MODES.map((mode) => (
            <Radio key={mode} value={mode}>
              {t(`site.first_read.${mode}`)}
              <small className={styles.quiet}>{t(`site.first_read.${mode}_text`)}</small>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </Panel>
  );
}

export function AccessPanel({ bounds }: Bounds) {
  const { t } = useTranslation();
  return (
    <Panel
      title={t("site.anonymous_use.title")}
      text={t("site.anonymous_use.text", { count: bounds.anonymous_hours })}
    >
      <div className={styles.row}>
        <Form.Item
          name="anonymous_use"
          valuePropName="checked"
          getValueProps={(on: boolean) => ({ checked: on && bounds.anonymous_use })}
          noStyle
        >
          <Switch aria-label={t("site.anonymous_use.switch")} disabled={!bounds.anonymous_use} />
        </Form.Item>
        <span aria-hidden>{t("site.anonymous_use.switch")}</span>
      </div>
      {!bounds.anonymous_use && (
        <p className={styles.warning}>{t("site.anonymous_use.closed_by_server")}</p>
      )}
    </Panel>
  );
}

export function ImagesPanel({ bounds }: Bounds) {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.images.title")} text={t("site.images.text")}>
      <div className={styles.row}>
        <Form.Item name="keep_images" valuePropName="checked" noStyle>
          <Switch aria-label={t("site.images.switch")} />
        </Form.Item>
        <span aria-hidden>{t("site.images.switch")}</span>
      </div>
      <p className={styles.quiet}>{t("site.images.mask_text")}</p>
      <div className={styles.row}>
        <Form.Item
          name="mask_text"
          valuePropName="checked"
          getValueProps={(on: boolean) => ({ checked: on && bounds.mask_text })}
          noStyle
        >
          <Switch aria-label={t("site.images.mask_switch")} disabled={!bounds.mask_text} />
        </Form.Item>
        <span aria-hidden>{t("site.images.mask_switch")}</span>
      </div>
      {!bounds.mask_text && <p className={styles.warning}>{t("site.images.mask_closed")}</p>}
    </Panel>
  );
}

export function RetentionPanel({ bounds }: Bounds) {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.retention.title")} text={t("site.retention.text")}>
      <Form.Item
        name="retention_days"
        label={t("site.retention.days")}
        extra={t("site.retention.zero")}
        className={styles.item}
      >
        <InputNumber min={0} max={bounds.retention_days} precision={0} className={styles.number} />
      </Form.Item>
    </Panel>
  );
}

export function TrustPanel() {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.trust.title")} text={t("site.trust.text")}>
      <Form.Item name="set_level" noStyle>
        <Radio.Group aria-label={t("site.trust.title")}>
          {LEVELS.map((level) => (
            <Radio key={level} value={level}>
              {t("site.trust.level", { level })}
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </Panel>
  );
}

export function GatePanel() {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.gate.title")} text={t("site.gate.text")}>
      <Form.Item name="gate_policy" noStyle>
        <Radio.Group className={styles.choices} aria-label={t("site.gate.title")}>
          {POLICIES.map((policy) => (
            <Radio key={policy} value={policy}>
              {t(`site.gate.${policy}`)}
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </Panel>
  );
}

export function LanguagePanel() {
  const { t } = useTranslation();
  return (
    <Panel title={t("site.language.title")} text={t("site.language.text")}>
      <Form.Item name="default_language" noStyle>
        <Radio.Group aria-label={t("site.language.title")}>
          {LANGUAGES.map((language) => (
            <Radio key={language} value={language}>
              {t(`site.language.${language}`)}
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
    </Panel>
  );
}
