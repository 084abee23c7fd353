import { useInfiniteQuery } from "@tanstack/react-query";
import { Segmented, Skeleton } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Comparison } from "@/api/types";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";
import { CLASS_NAMES } from "@/lib/taxonomy";

import { casesQuery, isOpen } from "./api";
import { CasePair, type MapChoice } from "./CasePair";
import styles from "./Comparison.module.css";

const MAPS: readonly MapChoice[] = ["own", ...CLASS_NAMES, "none"];

/** The cases side by side; those that changed their answer first. */
export function Cases({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const { id, counts } = comparison;
  const [wanted, setWanted] = useState<"changed" | "all">("changed");
  const [map, setMap] = useState<MapChoice>("own");
  const list = useInfiniteQuery(casesQuery(id, wanted === "changed", isOpen(comparison)));
  const cases = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <section aria-labelledby="cases" className={styles.cases}>
      <div className={styles.tools}>
        <h2 id="cases">{t("models.comparison.cases")}</h2>
        <Segmented
          aria-label={t("models.comparison.which_cases")}
          value={wanted}
          onChange={setWanted}
          options={[
            {
              value: "changed",
              label: t("models.comparison.only_changed", { number: counts.changed }),
            },
            { value: "all", label: t("models.comparison.all_cases", { number: counts.total }) },
          ]}
        />
        <Segmented
          aria-label={t("result.viewer.map_of")}
          value={map}
          onChange={setMap}
          options={MAPS.map((value) => ({ value, label: mapLabel(value, t) }))}
        />
      </div>
      <ListFailure list={list} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {list.isSuccess && cases.length === 0 && (
        <p className={styles.quiet}>{t("models.comparison.no_changed")}</p>
      )}
      {cases.map((item) => (
        <CasePair key={item.id} item={item} map={map} candidate={comparison.candidate.name} />
      ))}
      <MoreButton list={list} />
    </section>
  );
}

function mapLabel(map: MapChoice, t: TFunction): string {
  if (map === "own") return t("models.comparison.map_own");
  if (map === "none") return t("models.comparison.map_none");
  return t(`classes.${map}`);
}
