import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { Users } from "@/features/users";

import { ForRole } from "../ForRole";

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [making, setMaking] = useState(false);
  return (
    <ForRole may="manage_users">
      <Page
        title={t("users.title")}
        lead={t("users.lead")}
        actions={
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => {
              setMaking(true);
            }}
          >
            {t("users.new")}
          </Button>
        }
      >
        <Users
          self={user?.id ?? ""}
          making={making}
          onMakingEnd={() => {
            setMaking(false);
          }}
        />
      </Page>
    </ForRole>
  );
}
