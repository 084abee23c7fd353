import { Alert, Button, Form, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { errorText } from "@/lib/errorText";

import { useReadSave, type OwnRead } from "../api";

import { ClassChoice } from "./ClassChoice";
import styles from "./outcomes.module.css";

const CONFIDENCES = ["low", "medium", "high"] as const;

/** In the answer's place until one's own read is saved; the server withholds the answer meanwhile. */
export function FirstRead({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const own = analysis.owner === (useSession().user?.username ?? null);
  return (
    <section className={styles.read} aria-labelledby="first-read" data-testid="first-read">
      <h2 id="first-read">
        {t("read.title")}{" "}
        <InlineHelp label={t("actions.why")} title={t("read.title")}>
          {t("read.why")}
        </InlineHelp>
      </h2>
      {own ? <ReadForm id={analysis.id} /> : <p>{t("read.others")}</p>}
      <p className={styles.note}>
        <strong>{t("research_use")}</strong>
      </p>
    </section>
  );
}

function ReadForm({ id }: { id: string }) {
  const { t } = useTranslation();
  const save = useReadSave(id);
  const [form] = Form.useForm<OwnRead>();
  const chosen = Form.useWatch([], form) as Partial<OwnRead> | undefined;
  return (
    <Form<OwnRead>
      form={form}
      name="read"
      className={styles.form}
      disabled={save.isPending}
      onFinish={(read) => {
        save.mutate(read);
      }}
    >
      <Form.Item name="class" noStyle>
        <ClassChoice label={t("read.class")} />
      </Form.Item>
      <Form.Item name="confidence" noStyle>
        <Radio.Group aria-label={t("read.confidence")} className={styles.classes}>
          {CONFIDENCES.map((one) => (
            <Radio.Button key={one} value={one}>
              {t(`read.${one}`)}
            </Radio.Button>
          ))}
        </Radio.Group>
      </Form.Item>
      <Button
        type="primary"
        htmlType="submit"
        loading={save.isPending}
        disabled={!chosen?.class || !chosen.confidence}
      >
        {t("read.save")}
      </Button>
      <span className={styles.quiet}>{t("read.final")}</span>
      {save.error && <Alert type="error" showIcon role="alert" title={errorText(save.error, t)} />}
    </Form>
  );
}
