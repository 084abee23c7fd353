import { MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";

import type { SessionUser } from "@/api/types";
import { IconButton } from "@/components/IconButton";
import { AccountMenu } from "@/features/auth";
import { languageSwitch } from "@/i18n";

import styles from "./AppLayout.module.css";
import { pagesFor } from "./pages";
import { useTheme } from "./ThemeProvider";

interface HeaderProps {
  user: SessionUser | null;
  /** False until it is known who is here, and after a session that has ended. */
  ready: boolean;
  ended: boolean;
}

export function Header({ user, ready, ended }: HeaderProps) {
  const { t, i18n } = useTranslation();
  const { theme, toggle } = useTheme();
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.brand}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        {t("app")}
      </Link>
      <nav aria-label={t("main_navigation")} className={styles.nav}>
        {!ended &&
          pagesFor(user).map(({ path, name }) => (
            <NavLink key={path} to={path} end={path === "/"}>
              {t(`nav.${name}`)}
            </NavLink>
          ))}
      </nav>
      <div className={styles.tools}>
        <Button
          type="text"
          aria-label={t("nav.language_label")}
          onClick={() => void languageSwitch(i18n.language === "zh" ? "en" : "zh")}
        >
          {t("nav.language")}
        </Button>
        <IconButton
          label={t(theme === "dark" ? "nav.to_light" : "nav.to_dark")}
          icon={theme === "dark" ? <SunOutlined /> : <MoonOutlined />}
          onClick={toggle}
        />
        {ready && !ended && <AccountMenu />}
      </div>
    </header>
  );
}
