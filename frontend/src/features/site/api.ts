import { queryOptions } from "@tanstack/react-query";

import { answer, ownFirstReadUpdate, settingsRetrieve, settingsUpdate } from "@/api/http";
import type { SettingsValues } from "@/api/types";

export const settingsKey = ["settings"] as const;

export const settingsQuery = queryOptions({
  queryKey: settingsKey,
  queryFn: ({ signal }) => answer(settingsRetrieve({ signal, throwOnError: true })),
});

export const settingsSave = (body: Partial<SettingsValues>) =>
  answer(settingsUpdate({ body, throwOnError: true }));

export const ownFirstReadSave = (on: boolean) =>
  answer(ownFirstReadUpdate({ body: { on }, throwOnError: true }));
