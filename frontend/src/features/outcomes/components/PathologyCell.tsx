import { Alert, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Pathologies, PathologyEntry } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { usePathologySave, type NewPathology } from "../api";

import { ClassChoice } from "./ClassChoice";
import { ClassWord } from "./ClassWord";
import styles from "./outcomes.module.css";

interface PathologyCellProps {
  id: string;
  shown: Pathologies;
  changes: boolean;
}

/** What pathology found, or the way to enter it. */
export function PathologyCell({ id, shown, changes }: PathologyCellProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const entry = shown.entries[0];
  return (
    <div className={styles.cell} data-testid="pathology">
      <span className={styles.quiet}>{t("pathology.title")}</span>
      {entry ? <Entry entry={entry} /> : <span>{t("pathology.unknown")}</span>}
      {(changes || shown.entries.length > 1) && (
        <Button
          size="small"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t(entry ? "pathology.correct" : "pathology.enter")}
        </Button>
      )}
      {open && (
        <PathologyDialog
          id={id}
          shown={shown}
          changes={changes}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

function Entry({ entry }: { entry: PathologyEntry }) {
  return (
    <>
      <ClassWord name={entry.class} />
      <time className={styles.quiet} dateTime={entry.reported_on}>
        {entry.reported_on}
      </time>
      {entry.note && <q className={styles.reason}>{entry.note}</q>}
    </>
  );
}

function PathologyDialog({
  id,
  shown,
  changes,
  onClose,
}: PathologyCellProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<NewPathology>();
  const save = usePathologySave(id);
  const today = new Date().toLocaleDateString("sv"); // that country writes dates as ISO 8601 does
  return (
    <Modal
      open
      title={t("pathology.dialog")}
      okText={t("pathology.save")}
      okButtonProps={{ hidden: !changes }}
      cancelText={t("actions.cancel")}
      confirmLoading={save.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      {changes && (
        <Form
          form={form}
          name="pathology"
          layout="vertical"
          requiredMark={false}
          initialValues={{ reported_on: today, note: "" }}
          onFinish={(fields) => {
            save.mutate(fields, { onSuccess: onClose });
          }}
        >
          <Form.Item
            name="class"
            label={t("pathology.class")}
            rules={[{ required: true, message: t("pathology.class_missing") }]}
          >
            <ClassChoice label={t("pathology.class")} />
          </Form.Item>
          <Form.Item
            name="reported_on"
            label={t("pathology.date")}
            rules={[{ required: true, message: t("pathology.date_missing") }]}
          >
            <Input type="date" max={today} className={styles.date} />
          </Form.Item>
          <Form.Item name="note" label={t("pathology.note")} extra={t("pathology.no_names")}>
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </Form>
      )}
      {save.error && <Alert type="error" showIcon role="alert" title={errorText(save.error, t)} />}
      <History entries={shown.entries} />
    </Modal>
  );
}

function History({ entries }: { entries: PathologyEntry[] }) {
  const { t, i18n } = useTranslation();
  if (entries.length === 0) return null;
  return (
    <>
      <h3 className={styles.historyTitle}>{t("pathology.history")}</h3>
      <ol className={styles.history} data-testid="pathology-history">
        {entries.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} />
            <span className={styles.quiet}>
              {t("pathology.entered", {
                moment: formatMoment(entry.created_at, i18n.language),
                author: entry.author ?? t("pathology.nobody"),
              })}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
