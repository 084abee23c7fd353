import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sessionQuery } from "@/api/session";
import { Panel } from "@/components/Panel";
import { errorText } from "@/lib/errorText";

import { secondFactorQuery } from "../api";

import { RecoveryCodes } from "./RecoveryCodes";
import { SecondFactorOff } from "./SecondFactorOff";
import { SecondFactorOn } from "./SecondFactorOn";

/** Set up, keep the recovery codes, turn off. */
export function SecondFactorPanel({ username }: { username: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[]>([]);
  const { data: factor, error } = useQuery(secondFactorQuery);

  async function refresh() {
    await client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey }); // what one may follows from it
  }

  return (
    <Panel id="second-factor" title={t("second_factor.title")}>
      {codes.length > 0 ? (
        <RecoveryCodes
          username={username}
          codes={codes}
          onKept={() => {
            setCodes([]);
          }}
        />
      ) : factor ? (
        factor.enabled ? (
          <SecondFactorOn factor={factor} onOff={refresh} />
        ) : (
          <SecondFactorOff
            required={factor.required}
            onOn={(recovery) => {
              setCodes(recovery);
              void refresh();
            }}
          />
        )
      ) : error ? (
        <Alert type="error" showIcon title={errorText(error, t)} />
      ) : (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      )}
    </Panel>
  );
}
