import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { sessionQuery } from "@/api/session";
import type { ModelCard } from "@/api/types";

import { cardKey, versionUpload, type VersionUpload } from "./api";

const isStop = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/** Sends a version; `share` is the part of it that has left this computer. Leaving the page stops it. */
export function useVersionUpload(onUploaded: (card: ModelCard) => void) {
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const upload = useMutation({
    mutationFn: async (version: VersionUpload) => {
      running.current = new AbortController();
      setShare(0);
      // The token may have changed in another tab: better asked for now than after 200 MB.
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      return versionUpload(version, { onProgress: setShare, signal: running.current.signal });
    },
    onSuccess: (card) => {
      client.setQueryData(cardKey(card.id), card);
      void client.invalidateQueries({ queryKey: ["models", "list"] });
      onUploaded(card);
    },
    onError: (error) => {
      if (isStop(error)) upload.reset();
    },
  });
  return { upload, share, stop: () => running.current?.abort() };
}
