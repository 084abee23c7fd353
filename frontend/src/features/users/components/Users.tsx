import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { User } from "@/api/types";

import { usersKey } from "../api";

import { LinkDialog } from "./LinkDialog";
import { NewUserDialog } from "./NewUserDialog";
import { RoleDialog } from "./RoleDialog";
import { UsersTable } from "./UsersTable";

type Open = { name: "role" | "link"; user: User } | null;

interface UsersProps {
  /** The id of one's own account. */
  self: string;
  making: boolean;
  onMakingEnd: () => void;
}

/** The list of accounts with the dialogs that change them. */
export function Users({ self, making, onMakingEnd }: UsersProps) {
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const refresh = () => void client.invalidateQueries({ queryKey: usersKey });
  const close = () => {
    setOpen(null);
  };
  return (
    <>
      <UsersTable
        self={self}
        onRole={(user) => {
          setOpen({ name: "role", user });
        }}
        onLink={(user) => {
          setOpen({ name: "link", user });
        }}
        onChanged={refresh}
      />
      {making && (
        <NewUserDialog
          onClose={onMakingEnd}
          onMade={(user) => {
            onMakingEnd();
            refresh();
            setOpen({ name: "link", user });
          }}
        />
      )}
      {open?.name === "role" && (
        <RoleDialog
          user={open.user}
          onClose={close}
          onChanged={() => {
            refresh();
            close();
          }}
        />
      )}
      {open?.name === "link" && <LinkDialog user={open.user} onClose={close} />}
    </>
  );
}
