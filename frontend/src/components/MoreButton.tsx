import { Button } from "antd";
import { useTranslation } from "react-i18next";

interface MoreButtonProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  className?: string;
}

/** The way to a list's next page, where there is one. */
export function MoreButton({ list, className }: MoreButtonProps) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Button
      className={className}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t("analyses.more")}
    </Button>
  );
}
