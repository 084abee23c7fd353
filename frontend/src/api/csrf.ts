let token: string | null = null;

/** The session's answer carries the token; it changes at sign-in. */
export function csrfRemember(value: string): void {
  token = value;
}

export function csrfToken(): string | null {
  return token;
}
