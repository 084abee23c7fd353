import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { InlineHelp } from "./InlineHelp";

interface FigureProps {
  name: string;
  value: string;
  note: ReactNode;
  help?: string;
}

/** One number with its name and what belongs to it, in a `<dl>`; the list gives it its looks. */
export function Figure({ name, value, note, help }: FigureProps) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>
        {name}{" "}
        {help && (
          <InlineHelp label={t("actions.what")} title={name}>
            {help}
          </InlineHelp>
        )}
      </dt>
      <dd>
        <strong>{value}</strong>
        <small>{note}</small>
      </dd>
    </div>
  );
}
