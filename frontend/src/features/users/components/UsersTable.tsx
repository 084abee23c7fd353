import { useInfiniteQuery } from "@tanstack/react-query";
import { Empty, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { User } from "@/api/types";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";

import { usersQuery, type UserFilter } from "../api";

import { userColumns } from "./columns";
import { UserActions } from "./UserActions";
import styles from "./users.module.css";
import { UserTools } from "./UserTools";

const EVERYBODY: UserFilter = { username: "", role: null, active: null };

interface UsersTableProps {
  self: string;
  onRole: (user: User) => void;
  onLink: (user: User) => void;
  onChanged: () => void;
}

/** Every account, by name, in the server's pages. */
export function UsersTable({ self, onRole, onLink, onChanged }: UsersTableProps) {
  const { t, i18n } = useTranslation();
  const [filter, setFilter] = useState(EVERYBODY);
  const users = useInfiniteQuery(usersQuery(filter));
  const actions = {
    key: "actions",
    title: <span className="visually-hidden">{t("users.column.actions")}</span>,
    width: 56,
    render: (_: unknown, user: User) => (
      <UserActions
        user={user}
        self={user.id === self}
        onRole={() => {
          onRole(user);
        }}
        onLink={() => {
          onLink(user);
        }}
        onChanged={onChanged}
      />
    ),
  };
  return (
    <>
      <UserTools filter={filter} onChange={setFilter} />
      <ListFailure list={users} title={t("users.failed")} />
      {(users.data ?? users.isPending) && (
        <Table<User>
          rowKey="id"
          size="middle"
          columns={[...userColumns(t, i18n.language, self), actions]}
          dataSource={users.data?.pages.flatMap((page) => page.results) ?? []}
          loading={users.isPending || users.isPlaceholderData}
          pagination={false}
          locale={{
            emptyText: users.isSuccess ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("users.nothing_found")} />
            ) : (
              " "
            ),
          }}
        />
      )}
      {users.hasNextPage && (
        <div className={styles.more}>
          <MoreButton list={users} />
        </div>
      )}
    </>
  );
}
