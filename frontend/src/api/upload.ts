import { NetworkLost, problemFrom, type ApiProblem } from "@/lib/problem";

import { csrfToken } from "./csrf";

export interface UploadOptions {
  url: string;
  form: FormData;
  headers: Record<string, string>;
  /** 0..1 of the bytes sent. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** A multipart POST with progress, which fetch cannot report. Rejects with ApiProblem, NetworkLost or AbortError. */
export function uploadForm<T>({
  url,
  form,
  headers,
  onProgress,
  signal,
}: UploadOptions): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", url);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.setRequestHeader("X-CSRFToken", csrfToken() ?? "");
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(JSON.parse(xhr.responseText) as T);
      else reject(problemOf(xhr));
    };
    xhr.onerror = () => {
      reject(new NetworkLost());
    };
    signal.addEventListener("abort", () => {
      xhr.abort();
      reject(new DOMException("The upload was stopped.", "AbortError"));
    });
    xhr.send(form);
  });
}

function problemOf(xhr: XMLHttpRequest): ApiProblem {
  let body: unknown = null;
  try {
    body = JSON.parse(xhr.responseText);
  } catch {
    // A proxy's HTML page: the status has to do.
  }
  return problemFrom(xhr.status, body, xhr.getResponseHeader("Retry-After"));
}
