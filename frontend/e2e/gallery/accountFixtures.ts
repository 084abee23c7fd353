import type { Route } from "@playwright/test";

import type { SessionUser, Token, User } from "../../src/api/types";
import { aSession, aUser } from "../../src/testing/fixtures";
import { reply } from "../support/fakeApi";

/** Accounts, tokens and answers for the scenes of accounts. */
const RIGHTS = {
  manage_models: false,
  read_model_records: false,
  manage_users: false,
  read_everything: false,
  read_audit: false,
};
const EVERYTHING = {
  manage_models: true,
  read_model_records: true,
  manage_users: true,
  read_everything: true,
  read_audit: true,
};

export const CHIEF = aUser({
  username: "h.lindqvist",
  is_superuser: true,
  is_staff: true,
  may: EVERYTHING,
  second_factor: { enabled: true, required: true },
});
export const AUDITOR = aUser({
  username: "k.audit",
  roles: ["auditor"],
  may: { ...RIGHTS, read_model_records: true, read_everything: true, read_audit: true },
});
export const MODEL_ADMIN_WITHOUT = aUser({
  username: "m.admin",
  roles: ["model_admin"],
  second_factor: { enabled: false, required: true },
});

export const as = (user: SessionUser) => aSession({ user });

export const TOKENS: Token[] = [
  {
    id: "t1",
    name: "Export script on the reading-room PC",
    prefix: "cvln_7Hq2",
    scopes: ["analyses:read"],
    created_at: "2026-10-02T08:00:00Z",
    expires_at: "2027-01-15T08:00:00Z",
    is_expired: false,
    last_used_at: "2026-11-24T13:55:00Z",
  },
  {
    id: "t2",
    name: "PACS bridge",
    prefix: "cvln_Zk91",
    scopes: ["analyses:read", "analyses:write"],
    created_at: "2026-05-02T08:00:00Z",
    expires_at: "2026-08-01T08:00:00Z",
    is_expired: true,
    last_used_at: null,
  },
];

const aListed = (change: Partial<User>): User => ({
  id: change.username ?? "u",
  username: "l.chen",
  email: "",
  roles: ["clinician"],
  is_superuser: false,
  is_active: true,
  has_password: true,
  second_factor_enabled: false,
  date_joined: "2026-01-02T08:00:00Z",
  last_login: "2026-11-24T07:31:00Z",
  ...change,
});

export const USERS: User[] = [
  aListed({
    id: CHIEF.id,
    username: "h.lindqvist",
    email: "h.lindqvist@hospital.example",
    roles: [],
    is_superuser: true,
    second_factor_enabled: true,
  }),
  aListed({ username: "k.audit", roles: ["auditor"] }),
  aListed({ username: "l.chen", email: "l.chen@hospital.example" }),
  aListed({ username: "m.admin", roles: ["model_admin"], second_factor_enabled: true }),
  aListed({ username: "new.resident", has_password: false, last_login: null }),
  aListed({
    username: "a-very-long-user-name.of-a-department-account@ultrasound.hospital.example",
    is_active: false,
    last_login: "2025-03-03T10:00:00Z",
  }),
];

export const page = (results: unknown[]) => ({ next: null, previous: null, results });

const FACTOR = { enabled: false, required: false, recovery_codes_left: 0 };
export const OFF = reply(FACTOR);
export const ON = reply({ enabled: true, required: true, recovery_codes_left: 2 });
const BEGUN = {
  otpauth_uri:
    "otpauth://totp/CV4LymphNode:m.admin?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=CV4LymphNode",
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
};
export const CODES = Array.from({ length: 10 }, (_, index) => `${index}k7m-2xqp-9fh${index}`);

export const beginning = (required: boolean) => (route: Route) =>
  route.request().method() === "POST"
    ? reply(BEGUN, 201)(route)
    : reply({ ...FACTOR, required })(route);
