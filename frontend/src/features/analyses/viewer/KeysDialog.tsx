import { Modal, Switch } from "antd";
import { useTranslation } from "react-i18next";

import styles from "./viewer.module.css";

const KEYS = [
  ["classes", ["1", "2", "3"]],
  ["own", ["A"]],
  ["modes", ["I", "B", "M"]],
  ["opacity", ["[", "]"]],
  ["threshold", [",", "."]],
  ["colours", ["C"]],
  ["outline", ["R"]],
  ["boxes", ["T"]],
  ["zoom", ["+", "−", "0"]],
  ["pan", ["←", "→", "↑", "↓"]],
  ["layout", ["S"]],
  ["next", ["N"]],
  ["full", ["F"]],
  ["help", ["?"]],
] as const;

const GESTURES = ["wheel", "drag", "double", "pinch"] as const;

interface KeysDialogProps {
  open: boolean;
  onClose: () => void;
  /** Single keys disturb some speech input: they can be switched off. */
  enabled: boolean;
  onEnable: (enabled: boolean) => void;
}

export function KeysDialog({ open, onClose, enabled, onEnable }: KeysDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal title={t("result.keys.title")} open={open} onCancel={onClose} footer={null} width={520}>
      <label className={styles.keysSwitch}>
        <Switch size="small" checked={enabled} onChange={onEnable} />
        {t("result.keys.enabled")}
      </label>
      <dl className={styles.keys}>
        {KEYS.map(([name, keys]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`result.keys.${name}`)}</dd>
          </div>
        ))}
        {GESTURES.map((name) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{t(`result.gestures.${name}.how`)}</dt>
            <dd>{t(`result.gestures.${name}.what`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
