import { useTranslation } from "react-i18next";

import { Page } from "@/components/Page";

import styles from "./pages.module.css";

const STEPS = ["upload", "model", "map", "case"] as const;
const SETS = ["auli", "ocau", "busi", "ddti", "edcu"] as const;
const LINKS = [
  ["paper", "https://doi.org/10.3389/fonc.2025.1542265"],
  ["dataset", "https://zenodo.org/records/12702916"],
  ["code", "https://github.com/heyigacu/cv4lymphnode"],
  ["api", "/api/docs/"],
] as const;

export function Component() {
  const { t } = useTranslation();
  return (
    <Page narrow title={t("about.title")}>
      <div className={styles.about}>
        <section>
          <p className={styles.lead}>{t("about.lead")}</p>
          <p>
            <strong>{t("about.not_device")}</strong>
          </p>
        </section>
        <section>
          <h2>{t("about.how_title")}</h2>
          <ol>
            {STEPS.map((step) => (
              <li key={step}>{t(`about.how.${step}`)}</li>
            ))}
          </ol>
        </section>
        <section>
          <h2>{t("about.map_title")}</h2>
          <p>{t("about.map_text")}</p>
        </section>
        <section>
          <h2>{t("about.demo_title")}</h2>
          <p>{t("about.demo_text")}</p>
        </section>
        <section>
          <h2>{t("about.privacy_title")}</h2>
          <p>{t("about.privacy_text")}</p>
        </section>
        <section>
          <h2>{t("about.paper_title")}</h2>
          <p>{t("about.paper_text")}</p>
          <p className={styles.paper} lang="en">
            Jiang S, Zhang N, Li C, Tong L, Yang X. Application of deep learning based on
            convolutional neural network model in multimodal ultrasound diagnosis of unexplained
            cervical lymph node enlargement. <cite>Frontiers in Oncology</cite> 2025; 15:1542265.
          </p>
          <p>{t("about.paper_numbers")}</p>
          <ul className={styles.links}>
            {LINKS.map(([name, address]) => (
              <li key={name}>
                <a href={address}>{t(`about.links.${name}`)}</a>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>{t("about.sets_title")}</h2>
          <ul>
            {SETS.map((name) => (
              <li key={name}>{t(`about.sets.${name}`)}</li>
            ))}
          </ul>
        </section>
      </div>
    </Page>
  );
}
