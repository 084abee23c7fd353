import { useState } from "react";

import { ApiProblem } from "@/lib/problem";

import { useSignIn, type Credentials } from "../api";

import { CodeStep } from "./CodeStep";
import { PasswordStep } from "./PasswordStep";

interface SignInFormProps {
  /** Whose password is asked for, where that is known. */
  username?: string;
  onSignedIn?: () => void;
}

/** Name and password; then a code, where the account has a second factor. */
export function SignInForm({ username = "", onSignedIn }: SignInFormProps) {
  const signIn = useSignIn();
  const [filled, setFilled] = useState<Credentials>({ username, password: "" });
  const [asksCode, setAsksCode] = useState(false);

  function send(credentials: Credentials) {
    setFilled({ username: credentials.username, password: credentials.password });
    signIn.mutate(credentials, {
      onSuccess: onSignedIn,
      onError: (error) => {
        if (error instanceof ApiProblem) setAsksCode(asksCodeAfter(error, asksCode));
      },
    });
  }

  const shared = { error: signIn.error, pending: signIn.isPending };
  if (!asksCode) return <PasswordStep {...shared} filled={filled} onSubmit={send} />;
  return (
    <CodeStep
      {...shared}
      username={filled.username}
      onSubmit={(code) => {
        send({ ...filled, code });
      }}
      onBack={() => {
        signIn.reset();
        setAsksCode(false);
      }}
    />
  );
}

/** The password may have been changed while the code was looked up: then back to it. */
function asksCodeAfter({ code }: ApiProblem, before: boolean): boolean {
  return code === "second_factor_required" || (before && code !== "wrong_credentials");
}
