import { ShareAltOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ShareLink } from "@/api/types";
import { CopyField } from "@/components/CopyField";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { shareCreate, shareRevoke, sharesQuery } from "../api";

import styles from "./ShareButton.module.css";

const DAYS = [1, 7, 30, 90];

/** Links for colleagues with an account: made, listed, revoked. */
export function ShareButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        type="text"
        icon={<ShareAltOutlined />}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("shares.action")}
      </Button>
      <Modal
        open={open}
        title={t("shares.title")}
        footer={null}
        destroyOnHidden
        onCancel={() => {
          setOpen(false);
        }}
      >
        <p className={styles.quiet}>{t("shares.text")}</p>
        <NewLink id={id} />
        <h3 className={styles.heading}>{t("shares.list")}</h3>
        <Links id={id} />
      </Modal>
    </>
  );
}

function NewLink({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [days, setDays] = useState(7);
  const make = useMutation({
    mutationFn: () => shareCreate(id, days),
    onError: (error) => void message.error(errorText(error, t)),
    onSettled: () => client.invalidateQueries({ queryKey: sharesQuery(id).queryKey }),
  });
  return (
    <>
      <div className={styles.new}>
        <Select
          aria-label={t("shares.lasts")}
          value={days}
          options={DAYS.map((count) => ({ value: count, label: t("shares.days", { count }) }))}
          onChange={setDays}
        />
        <Button
          type="primary"
          loading={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          {t("shares.make")}
        </Button>
      </div>
      {make.data && (
        <div role="status">
          <CopyField
            // The token is behind the #: browsers send it to no server, so no log holds it.
            text={`${window.location.origin}/shared#${make.data.token}`}
            label={t("shares.link")}
          />
          <p className={styles.quiet}>{t("shares.once")}</p>
        </div>
      )}
    </>
  );
}

function Links({ id }: { id: string }) {
  const { t } = useTranslation();
  const links = useQuery(sharesQuery(id));
  if (links.isPending) return <Skeleton active title={false} paragraph={{ rows: 1 }} />;
  if (!links.data) return <p role="alert">{errorText(links.error, t)}</p>;
  if (links.data.length === 0) return <p className={styles.quiet}>{t("shares.none")}</p>;
  return (
    <ul className={styles.links}>
      {links.data.map((link) => (
        <LinkRow key={link.id} id={id} link={link} />
      ))}
    </ul>
  );
}

function LinkRow({ id, link }: { id: string; link: ShareLink }) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => shareRevoke(id, link.id),
    onError: (error) => void message.error(errorText(error, t)),
    onSettled: () => client.invalidateQueries({ queryKey: sharesQuery(id).queryKey }),
  });
  const names = link.opened_by.join(t("analyses.separator"));
  return (
    <li>
      <span>
        {t("shares.ends", { when: formatMoment(link.expires_at, i18n.language) })}
        <span className={styles.quiet}>
          {" · "}
          {names ? t("shares.opened", { names }) : t("shares.nobody")}
        </span>
      </span>
      <Button
        danger
        type="text"
        loading={revoke.isPending}
        onClick={() => {
          revoke.mutate();
        }}
      >
        {t("shares.revoke")}
      </Button>
    </li>
  );
}
